"""A lesson: what was observed, what follows from it, who acts by when, and how success will be shown.

    Observation – Discussion – Conclusion – Recommendation ─▶ remedial actions ─▶ objective ─▶ proof

Records only: `lessons` defines the permitted steps, and `store` saves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence for a lesson.

    kind       account, finding, recording, attempt, scores, document, checklist or event
    ref        its name: a claim id, a folder, a file name
    start_utc, end_utc   the span within a recording; None: all of it
    sha256     of the file, as lower-case hexadecimal; "" where there is no file
    text       what it shows, in our own words
    """

    kind: str
    ref: str
    start_utc: datetime | None = None
    end_utc: datetime | None = None
    sha256: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RemedialAction:
    """One action to be taken on a lesson.

    kind    training, procedure, equipment, organisation or other
    owner   the function that does it; "" for nobody. An action without owner or date is treated as overdue
    state   open, done, dropped
    """

    action_id: str
    text: str
    kind: str = "procedure"
    owner: str = ""
    owner_id: str = ""
    due: date | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of a lesson's history. Entries are only ever added.

    number     from 0
    when_utc   when it was entered
    by         random id of the person who did it
    role       in which role: originator, lessons_manager, analyst, authority, action_body, validator
    kind       kind of the step
    stage      stage of the lesson after it
    why        in the person's own words
    rests_on   its evidence: rows, documents, attempts
    changes    the fields that it set, as JSON text with sorted keys; "{}" for none
    before     hash of the previous entry; 64 zeros for the first
    sha256     hash of this entry: over everything above
    """

    number: int
    when_utc: datetime
    by: str
    role: str
    kind: str
    stage: str
    why: str
    rests_on: tuple[str, ...]
    changes: str
    before: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson after its last step.

    originator_id   random id of the person who reported it; exported only on request
    originator      the function that reported it
    place           name of the place; lat_deg and lon_deg where it is known
    markings        classification and releasability, as text
    related         lesson ids
    """

    lesson_id: str
    title: str
    stage: str
    observation: str = ""
    discussion: str = ""
    conclusion: str = ""
    recommendation: str = ""
    originator: str = ""
    originator_id: str = ""
    unit: str = ""
    event: str = ""
    event_utc: datetime | None = None
    place: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None
    keywords: tuple[str, ...] = ()
    classification: str = ""
    releasability: str = ""
    manager: str = ""
    manager_id: str = ""
    action_body: str = ""
    actions: tuple[RemedialAction, ...] = ()
    related: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    objective: str = ""
    superseded_by: str = ""
    language: str = ""
    history: tuple[Move, ...] = ()
