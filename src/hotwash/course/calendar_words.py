"""Days as people write them in English, German, Polish and Ukrainian: weekdays, months, a weekday beside its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

# Monday first. Each is a regular expression: declined forms are taken, abbreviations as they are printed.
_WEEKDAYS = (
    r"(?i:monday|montag|poniedzia(?:łek|łku|łkiem)|понеділ(?:ок|ка|ку|ком))|Mon\b\.?|Mo[.,]|pon\.|pn\.|(?i:пн)\b\.?",
    r"(?i:tuesday|dienstag|wtor(?:ek|ku|kiem)|вівтор(?:ок|ка|ку|ком))|Tues?\b\.?|Di[.,]|wt\.|(?i:вт)\b\.?",
    r"(?i:wednesday|mittwoch|środ(?:a|ę|y|zie|ą)|серед(?:а|у|и|і|ою))|Wed\b\.?|Mi[.,]|śr\.|(?i:ср)\b\.?",
    r"(?i:thursday|donnerstag|czwart(?:ek|ku|kiem)|четвер(?:га|гу|гом)?)|Thu(?:rs?)?\b\.?|Do\.|czw\.|(?i:чт)\b\.?",
    r"(?i:friday|freitag|piąt(?:ek|ku|kiem)|п['’ʼ]ятниц(?:я|ю|і|ею))|Fri\b\.?|Fr[.,]|pt\.|(?i:пт)\b\.?",
    r"(?i:saturday|samstag|sonnabend|sobot(?:a|ę|y|ą)|sobocie|субот(?:а|у|и|і|ою))|Sat\b\.?|Sa[.,]|sob\.|(?i:сб)\b\.?",
    r"(?i:sunday|sonntag|niedziel(?:a|ę|i|ą)|неділ(?:я|ю|і|ею))|Sun\b\.?|So\.|niedz\.|nd\.|(?i:нд)\b\.?",
)
_MONTHS = (
    r"january|jan|januar|jänner|stycz(?:eń|nia)|січ(?:ень|ня)",
    r"february|feb|februar|lut(?:y|ego)|лют(?:ий|ого)",
    r"march|mar|märz|marzec|marca|берез(?:ень|ня)",
    r"april|apr|kwie(?:cień|tnia)|квіт(?:ень|ня)",
    r"may|mai|maj|maja|трав(?:ень|ня)",
    r"june|jun|juni|czerw(?:iec|ca)|черв(?:ень|ня)",
    r"july|jul|juli|lip(?:iec|ca)|лип(?:ень|ня)",
    r"august|aug|sierp(?:ień|nia)|серп(?:ень|ня)",
    r"september|sept|sep|wrze(?:sień|śnia)|верес(?:ень|ня)",
    r"october|oct|oktober|okt|październik|października|жовт(?:ень|ня)",
    r"november|nov|listopad|listopada|листопад|листопада",
    r"december|dec|dezember|dez|grud(?:zień|nia)|груд(?:ень|ня)",
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_W = rf"(?<![\w])(?P<weekday>{'|'.join(_WEEKDAYS)})(?![\w])"
_M = rf"(?i:(?P<month>{'|'.join(_MONTHS)}))(?!\w)\.?"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_D2 = r"(?:\s*(?:/|-|–|to|and|bis|und|i|do|і|й|на)\s*(?P<day2>\d{1,2})(?:st|nd|rd|th|\.)?)?"
_Y = r"(?:,?\s+(?P<year>\d{4})(?![\d:.]))?"
_FORMS = (
    r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
    r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})?(?!\d)",
    r"(?P<day>\d{1,2})/(?P<number>\d{1,2})/(?P<year>\d{4})(?!\d)",
    rf"{_D}{_D2}\s*(?:of\s+)?{_M}{_Y}",
    rf"{_M}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_D2}(?![\d:])(?!\s*(?:[.:]\d|[ap]\.?m\b)){_Y}",
)
_BEFORE = tuple(re.compile(rf"{_W},?\s+(?:the\s+|den\s+|dnia\s+)?{form}") for form in _FORMS)
_AFTER = tuple(re.compile(rf"(?<![\d.:/-]){form}\s*\(\s*{_W}\s*\)") for form in _FORMS)
_ALONE = tuple(re.compile(rf"(?<![\d.:/-]){form}") for form in _FORMS)
_WEEKDAY = re.compile(_W)
MAY_BE_WEEKDAY = "|".join(_WEEKDAYS)  # without looking around, as Polars reads it: what may name a weekday
_MAY_BE_ONE = re.compile(MAY_BE_WEEKDAY)


@dataclass(frozen=True, slots=True)
class DateWords:
    """One date as it was written.

    days      what it can mean: one day; of "12/13 May" both, of 5/12/2026 both readings
    weekday   0 for Monday to 6 for Sunday; None where none stands beside it
    text      the words
    """

    days: tuple[date, ...]
    weekday: int | None
    text: str

    @property
    def fits(self) -> bool:
        """Whether the weekday is that of one of its days."""
        return self.weekday is None or any(day.weekday() == self.weekday for day in self.days)


def find_weekday_dates(text: str, near: date | None) -> Iterator[DateWords]:
    """Yield each weekday that stands directly beside a date.

    near   a day of the same time: a date without a year is taken in the year that brings it nearest; None: passed over
    """
    if not _MAY_BE_ONE.search(text):
        return
    for form in (*_BEFORE, *_AFTER):
        for match in form.finditer(text):
            days = _days(match, near)
            if days:
                yield DateWords(days, _number(match["weekday"], _WEEKDAYS), match.group().strip())


def find_dates(text: str, near: date | None) -> Iterator[DateWords]:
    """Yield each date, its weekday left out; a date without a year is taken in the year that brings it nearest."""
    for form in _ALONE:
        for match in form.finditer(text):
            days = _days(match, near)
            if days:
                yield DateWords(days, None, match.group().strip())


def find_weekdays(text: str) -> list[int]:
    """Return the weekdays that a text names, 0 for Monday."""
    return [_number(match["weekday"], _WEEKDAYS) for match in _WEEKDAY.finditer(text)]


def _days(match: re.Match[str], near: date | None) -> tuple[date, ...]:
    said = match.groupdict()
    day, number = int(said["day"]), said.get("number")
    month = int(number) if number else _number(said["month"], _MONTHS) + 1
    pairs = [(day, month)]
    if said.get("day2"):
        second = int(said["day2"])
        pairs = [(day, month if day < second else (month - 2) % 12 + 1), (second, month)]
    elif number and "/" in match.group():
        pairs.append((month, day))  # 5/12 is a day of May or of December
    years = [int(said["year"])] if said.get("year") else _years(near)
    return tuple(found for day, month in pairs if (found := _nearest(years, month, day, near)) is not None)


def _years(near: date | None) -> list[int]:
    return [] if near is None else [year for year in range(near.year - 1, near.year + 2) if 1 <= year <= 9999]


def _nearest(years: list[int], month: int, day: int, near: date | None) -> date | None:
    found: list[date] = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if near is None or len(found) < 2:
        return found[0] if found else None
    return min(found, key=lambda one: abs(one - near))


@lru_cache(maxsize=512)
def _number(word: str, forms: tuple[str, ...]) -> int:
    for number, form in enumerate(forms):
        if re.fullmatch(form, word) or re.fullmatch(form, word, re.IGNORECASE):
            return number
    raise ValueError(word)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another, a week at most: more hold every weekday."""
    for step in range(min((last - first).days, 6) + 1):
        yield first + timedelta(days=step)
