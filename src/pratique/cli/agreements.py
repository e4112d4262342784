"""``agreements``: the register, its files, and who is bound."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened
from pratique.cli.texts import text_of

if TYPE_CHECKING:
    from pratique.node.handlers.agreements import AgreementCard
    from pratique.partners.agreements import Instrument, Party

app = typer.Typer(
    help="Agreements: which article permits a disclosure. Proposed by one person, adopted by another.",
    no_args_is_help=True,
)

LONGEST = 200_000
AgreementArgument = Annotated[str, typer.Argument(metavar="AGREEMENT", help="The id of the agreement.")]


@app.command("list")
def list_agreements(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every version of every agreement, and what ships with the product and could be proposed."""
    from pratique.node.handlers.agreements import ListAgreements

    with opened(node) as at:
        register = at.ask(ListAgreements(), actor=acting(actor))

    def render() -> None:
        rows = [
            (each.id, each.version, each.state, each.kind, "yes" if each.verified else "NO", each.title)
            for each in register.agreements
        ]
        columns = ["agreement", "version", "state", "kind", "compared by a lawyer", "title"]
        table("Agreements of this node", columns, rows, right=["version"])
        taken = {each.id for each in register.agreements}
        shipped = [(each.id, each.kind.value, each.title) for each in register.shipped if each.id not in taken]
        table("Shipped: propose one with pratique agreements propose ID", ["id", "kind", "title"], shipped)

    payload = {
        "agreements": [{**slots(each), "state": each.state} for each in register.agreements],
        "parties": [slots(each) for each in register.parties],
        "shipped": [{"id": each.id, "version": each.version, "title": each.title} for each in register.shipped],
    }
    show(payload, as_json=as_json, render=render)


@app.command("show")
def show_agreement(
    agreement: AgreementArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """An agreement: who is bound since when, and every clause in plain words with its limits."""
    from pratique.node.handlers.agreements import ShowAgreement

    with opened(node) as at:
        card = at.ask(ShowAgreement(agreement), actor=acting(actor))
        language = language_of(at)
    payload = {
        "agreement": {**slots(card.stored), "state": card.stored.state},
        "parties": [slots(each) for each in card.parties],
        "text": card.text,
    }
    show(payload, as_json=as_json, render=lambda: _render_card(card, language))


@app.command("check")
def check_agreement(
    file: Annotated[Path, typer.Argument(readable=False, help="The agreement as YAML.")],
    as_json: JsonOption = False,
) -> None:
    """Read an agreement, compile it and decide its examples, without keeping it; needs no node."""
    from pratique.partners.agreements import load_instrument, shipped_law

    instrument = load_instrument(text_of(file, most_bytes=4 * LONGEST), (shipped_law(),))
    examples = sum(len(each.examples) for each in instrument.clauses)
    told = (
        f"{instrument.id} version {instrument.version}: {len(instrument.clauses)} clauses,"
        f" {examples} examples come out as they say."
    )
    payload = {"id": instrument.id, "version": instrument.version, "sha256": instrument.sha256, "examples": examples}
    show(payload, as_json=as_json, render=lambda: say_all((told, *_unverified(instrument))))


@app.command("propose")
def propose_agreement(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The agreement as YAML, or the id of a shipped one.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in an agreement, or the next version of one; it permits nothing until another person adopts it."""
    from pratique.node.handlers.agreements import ProposeAgreement
    from pratique.partners.agreements import shipped_text

    text = shipped_text(file) or text_of(Path(file), most_bytes=4 * LONGEST)
    with opened(node) as at:
        stored = at.execute(ProposeAgreement(text), actor=acting(actor))
    adopt = f"pratique agreements adopt {stored.id} {stored.version}"
    told = f"{stored.id} version {stored.version} is proposed. A second person adopts it: {adopt}."
    show(stored, as_json=as_json, render=lambda: say(told))


@app.command("adopt")
def adopt_agreement(
    agreement: AgreementArgument,
    version: Annotated[int, typer.Argument(help="The version to put in force here.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a proposed version in force here; who proposed it cannot."""
    from pratique.node.handlers.agreements import AdoptAgreement

    with opened(node) as at:
        stored = at.execute(AdoptAgreement(agreement, version), actor=acting(actor))
    show(stored, as_json=as_json, render=lambda: say(f"{stored.id} version {stored.version} is adopted."))


@app.command("withdraw")
def withdraw_agreement(
    agreement: AgreementArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why, in words.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an agreement out of force here, at once."""
    from pratique.node.handlers.agreements import WithdrawAgreement

    with opened(node) as at:
        stored = at.execute(WithdrawAgreement(agreement, reason), actor=acting(actor))
    show(stored, as_json=as_json, render=lambda: say(f"{stored.id} version {stored.version} permits nothing any more."))


@app.command("party")
def propose_party(
    agreement: AgreementArgument,
    party: Annotated[str, typer.Argument(help="A state (xb) or one administration of it (xb-customs).")],
    status: Annotated[str, typer.Option("--status", help="negotiated, signed, ratified, provisional ...")] = "in_force",
    since: Annotated[str | None, typer.Option("--since", help="The first day on which it is bound.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="The last day.")] = None,
    accepts: Annotated[list[str] | None, typer.Option("--accepts", help="An annex that it took on.")] = None,
    excludes: Annotated[list[str] | None, typer.Option("--excludes", help="A clause that it reserved.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how far a side is bound; it counts once another person adopts it."""
    from pratique.node.handlers.agreements import ProposeParty

    given = {"id": party, "status": status, "since": since, "until": until}
    bound = _party(given | {"accepts": accepts or [], "excludes": excludes or []})
    with opened(node) as at:
        stored = at.execute(ProposeParty(agreement, bound), actor=acting(actor))
    told = f"Proposal {stored.seq}. A second person adopts it: pratique agreements adopt-party {stored.seq}."
    show(slots(stored), as_json=as_json, render=lambda: say(told))


@app.command("adopt-party")
def adopt_party(
    proposal: Annotated[int, typer.Argument(help="The number of the proposal.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Agree to what another person said about a side of an agreement."""
    from pratique.node.handlers.agreements import AdoptParty

    with opened(node) as at:
        stored = at.execute(AdoptParty(proposal), actor=acting(actor))
    told = f"{stored.party.id}: {stored.party.status.value} in {stored.agreement_id} since {stored.party.since}."
    show(slots(stored), as_json=as_json, render=lambda: say(told))


def _party(given: dict[str, object]) -> Party:
    from pratique.partners.agreements.facts_data import party_from

    return party_from(given)


def slots(record: object) -> dict[str, object]:
    """The fields of a stored record, for JSON."""
    return {name: getattr(record, name) for name in type(record).__slots__}  # type: ignore[attr-defined]


def _render_card(card: AgreementCard, language: str) -> None:
    from pratique.partners.agreements import in_language

    say(f"{in_language(card.instrument.title, language)}, version {card.stored.version}, {card.stored.state}")
    say_all(_unverified(card.instrument))
    sides = [
        (each.seq, each.party.id, each.party.status.value, each.party.since, each.party.until, each.adopted_by)
        for each in card.parties
    ]
    table("Who is bound", ["proposal", "party", "status", "since", "until", "adopted by"], sides)
    clauses = [
        (each.id, *(in_language(one, language) for one in (each.article, each.says, each.limits)), each.kind.value)
        for each in card.instrument.clauses
    ]
    table("Clauses", ["clause", "article", "what it says", "where it ends", "kind"], clauses)


def _unverified(instrument: Instrument) -> tuple[str, ...]:
    if instrument.verified:
        return ()
    return ("No lawyer has compared this text with the authentic one yet.",)


def say_all(lines: Iterable[str]) -> None:
    """Each on its own line."""
    for each in lines:
        say(each)
