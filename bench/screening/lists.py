"""Listed names: the public lists in a folder, a list of one's own, or an invented one where there is neither.

Everything the bench builds starts from entities: who is listed, by which list, and under which spellings. Lists are
read through the product's own sources (``list_source``), never through its names or tables.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from pratique.flow.screening import ListFile, list_source

_FILES: Final = {
    "ofac": ("ofac_sdn.csv.gz", "ofac_alt.csv.gz", "ofac_add.csv.gz", "ofac_sdn_comments.csv.gz"),
    "un": ("un_consolidated_part.xml.gz",),
    "bis": ("bis_dpl.txt.gz",),
}
_KINDS: Final = ("person", "organisation", "party", "vessel")
_WORDS: Final = re.compile(r"[^\W_]+")
_INVENTED: Final = ("KA", "LO", "MI", "RA", "TEN", "SHU", "VAR", "BEL", "DOR", "IN", "AL", "ZHA", "PET", "OV", "SKI")


@dataclass(frozen=True, slots=True)
class Entity:
    """One listed entity with its spellings, each as the list writes it."""

    entity_id: str
    list_id: str
    kind: str
    name: str
    strong: tuple[str, ...]
    weak: tuple[str, ...]
    original: tuple[str, ...]
    countries: tuple[str, ...]


def public_listings(folder: Path) -> pl.DataFrame | None:
    """Rows of schema ``LISTING`` of the public lists in ``folder``; ``None`` where a file of them is not there.

    Ids are made unique over the lists: ``ofac:36``.
    """
    if not all((folder / file).is_file() for files in _FILES.values() for file in files):
        return None
    frames = []
    for source, files in _FILES.items():
        given = [ListFile(file, (folder / file).read_bytes()) for file in files]
        frames.append(list_source(source).load(given).listings)
    rows = pl.concat(frames)
    own = pl.col("list_id") + ":"
    return rows.with_columns(listing_id=own + pl.col("listing_id"), entity_id=own + pl.col("entity_id"))


def invented_listings(count: int, seed: int) -> pl.DataFrame:
    """``count`` invented persons and companies with an alias each: what there is to measure with when no list is."""
    drawn = random.Random(seed)
    words = ["".join(drawn.choices(_INVENTED, k=drawn.choice((2, 2, 3)))) for _ in range(max(50, count // 3))]
    rows = []
    for number in range(count):
        kind = drawn.choice(("person", "person", "organisation"))
        chosen = drawn.sample(words, 3)
        name = " ".join(chosen) + (" TRADING CO LTD" if kind == "organisation" else "")
        alias = " ".join([*chosen[:2], drawn.choice(words)])
        rows += [
            (f"{number}/0", str(number), name, "primary", kind),
            (f"{number}/1", str(number), alias, "strong", kind),
        ]
    columns = ["listing_id", "entity_id", "name", "name_quality", "kind"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        list_id=pl.lit("invented"), countries=pl.lit([], dtype=pl.List(pl.String))
    )


def entities(listings: pl.DataFrame) -> list[Entity]:
    """The entities of ``listings`` that have a primary name of a kind with a name, in the order of the list."""
    columns = ["entity_id", "list_id", "kind", "name", "name_quality", "countries"]
    rows = listings.filter(pl.col("kind").is_in(_KINDS)).select(columns)
    grouped = rows.group_by("entity_id", maintain_order=True).agg(
        pl.first("list_id", "kind", "countries"), pl.col("name"), pl.col("name_quality")
    )
    found = []
    for entity_id, list_id, kind, countries, names, qualities in grouped.iter_rows():
        by_quality = {
            quality: tuple(name for name, of in zip(names, qualities, strict=True) if of == quality)
            for quality in ("primary", "strong", "weak", "original_script")
        }
        if by_quality["primary"]:
            first, *others = by_quality["primary"]
            strong = (*others, *by_quality["strong"])
            spelled = (strong, by_quality["weak"], by_quality["original_script"])
            found.append(Entity(entity_id, list_id, kind, first, *spelled, tuple(countries or ())))
    return found


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in capitals without accents: ``AL-DURI, Thabet`` is AL, DURI, THABET."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return tuple(_WORDS.findall(plain.replace("'", "").replace("’", "").upper()))


def in_running_order(name: str) -> str:
    """``DURI, Thabet`` as people write it: Thabet DURI. Names without a comma, and companies, stay as they are."""
    parts = [part.strip() for part in name.split(",")]
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(parts) else name


def is_latin(text: str) -> bool:
    """Whether every letter of ``text`` is Latin."""
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def as_listings(entity_ids: Sequence[str], names: Sequence[str], kinds: Sequence[str]) -> pl.DataFrame:
    """Rows with the columns of schema ``LISTING`` that a screener needs: one strong spelling for each entity."""
    return pl.DataFrame({"entity_id": entity_ids, "name": names, "kind": kinds}).select(
        pl.concat_str(pl.col("entity_id"), pl.lit("/0")).alias("listing_id"),
        "entity_id",
        "name",
        pl.lit("primary").alias("name_quality"),
        "kind",
    )
