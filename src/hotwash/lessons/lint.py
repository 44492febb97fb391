"""Advice on how a lesson is written: never a prohibition, always with the reason.

The rules look for words, so they miss what is said otherwise and stumble over what is quoted. They know English, Polish
and Ukrainian; a lesson in another language gets the advice that needs no words.

Source, where a rule names none: the form Observation – Discussion – Conclusion – Recommendation as taught with the NATO
Lessons Learned Handbook, in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hotwash.lessons.words import fold
from hotwash.model.lesson import Lesson

PAGE_LETTERS = 3000  # an A4 page in 11 points with margins of 2 cm holds about 3,300 letters, and headings take some
_STEM = 5  # letters of a word that carry its meaning through Polish and Ukrainian endings
_SHARED = 0.25  # of a conclusion's longer words should have stood in the discussion; fewer is another subject
_TEXTS = ("observation", "discussion", "conclusion", "recommendation")


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: by which rule, on which field, what to do, and why."""

    rule: str
    field: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `why` tells its reason and source; `look` yields (field, advice)."""

    why: str
    look: Callable[[Lesson], Iterator[tuple[str, str]]]


def lint(lesson: Lesson) -> tuple[Advice, ...]:
    """Return all advice on a lesson, by the order of RULES; empty where there is none."""
    return tuple(
        Advice(name, field, text, rule.why) for name, rule in RULES.items() for field, text in rule.look(lesson)
    )


def _any(*beginnings: str) -> re.Pattern[str]:
    """Return a pattern of folded beginnings of words."""
    return re.compile("|".join(rf"\b{fold(one)}" for one in beginnings))


_RECOMMENDS = _any(
    *(r"should (?!have)", "must ", "recommend", "need to", "ought to", "has to be", "we suggest"),
    *("nalezy", "powinn", "powinien", "trzeba", "rekomend", "zaleca"),
    *("слід", "потрібно", "необхідно", "рекоменд", "варто"),
)
_JUDGES = _any(
    *(
        "obviously",
        "clearly",
        "unfortunately",
        "incompeten",
        "careless",
        "stupid",
        "negligen",
        "terribl",
        "unacceptabl",
    ),
    *("sloppy", "lazy", "badly", "poorly", "of course"),
    *("oczywiscie", "niestety", "skandal", "niekompeten", "fataln", "karygodn"),
    *("очевидно", "на жаль", "некомпетент", "халатн", "жахлив"),
)
_EXPECTS = _any(
    *("expected", "planned", "should have", "supposed to", "required", "standard", "instead of", "rather than"),
    *("according to", "the plan ", "the rule ", "procedure says", "target", "better than", "later than", "more than"),
    *("oczekiwan", "planowan", "zamiast", "zgodnie z", "wymagan", "zakladan", "pozniej niz", "wczesniej niz"),
    *("очікува", "заплан", "замість", "згідно", "вимага", "передбач", "пізніше", "раніше ніж"),
)
_CAUSES = _any(
    *("because", "due to", "caus", "therefore", "led to", "leads to", "as a result", "reason", "so that", "resulted"),
    *("poniewaz", "z powodu", "skutk", "przyczyn", "dlatego", "wskutek", "bo "),
    *("тому що", "через", "внаслідок", "причин", "оскільки", "тому "),
)
_MEASURES = _any(
    *("measur", "within", "at least", "at most", "minutes", "seconds", "percent", "checked by", "verified"),
    *("mierz", "w ciagu", "co najmniej", "nie wiecej", "minut", "sekund", "procent", "sprawdz"),
    *("вимір", "протягом", "щонайменше", "не більше", "хвилин", "секунд", "відсот", "перевір"),
)
_NAMES = re.compile(
    r"\b(?:[Mm]r|[Mm]rs|[Mm]s|[Cc]apt|[Mm]aj|[Cc]ol|[Ll]t|[Ss]gt|[Gg]en|[Cc]pl|[Pp]an|[Pp]ani|[Kk]pt|[Pp]płk|[Pp]łk|"
    r"[Mm]jr|[Pp]or|[Ss]ierż|[Cc]hor|[Пп]ан|[Пп]ані|[Кк]апітан|[Мм]айор|[Пп]олковник|[Сс]ержант)\b\.? "
    r"[A-ZŁŚŻŹĆÓŃĄĘА-ЯІЇЄҐ][a-ząćęłńóśźżа-яіїєґ’']+"
)
_ACRONYM = re.compile(r"\b[^\W\d_a-z]{2,6}\b")
_KNOWN = {
    "UTC",
    "NATO",
    "EU",
    "UE",
    "UN",
    "ONZ",
    "ID",
    "OK",
    "AM",
    "PM",
    "TV",
    "GO",
    "II",
    "III",
    "IV",
    "VI",
    "VII",
    "НАТО",
    "ЄС",
}


def _no_source(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if not lesson.evidence:
        yield "evidence", "name a source: a finding, a recording with its time span, a document with its hash"


def _recommends(lesson: Lesson) -> Iterator[tuple[str, str]]:
    found = _RECOMMENDS.search(fold(lesson.observation))
    if found:
        yield "observation", f"“{found[0].strip()}” tells what to do; move that to the recommendation"


def _judges(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for field in ("observation", "discussion"):
        found = _JUDGES.search(fold(getattr(lesson, field)))
        if found:
            yield field, f"“{found[0].strip()}…” judges; tell what could be seen, with figures"


def _no_expectation(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.observation and not _EXPECTS.search(fold(lesson.observation)):
        yield "observation", "tell what was expected beside what happened: the plan, the rule, the usual figure"


def _no_cause(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.discussion and not _CAUSES.search(fold(lesson.discussion)):
        yield "discussion", "tell why it came so: name causes, with “because”"


def _new_cause(lesson: Lesson) -> Iterator[tuple[str, str]]:
    stems, before = _stems(lesson.conclusion), _stems(f"{lesson.observation} {lesson.discussion}")
    if stems and lesson.discussion and len(stems & before) < _SHARED * len(stems):
        yield "conclusion", "it speaks of something that the discussion did not; discuss the cause first"


def _beside(lesson: Lesson) -> Iterator[tuple[str, str]]:
    stems = _stems(lesson.recommendation)
    if stems and lesson.conclusion and not stems & _stems(lesson.conclusion):
        yield "recommendation", "it shares no word with the conclusion; say how it removes that cause"


def _no_body(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.recommendation and not lesson.action_body:
        yield "action_body", "say which function shall act"


def _no_measure(lesson: Lesson) -> Iterator[tuple[str, str]]:
    text = lesson.recommendation
    if text and not lesson.objective and not _MEASURES.search(fold(text)) and not re.search(r"\d", text):
        yield "recommendation", "say by which figure one will see that it worked, or name an objective"


def _overdue(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for action in lesson.actions:
        missing = [
            name for name, value in (("owner", action.owner or action.owner_id), ("date", action.due)) if not value
        ]
        if action.state == "open" and missing:
            yield "actions", f"action {action.action_id} has no {' and no '.join(missing)}: it is overdue from birth"


def _acronyms(lesson: Lesson) -> Iterator[tuple[str, str]]:
    text = "\n".join(getattr(lesson, field) for field in ("title", *_TEXTS))
    if text.isupper():
        return  # written in capitals throughout
    for name in dict.fromkeys(_ACRONYM.findall(text)):
        is_expanded = re.search(rf"\({name}\)|\b{name} ?\(", text)
        if name.isupper() and name not in _KNOWN and not is_expanded:
            field = next(one for one in ("title", *_TEXTS) if re.search(rf"\b{name}\b", getattr(lesson, one)))
            yield field, f"write {name} out where it stands first: “… ({name})”"


def _too_long(lesson: Lesson) -> Iterator[tuple[str, str]]:
    letters = sum(len(getattr(lesson, field)) for field in ("title", *_TEXTS))
    if letters > PAGE_LETTERS:
        field = max(_TEXTS, key=lambda one: len(getattr(lesson, one)))
        yield field, f"the text has {letters:,} letters, and a page holds {PAGE_LETTERS:,}; two lessons, perhaps?"


def _only_training(lesson: Lesson) -> Iterator[tuple[str, str]]:
    kinds = {action.kind for action in lesson.actions if action.state != "dropped"}
    if kinds == {"training"}:
        yield "actions", "training is the only remedy: would the next person in the same place do better, and why?"


def _names(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for field in ("title", *_TEXTS):
        found = _NAMES.search(getattr(lesson, field))
        if found:
            yield field, f"“{found[0]}” is a person; name the function instead"


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"\w+", fold(text)) if len(word) >= _STEM}


RULES: Mapping[str, Rule] = {
    "no-source": Rule("an observation that nobody can look up again convinces nobody later", _no_source),
    "recommends-early": Rule("an observation is a fact; a remedy in it shuts the search for causes", _recommends),
    "judges": Rule("who fears blame does not report (GAO-02-195 on NASA's lessons)", _judges),
    "no-expectation": Rule("an observation is a difference between what was expected and what came", _no_expectation),
    "no-cause": Rule("without cause and effect the conclusion hangs in the air", _no_cause),
    "new-cause": Rule("a conclusion names a cause that was discussed, so that it can be followed", _new_cause),
    "beside-the-conclusion": Rule("a recommendation removes the cause that the conclusion names", _beside),
    "no-action-body": Rule(
        "lessons without an owner end in a database and are forgotten (US Army CALL 11-33, chapter 1)", _no_body
    ),
    "no-measure": Rule("learned is what can be measured as a change (US Army CALL 11-33, chapter 1)", _no_measure),
    "overdue-from-birth": Rule("what nobody owes by no date is done by nobody", _overdue),
    "acronym": Rule("who reads this in five years, or in another service, does not know it", _acronyms),
    "over-a-page": Rule("what does not fit a page is not read in the minute that people have", _too_long),
    "only-training": Rule(
        "telling people to take more care is the weakest of controls (NIOSH, hierarchy of controls): the trap stays",
        _only_training,
    ),
    "name": Rule("a lesson concerns functions; a name in its text can never be erased", _names),
}
