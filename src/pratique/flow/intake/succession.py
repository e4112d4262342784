"""The order in which messages speak: in one run the newest word stands, whatever the order in which files were given.

In: a joined manifest, its messages in the order of the files. Out: the same manifest with messages that speak of the
same thing in succession, and a finding for each that was given before one it follows. Messages that have nothing to do
with one another keep their order, and so do those of which nothing says which is newer.

One message follows another when it names it as the one it replaces. Else the later time of issue follows, where every
message that speaks of the same thing has one; else (and at the same time) the function decides: an original first, then
additions, changes, replacements, deletions and cancellations (EDIFACT 1225).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from pratique.flow.intake.told import findings_of
from pratique.vocabulary.frames import SCHEMAS, Manifest

ORIGINAL: Final = "9"
FUNCTIONS: Final = (ORIGINAL, "2", "4", "5", "3", "1")  # from what comes first to what comes last
_BILL: Final = "transport_contract_document_id"
_REFERENCE: Final = "functional_reference_id"

Message = Mapping[str, Any]


def in_succession(manifest: Manifest) -> Manifest:
    """The manifest with its messages in the order in which they speak; messages and rows numbered anew."""
    if manifest.message.height < 2:
        return manifest
    given = manifest.message.rows(named=True)
    order = list(range(len(given)))
    early: list[tuple[int, int]] = []
    for related in _related(manifest):
        spoken = _spoken([given[number] for number in related])
        early += _given_early(spoken)
        for place, number in zip(related, spoken, strict=True):
            order[place] = number
    if not early:
        return manifest
    told = manifest.replace(findings=pl.concat([manifest.findings, _findings(manifest, early)]))
    return _reordered(told, order)


def _related(manifest: Manifest) -> list[list[int]]:
    """Messages that speak of the same bill or reference, each group in the order given."""
    message = manifest.message.select("message", "sender_id", _REFERENCE, "replaces_id", "function_code")
    amends = pl.col("function_code").is_in(FUNCTIONS[1:]).fill_null(False) | pl.col("replaces_id").is_not_null()
    bills = manifest.consignments.select("message", pl.col(_BILL).alias("of")).unique(maintain_order=True)
    bills = bills.join(message.select("message", "sender_id"), on="message", how="left", maintain_order="left")
    references = pl.concat(
        message.select("message", "sender_id", pl.col(name).alias("of"), amends.alias("amends"))
        for name in (_REFERENCE, "replaces_id")
    ).filter(pl.col("amends").any().over("of"))
    return _joined([*_groups(bills), *_groups(references.drop("amends"))])


def _groups(rows: pl.DataFrame) -> list[list[int]]:
    """The messages of each thing of each sender; where a message names no sender, those of every sender."""
    unsure = pl.col("sender_id").is_null().any().over("of")
    found = (
        rows.drop_nulls("of")
        .with_columns(pl.when(unsure).then(None).otherwise("sender_id").alias("sender_id"))
        .group_by("of", "sender_id", maintain_order=True)
        .agg(pl.col("message").unique())
        .filter(pl.col("message").list.len() > 1)
    )
    return found["message"].to_list()


def _joined(groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Groups that share a message as one, sorted."""
    leader: dict[int, int] = {}

    def lead(number: int) -> int:
        while leader.setdefault(number, number) != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for first, *others in groups:
        for other in others:
            leader[lead(other)] = lead(first)
    together: dict[int, list[int]] = defaultdict(list)
    for number in sorted(leader):
        together[lead(number)].append(number)
    return sorted(together.values())


def _spoken(related: Sequence[Message]) -> list[int]:
    """The numbers of related messages in the order in which they speak."""
    timed = all(each["issue_datetime"] is not None for each in related)

    def age(each: Message) -> tuple[Any, ...]:
        code = each["function_code"]
        turn = FUNCTIONS.index(code) if code in FUNCTIONS else 0
        return (each["issue_datetime"], turn) if timed else (turn,)

    waiting = {each["message"]: each for each in sorted(related, key=age)}
    named = defaultdict(list)
    for each in related:
        named[each[_REFERENCE]].append(each["message"])
    spoken: dict[int, None] = {}
    for number in list(waiting):
        _speak(number, waiting, named=named, spoken=spoken)
    return list(spoken)


def _speak(
    number: int, waiting: dict[int, Message], *, named: Mapping[str | None, Sequence[int]], spoken: dict[int, None]
) -> None:
    """Lets a message speak, but first those that it replaces, those that they replace, and so on."""
    chain = [number]
    while chain:
        each = waiting.pop(chain[-1], None)
        if each is None:  # what it replaces has spoken
            spoken.setdefault(chain.pop())
        elif each["replaces_id"] not in (None, each[_REFERENCE]):
            chain += [other for other in reversed(named.get(each["replaces_id"], ())) if other in waiting]


def _given_early(spoken: Sequence[int]) -> list[tuple[int, int]]:
    """Each message that was given before one that speaks earlier, beside that one (the last given of those)."""
    early = []
    latest = -1
    for number in spoken:
        if number < latest:
            early.append((number, latest))
        latest = max(latest, number)
    return early


def _findings(manifest: Manifest, early: Sequence[tuple[int, int]]) -> pl.DataFrame:
    message = manifest.message
    newer, older = (pl.Series(numbers, dtype=pl.UInt32) for numbers in zip(*early, strict=True))
    name = pl.coalesce(_REFERENCE, "message_id", "place")
    rows = message[newer].select("message", "place", name.alias("newer"))
    rows = rows.with_columns(message[older].select(name.alias("older")))
    return findings_of(rows, "amendment.given_early", "note", params=["newer", "older"])


def _reordered(manifest: Manifest, order: Sequence[int]) -> Manifest:
    """The manifest with its messages in this order of their numbers, and everything else behind its message."""
    new_number = {"message": _inverse(pl.Series(order, dtype=pl.UInt32))}
    for key, frame in (("consignment", manifest.consignments), ("goods_item", manifest.goods_items)):
        above = "message" if key == "consignment" else "consignment"
        rows = frame.select(pl.Series("to", new_number[above].gather(frame[above]))).with_row_index("from")
        new_number[key] = _inverse(rows.sort("to", maintain_order=True)["from"])
    return manifest.replace(**{name: _moved(getattr(manifest, name), new_number) for name in SCHEMAS})


def _moved(rows: pl.DataFrame, new_number: Mapping[str, pl.Series]) -> pl.DataFrame:
    keys = [key for key in ("message", "consignment", "goods_item") if key in rows.columns]
    moved = rows.with_columns(new_number[key].gather(rows[key]).alias(key) for key in keys)
    return moved.sort(keys[0], nulls_last=False, maintain_order=True)


def _inverse(order: pl.Series) -> pl.Series:
    """For each number the place that it has in ``order``."""
    return order.arg_sort().cast(pl.UInt32)
