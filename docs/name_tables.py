"""Makes the tables of names and legal forms that screening ships, from open data of others; run when they are renewed.

``python docs/name_tables.py FOLDER`` where FOLDER holds four packages as unpacked from their archives:

- ``rigour`` 1.8.2 (MIT): names of persons grouped by Wikidata item (facts of Wikidata are CC0), and legal forms;
- ``nicknames`` 1.0.1 (Apache-2.0): English names and their short forms;
- ``faker`` 40.63.0 (MIT): given and family names of many countries;
- ``names`` 0.3.0 (MIT): given and family names of the US census of 1990 with their shares (public domain).

Only single words are taken over, in the letters in which this product compares; the tables are sorted, so that the same
input gives the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import importlib
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pratique.flow.screening.compounds import joined_compounds
from pratique.flow.screening.scripts import in_compared_letters
from pratique.flow.screening.similarity import likeness
from pratique.flow.screening.sounds import consonants
from pratique.flow.screening.words import ordinary_words

TABLES: Final = Path(__file__).parents[1] / "src" / "pratique" / "data" / "names"
SCRIPTS: Final = frozenset(
    ["ARABIC", "ARMENIAN", "BENGALI", "CJK", "CYRILLIC", "DEVANAGARI", "GEORGIAN", "GREEK", "HANGUL", "HEBREW", "LATIN"]
)
READ_IN_MANY_WAYS: Final = frozenset({"CJK", "HANGUL"})
"""Scripts whose short names say little in Latin letters: only names of foreigners, which are longer, are taken."""

SHORTEST_READ: Final = 5
JAPANESE: Final = frozenset({"KATAKANA", "HIRAGANA"})
# millions of inhabitants, rounded, and where names are given in which way
INHABITANTS: Final = """
1400 zh_CN
600 hi_IN
333 en_US
300 en_IN
275 id_ID
240 en_PK
215 pt_BR
200 ar_AA
170 bn_BD
145 ru_RU
128 es_MX
125 ja_JP
100 en_NG
98 vi_VN
88 fa_IR
85 tr_TR
84 de_DE
80 mr_IN
78 ko_KR
75 ta_IN
70 th_TH
68 fr_FR
67 en_GB
60 gu_IN ha_NG sw zu_ZA
59 it_IT
54 en_KE
52 es_CO
48 es_ES
46 es_AR
45 ar_DZ fr_DZ
40 uk_UA yo_NG
37 pl_PL
36 ar_SA
35 or_IN uz_UZ
33 tw_GH
30 ig_NG ne_NP
24 zh_TW
22 si_LK
19 es_CL ro_RO
18 nl_NL
11 cs_CZ
10 az_AZ el_GR he_IL hu_HU pt_PT sv_SE
9 de_AT
7 bg_BG
6 da_DK de_CH fi_FI
5 ar_PS en_IE en_NZ no_NO sk_SK
4 hr_HR ka_GE
3 hy_AM lt_LT
2 lv_LV mk_MK sl_SI
1 et_EE ga_IE
"""
MILLIONS: Final = {
    place: float(millions)
    for millions, *places in (line.split() for line in INHABITANTS.split("\n") if line)
    for place in places
}
LISTS_OF_NAMES: Final = re.compile(
    "(?:first_names?|last_names?)(?:_(?:male|female|unisex|nonbinary|men|women))*|(?:first|last)_romanized_names"
)
COMMON_FROM: Final = 5
ORDINARY: Final = 400
"""Of a million: what each word of the product's own table of ordinary names counts at least."""

COMMONEST: Final = {  # of a million name words, by general knowledge: the lists above give all names of a country alike
    8000: "MUHAMMAD MOHAMMED MOHAMMAD MOHAMED MUHAMMED MOHAMAD MUHAMAD MEHMET MAMADOU MHD MOHD mhmd",
    3000: "ALI ely AHMED AHMAD ahmd SINGH NGUYEN KHAN KUMAR ABDULLAH ABDALLAH ebdallh LEE KIM",
    2000: "HASSAN HASAN hsn HUSSEIN HUSAIN HUSSAIN HUSAYN HUSEIN HOSSEIN HOSSAIN hsyn IBRAHIM abrahym OMAR UMAR emr",
    1000: "YUSUF YOUSEF YOUSSEF YOUSUF ywsf MAHMOUD MAHMUD mhmwd MUSTAFA mstf mstfy KHALID KHALED kald SAID SAEED seyd "
    "ISMAIL asmaeyl SALEH SALIH salh HAMID HAMED hmyd YASIN KARIM KAREEM krym OSMAN OTHMAN UTHMAN MUSA MOUSSA mwsy "
    "SULEIMAN SULAIMAN SULAYMAN SULEYMAN slyman ABDURRAHMAN ABDRAHMAN ebdrhmn REZA RIDA KHALIL klyl JAMAL jmal NASSER "
    "NASER NASIR nasr PARK PAK CHOI IVANOV PETROV",
}
NO_LEGAL_FORM: Final = frozenset({"BANK", "FSB", "TORGOVYI", "INSTITUTION", "NON", "STATE", "CHARITY"})


def script_of(text: str) -> str:
    """The script of the first letter, as Unicode names it."""
    return next((unicodedata.name(c, "?").split()[0] for c in text if c.isalpha()), "?")


def word_of(form: str) -> str | None:
    """A name as the one word in which it is compared, or nothing where it is none."""
    if script_of(form) not in SCRIPTS:
        return None
    letters = in_compared_letters(form).replace("'", "").replace("`", "")
    word = "".join(joined_compounds(re.sub("[^A-Za-z]+", " ", letters).split()))
    one_script = word.isupper() or word.islower()
    shortest = SHORTEST_READ if script_of(form) in READ_IN_MANY_WAYS else 2
    return word if shortest <= len(word) <= 24 and one_script else None


def latin(name: str) -> str | None:
    """A short name of a script that is read in many ways, in Latin letters."""
    word = re.sub("[^A-Z]+", "", in_compared_letters(name))
    return word if script_of(name) in READ_IN_MANY_WAYS and len(word) >= 2 else None


def variants(persons: Path, nicknames: Path) -> Iterator[tuple[str, ...]]:
    """Groups of words that are one name and that are not alike anyway."""
    for line in persons.read_text(encoding="utf-8").splitlines():
        forms = [form.strip() for form in line.partition(" => ")[0].split(",")]
        is_japanese = any(script_of(form) in JAPANESE for form in forms)
        kept = [form for form in forms if script_of(form) != "CJK" or (len(form) > 1 and not is_japanese)]
        yield tuple(sorted({word for form in kept if (word := word_of(form))}))
    with nicknames.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield tuple(sorted({row["name1"].upper(), row["name2"].upper()}))


def says_more(words: tuple[str, ...]) -> bool:
    """Whether some two words of the group are not alike by their letters."""
    first, *others = words or ("",)
    return any(likeness(first, other).similarity < 800 or len(consonants(other)) < 3 for other in others)


def common_words(faker: Path, census: Path) -> dict[str, int]:
    """How many of a million name words each word is, from ``COMMON_FROM`` upwards."""
    sys.path.insert(0, str(faker))
    shares: defaultdict[str, float] = defaultdict(float)
    for locale, millions in MILLIONS.items():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        names = {name for name in dir(provider) if LISTS_OF_NAMES.fullmatch(name)}
        for group in ("first", "last"):
            lists = [getattr(provider, name) for name in sorted(names) if name.startswith(group)]
            add_shares(shares, lists, millions / 2)
    for file, part in (("dist.all.last", 0.5), ("dist.male.first", 0.25), ("dist.female.first", 0.25)):
        for line in (census / file).read_text().splitlines():
            name, percent = line.split()[:2]
            shares[name] += float(percent) / 100 * part * MILLIONS["en_US"]
    whole = sum(shares.values())
    counted = {word: round(1_000_000 * share / whole) for word, share in shares.items()}
    floors = [*((word, ORDINARY) for of in ("given", "family") for word in ordinary_words(of))]
    floors += [(word, count) for count, words in COMMONEST.items() for word in words.split()]
    for word, least in floors:
        counted[word] = max(counted.get(word, 0), least)
    return {word: count for word, count in sorted(counted.items()) if count >= COMMON_FROM}


def add_shares(shares: defaultdict[str, float], lists: Iterable[object], weight: float) -> None:
    """Spreads ``weight`` over the words of the lists, by their own weights where they have some."""
    found: defaultdict[str, float] = defaultdict(float)
    for names in lists:
        if not isinstance(names, (dict, list, tuple, set)):
            continue
        weighed = names if isinstance(names, dict) else dict.fromkeys(names, 1.0)
        for name, own in weighed.items():
            for part in str(name).split() if "{" not in str(name) else ():
                if word := word_of(part) or latin(part):
                    found[word] += own / (sum(weighed.values()) or 1)
    for word, share in found.items():
        shares[word] += weight * share / sum(found.values())


def legal_phrases(org_types: Path) -> list[str]:
    """Legal forms of two to eight words."""
    assigned = next(
        node for node in ast.parse(org_types.read_text(encoding="utf-8")).body if isinstance(node, ast.AnnAssign)
    )
    assert assigned.value is not None
    forms = [form for kind in ast.literal_eval(assigned.value) for form in (*kind["aliases"], kind.get("display", ""))]
    phrases = set()
    for form in forms:
        letters = in_compared_letters(form).replace("'", "").replace("&", " AND ")
        words = re.sub("[^0-9A-Za-z]+", " ", joined_letters(letters)).split()
        if 2 <= len(words) <= 8 and not NO_LEGAL_FORM & set(words) and all(word.isupper() for word in words):
            phrases.add(" ".join(words))
    return sorted(phrases)


def joined_letters(text: str) -> str:
    """Neighbouring single letters as one word, as names are read."""
    return re.sub(r"\b(?:[A-Z][ .]+)+[A-Z]\b\.?", lambda found: re.sub("[ .]", "", found[0]), text)


def write(name: str, heading: str, lines: Iterable[str]) -> None:
    """A table with what it is and whence it comes in its first lines; packed where the name says so."""
    text = "".join(f"# {line}\n" for line in heading.splitlines()) + "".join(f"{line}\n" for line in lines)
    content = text.encode("ascii")
    (TABLES / name).write_bytes(gzip.compress(content, 9, mtime=0) if name.endswith(".gz") else content)


def main() -> None:
    """Reads the folder and writes the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    groups = variants(folder / "rigour/data/names/persons.txt", folder / "nicknames/names.csv")
    told = sorted({group for group in groups if len(group) > 1 and says_more(group)})
    write(
        "variants.txt.gz",
        "Words that are one name, one group a line. Facts of Wikidata (CC0) as grouped by rigour 1.8.2 (MIT,\n"
        "OpenSanctions), and English short forms of nicknames 1.0.1 (Apache-2.0). Made by docs/name_tables.py.",
        (" ".join(group) for group in told),
    )
    write(
        "common_words.txt",
        "Common words of names and how many of a million name words each is: shares of given and family names of\n"
        "faker 40.63.0 (MIT) weighed by inhabitants, and of the US census of 1990 (public domain; names 0.3.0, MIT).\n"
        "Made by docs/name_tables.py.",
        (f"{word}\t{count}" for word, count in common_words(folder, folder / "names").items()),
    )
    write(
        "legal_phrases.txt",
        "Legal forms of several words, which say nothing about whose name it is. From rigour 1.8.2 (MIT,\n"
        "OpenSanctions). Made by docs/name_tables.py.",
        legal_phrases(folder / "rigour/data/names/org_types.py"),
    )


if __name__ == "__main__":
    main()
