"""What a name, an address, a telephone number and a position look like in a text, however it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from hotwash.geo.names import fold

# Signs of no width: a soft hyphen inside a name hides it from a search and from no reader.
_HIDDEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
_PARTED = rf"{_HIDDEN}[\s\u00a0_.,'’+%/\\-]{{1,4}}{_HIDDEN}"  # what may stand between the parts of a name
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"  # digits and underscores part words, too
_SHORTEST_SURNAME = 4  # "Li" is a word too often; a shorter one is replaced only where the whole name stands

_DATE = r"(?:(?:19|20)\d\d[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_DATE += r"|(?:0[1-9]|[12]\d|3[01])[-.](?:0[1-9]|1[0-2])[-.](?:19|20)\d\d)"
_GAP = "[ \u00a0\u2007\u2009\u202f\u2010-\u2013-]"  # between the groups of a number: spaces and hyphens of any kind
_STREETS = (
    r"(?:(?:ul|al|os|pl|вул|ул|пл|просп)\.\s*|(?:ulic[aąeęyi]\w?|alej[aęiąe]\w?|alei|plac(?:u|em)?|osiedl[aeu]m?|rynek|rynku"
    r"|вулиц[яіюею]+|проспект[уі]?|площ[аіу]|улиц[аеу]|calle|avenida|piazza)\s+)"
)
_OF_NAME = r"[^\W\d_][\w'’-]*"
_TELEPHONE_DOTS = r"(?:\+|00)?\d{1,4}(?:\.\d{2,4}){2,5}"

ADDRESSES = (
    re.compile(r"[\w.+-]+(?:@|\s?[(\[{<]\s?(?:at|@|małpa)\s?[)\]}>]\s?)[\w-]+"
               r"(?:(?:\.|\s?[(\[{<]\s?(?:dot|kropka|\.)\s?[)\]}>]\s?)[\w-]+)+", re.IGNORECASE),
    re.compile(r"\b[\w.+-]+ at [\w-]+(?: dot [\w-]+)+\b", re.IGNORECASE),
    # A telephone number: 9 to 13 digits, in groups or not, that do not begin as a date does.
    re.compile(rf"(?<![\w+.:,/-])(?!{_DATE})(?:\+|\(\+?)?\d(?:\)?{_GAP}?\(?\d){{8,12}}(?!\w|[.,:/-]\d)"),
    re.compile(rf"(?<![\w+.:,/-])(?!{_DATE})(?=(?:\D?\d){{9,14}}(?!\.?\d)){_TELEPHONE_DOTS}(?!\w|[.,:/-]\d)"),
    re.compile(rf"(?<![\w+.:,/-])\(?\d{{2,4}}\)?/\d{{3}}{_GAP}?\d{{2,3}}{_GAP}?\d{{2,3}}(?!\w|[.,:/-]\d)"),
    re.compile(rf"(?<!et )\b{_STREETS}[\w .'’-]{{2,40}}?\s\d{{1,3}}[a-z]?(?:/\d+)?(?!\w)", re.IGNORECASE),
    re.compile(r"\b[\w'’-]+(?:straße|strasse|str\.|allee|gasse|chaussee|platz|straat)\s\d+(?:\s?[a-z]\b)?"),
    re.compile(r"\b(?:[A-ZÄÖÜ]\w+[ -](?:Straße|Strasse|Str\.|Allee|Platz|Weg)|Straße (?:de[rs]|\w+) \w+(?:\. \w+)?)"
               r"\s\d+(?:\s?[a-z]\b)?"),
    re.compile(r"\b\d{1,4}\s?(?:bis|ter)?,?\s(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Qq]uai|[Aa]llée)\s"
               r"(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*[A-ZÀ-Ý][\w'’-]*(?:[ -][A-ZÀ-Ý][\w'’-]*)*"),
    re.compile(r"\b\d{1,4}[a-zA-Z]?,?\s(?:[A-Z][\w'’-]+\s){1,3}(?:Street|Road|Avenue|Lane|Drive|Close|Court|Way|Square"
               r"|Terrace|Gardens|Crescent|Boulevard|Grove|St\.|Rd\.|Ave\.)(?!\w)"),
)  # fmt: skip

_SIDE = r"\s?[°º]?\s?[NSns]?"
POSITIONS = (
    # 52.22971, 21.01221 with three decimals and more: a hundred metres
    re.compile(rf"(?<![\w.])[-+]?\d{{1,2}}[.,]\d{{3,}}{_SIDE}[,;/\s]+[-+]?\d{{1,3}}[.,]\d{{3,}}"
               r"(?!\d|\s?(?:k?m|ft|NM|kg|s|%)(?!\w))(?:\s?[°º]?\s?[EWew]\b|\s?[°º])?"),
    re.compile(r"(?<![\w.])[NSns]\s?\d{1,2}[.,]\d{2,}[°º]?[,;/\s]+[EWew]\s?\d{1,3}[.,]\d{2,}[°º]?"),
    re.compile(r"(?<![\w.])\d{1,2}[.,]\d{2,}\s?[°º]?\s?[NSns]\b[,;/\s]*\d{1,3}[.,]\d{2,}\s?[°º]?\s?[EWew]\b"),
    # 52°13'47" N 21°00'44" E, 52° 13.78' N …, N 52° 13' …
    re.compile(r"(?<!\w)(?:[NSns]\s?)?\d{1,2}\s?[°º]\s?\d{1,2}(?:[.,]\d+)?\s?['′’](?:\s?\d{1,2}(?:[.,]\d+)?\s?(?:[\"″”]|''|′′))?"
               r"\s?[NSns]?[,;/\s]*(?:[EWew]\s?)?\d{1,3}\s?[°º]\s?\d{1,2}(?:[.,]\d+)?\s?['′’]"
               r"(?:\s?\d{1,2}(?:[.,]\d+)?\s?(?:[\"″”]|''|′′))?(?:\s?[EWew]\b)?"),
    re.compile(r"\b\d{4,6}[NS]\s?/?\s?\d{5,7}[EW]\b"),  # 521347N0210044E, as aviation writes
    # The military grid, to a hundred metres and finer: 34U DC 12345 67890
    re.compile(r"\b\d{1,2}[C-X]\s?[A-HJ-NP-Z]{2}\s?(?:\d{3}\s?\d{3}|\d{4}\s?\d{4}|\d{5}\s?\d{5})\b"),
)  # fmt: skip
LINK = re.compile(r"https?://[^\s<>\"]+|\bwww\.[^\s<>\"]+", re.IGNORECASE)


def name_pattern(name: str) -> str:
    """Return a pattern of a person's name: whole in either order, and its last word alone, as a word by itself.

    Any case, letters with and without their marks, parts joined by spaces, underscores, dots or hyphens, and signs of
    no width within.
    """
    return f"(?i:{_NO_LETTER_BEFORE}(?:{'|'.join(_forms(name))}){_NO_LETTER_AFTER})"


def bracketed_pattern(name: str) -> str:
    """Return a pattern of a bracket that holds the name: " (Gen. Nowak)"."""
    return rf"\s*\([^()]*{name_pattern(name)}[^()]*\)"


def _forms(name: str) -> list[str]:
    parts = [part for part in re.split(r"[\s_]+", name.strip()) if part]
    whole = [_PARTED.join(map(_letters, parts))]
    if len(parts) > 1:
        whole.append(_PARTED.join(map(_letters, [parts[-1], *parts[:-1]])))
        whole += [_letters("".join(parts))] if sum(map(len, parts)) >= _SHORTEST_SURNAME else []
        whole += [_letters(parts[-1])] if len(parts[-1]) >= _SHORTEST_SURNAME else []
    return whole


def _letters(word: str) -> str:
    """Return a pattern of a word, letter by letter: "ó" may be one sign, two, or an "o"."""
    spelled = []
    for letter in unicodedata.normalize("NFC", word):
        ways = dict.fromkeys([letter, unicodedata.normalize("NFD", letter), fold(letter) or letter])
        spelled.append(f"(?:{'|'.join(map(re.escape, ways))})" if len(ways) > 1 else re.escape(letter))
    return _HIDDEN.join(spelled)


def cut_link(link: str, names: Iterable[str]) -> str | None:
    """Return a link without what spells a name: its site alone, None where the site does; the link where none does."""
    keys = [key for name in names for key in _keys(name)]
    if not any(key in _compact(link) for key in keys):
        return link
    site = re.match(r"(?:https?://)?[^/?#]+", link)
    host = site[0] if site else ""
    return None if not host or any(key in _compact(host) for key in keys) else f"{host}/"


def _keys(name: str) -> list[str]:
    parts = name.split()
    whole = [_compact(name), _compact(" ".join(reversed(parts)))]
    return [key for key in (*whole, _compact(parts[-1]) if parts else "") if len(key) >= _SHORTEST_SURNAME]


def _compact(text: str) -> str:
    """Return a text for comparison: no case, marks, percent signs, or anything between letters and digits."""
    try:
        plain = ".".join(
            part.encode("ascii").decode("idna") if part.lower().startswith("xn--") else part
            for part in unquote(unquote(text)).split(".")
        )
    except UnicodeError:
        plain = unquote(text)
    return re.sub(r"[\W_]+", "", fold(plain))


def number_word(word: str, used: Iterable[str]) -> str:
    """Return a word that nobody else bears: "mayor", "mayor 2"."""
    taken, number = set(used), 2
    if word not in taken:
        return word
    while f"{word} {number}" in taken:
        number += 1
    return f"{word} {number}"


def spells_any(text: str, names: Mapping[str, str] | Iterable[str]) -> bool:
    """Return whether a text has any of the names."""
    return any(re.search(name_pattern(name), text) for name in names)
