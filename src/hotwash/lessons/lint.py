"""Advice on how a lesson is written: it forbids nothing and always gives its reason.

The rules look for words, so they miss other wordings and react to quotations. They know English, Polish and Ukrainian;
for a lesson in another language only the advice that does not depend on words is given.

Source, where a rule names none: the form Observation – Discussion – Conclusion – Recommendation as taught with the NATO
Lessons Learned Handbook, in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hotwash.lessons.search_words import fold
from hotwash.model.lesson import Lesson

PAGE_LETTERS = 3000  # an A4 page in 11 points with margins of 2 cm holds about 3,300 letters, and headings take some
_STEM = 5  # letters of a word that carry its meaning through Polish and Ukrainian endings
_SHARED = 0.25  # share of a conclusion's longer words that the discussion should contain; fewer: another subject
_TEXTS = ("observation", "discussion", "conclusion", "recommendation")


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: the rule, the field, what to do, and why."""

    rule: str
    field: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `why` gives its reason and source; `look` yields (field, advice)."""

    why: str
    look: Callable[[Lesson], Iterator[tuple[str, str]]]


def lint(lesson: Lesson) -> tuple[Advice, ...]:
    """Return all advice on a lesson, in the order of RULES; empty where there is none."""
    return tuple(
        Advice(name, field, text, rule.why) for name, rule in RULES.items() for field, text in rule.look(lesson)
    )


def _any(*beginnings: str) -> re.Pattern[str]:
    """Return a pattern of word beginnings, folded for comparison."""
    return re.compile("|".join(rf"\b{fold(one)}" for one in beginnings))


_RECOMMENDS = _any(
    *(r"should (?!have)", "must ", "recommend", "need to", "ought to", "has to be", "we suggest"),
    *("nalezy", "powinn", "powinien", "trzeba", "rekomend", "zaleca"),
    *("слід", "потрібно", "необхідно", "рекоменд", "варто"),
)
_JUDGES = _any(
    *("obviously", "clearly", "unfortunately", "incompeten", "careless", "stupid", "negligen", "terribl"),
    *("unacceptabl", "sloppy", "lazy", "badly", "poorly", "of course"),
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
_FAMILIAR = {
    *("UTC", "NATO", "EU", "UE", "UN", "ONZ", "ID", "OK", "AM", "PM", "TV", "GO"),
    *("II", "III", "IV", "VI", "VII", "НАТО", "ЄС"),
}


def _no_source(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if not lesson.evidence:
        yield "evidence", "name a source: a finding, a recording with its time span, or a document with its hash"


def _recommends(lesson: Lesson) -> Iterator[tuple[str, str]]:
    match = _RECOMMENDS.search(fold(lesson.observation))
    if match:
        yield "observation", f"“{match[0].strip()}” recommends something; move that to the recommendation"


def _judges(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for field in ("observation", "discussion"):
        match = _JUDGES.search(fold(getattr(lesson, field)))
        if match:
            yield field, f"“{match[0].strip()}…” judges; describe what was observed, with figures"


def _no_expectation(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.observation and not _EXPECTS.search(fold(lesson.observation)):
        yield "observation", "state what was expected as well as what happened: the plan, the rule, the usual figure"


def _no_cause(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.discussion and not _CAUSES.search(fold(lesson.discussion)):
        yield "discussion", "explain why it happened: name the causes, with “because”"


def _new_cause(lesson: Lesson) -> Iterator[tuple[str, str]]:
    stems, before = _stems(lesson.conclusion), _stems(f"{lesson.observation} {lesson.discussion}")
    if stems and lesson.discussion and len(stems & before) < _SHARED * len(stems):
        yield "conclusion", "it raises something that the discussion did not; discuss the cause first"


def _beside(lesson: Lesson) -> Iterator[tuple[str, str]]:
    stems = _stems(lesson.recommendation)
    if stems and lesson.conclusion and not stems & _stems(lesson.conclusion):
        yield "recommendation", "it shares no word with the conclusion; explain how it removes that cause"


def _no_body(lesson: Lesson) -> Iterator[tuple[str, str]]:
    if lesson.recommendation and not lesson.action_body:
        yield "action_body", "state which function shall act"


def _no_measure(lesson: Lesson) -> Iterator[tuple[str, str]]:
    text = lesson.recommendation
    if text and not lesson.objective and not _MEASURES.search(fold(text)) and not re.search(r"\d", text):
        yield "recommendation", "state which figure will show that it worked, or name an objective"


def _overdue(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for action in lesson.actions:
        missing = [
            name for name, value in (("owner", action.owner or action.owner_id), ("date", action.due)) if not value
        ]
        if action.state == "open" and missing:
            yield "actions", f"action {action.action_id} has no {' and no '.join(missing)}, so it is treated as overdue"


def _acronyms(lesson: Lesson) -> Iterator[tuple[str, str]]:
    text = "\n".join(getattr(lesson, field) for field in ("title", *_TEXTS))
    if text.isupper():
        return  # written in capitals throughout
    for name in dict.fromkeys(_ACRONYM.findall(text)):
        is_expanded = re.search(rf"\({name}\)|\b{name} ?\(", text)
        if name.isupper() and name not in _FAMILIAR and not is_expanded:
            field = next(one for one in ("title", *_TEXTS) if re.search(rf"\b{name}\b", getattr(lesson, one)))
            yield field, f"spell out {name} at its first use: “… ({name})”"


def _too_long(lesson: Lesson) -> Iterator[tuple[str, str]]:
    letters = sum(len(getattr(lesson, field)) for field in ("title", *_TEXTS))
    if letters > PAGE_LETTERS:
        field = max(_TEXTS, key=lambda one: len(getattr(lesson, one)))
        yield (
            field,
            f"the text has {letters:,} letters, and a page holds {PAGE_LETTERS:,}; should these be two lessons?",
        )


def _only_training(lesson: Lesson) -> Iterator[tuple[str, str]]:
    kinds = {action.kind for action in lesson.actions if action.state != "dropped"}
    if kinds == {"training"}:
        yield "actions", "training is the only remedy: would the next person in the same situation do better, and why?"


def _names(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for field in ("title", *_TEXTS):
        match = _NAMES.search(getattr(lesson, field))
        if match:
            yield field, f"“{match[0]}” names a person; name the function instead"


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"\w+", fold(text)) if len(word) >= _STEM}


RULES: Mapping[str, Rule] = {
    "no-source": Rule("nobody can check an observation without a source later", _no_source),
    "recommends-early": Rule(
        "an observation is a fact; a remedy in it ends the search for causes too early", _recommends
    ),
    "judges": Rule("people who fear blame do not report (GAO-02-195 on NASA's lessons)", _judges),
    "no-expectation": Rule(
        "an observation is a difference between what was expected and what happened", _no_expectation
    ),
    "no-cause": Rule("without cause and effect the conclusion has no basis", _no_cause),
    "new-cause": Rule("readers can follow a conclusion only if its cause was discussed", _new_cause),
    "beside-the-conclusion": Rule("a recommendation should remove the cause that the conclusion names", _beside),
    "no-action-body": Rule(
        "lessons without an owner end in a database and are forgotten (US Army CALL 11-33, chapter 1)", _no_body
    ),
    "no-measure": Rule(
        "a lesson is learned when a change can be measured (US Army CALL 11-33, chapter 1)", _no_measure
    ),
    "overdue-from-birth": Rule("an action without an owner or a date is rarely done", _overdue),
    "acronym": Rule("a reader in five years' time, or in another service, may not know it", _acronyms),
    "over-a-page": Rule("most readers have a minute, and a longer text is not read", _too_long),
    "only-training": Rule(
        "telling people to take more care is the weakest control (NIOSH, hierarchy of controls): the hazard remains",
        _only_training,
    ),
    "name": Rule("a lesson concerns functions; a name in its text cannot be erased later", _names),
}
