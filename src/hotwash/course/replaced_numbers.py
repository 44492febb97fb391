"""Numbers that replace others: which row stands in place of which, and where it counts something else.

8 in all ◀─ supersedes ─ 5 in the first night     the total is gone, and the night is no new total
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hotwash.course.dossier import Dossier, DossierRow, remark, say_list

_ALL = {"occasion_id": "all occasions", "subject_id": "all places", "part": "the whole"}


def later_rows(dossier: Dossier) -> Mapping[str, DossierRow]:
    """Return the claims and events that were replaced, by place, each with the row that replaced it last."""
    found: dict[str, DossierRow] = {}
    for table, key in (("events", "event_id"), ("claims", "claim_id")):
        entries = dossier.entries[table]
        by_name = {one.name: one for one in entries}
        for one in entries:
            if one.name != one.row[key]:  # told again under its own name
                number = int(one.name.rpartition("#")[2]) + 1
                found[one.place] = by_name.get(f"{one.row[key]}#{number}", by_name[one.row[key]])
        links = [(one, name) for one in entries for name in one.row["supersedes"] or () if name in by_name]
        for one, name in sorted(
            links, key=lambda link: (link[0].row["known_utc"] is not None, str(link[0].row["known_utc"]))
        ):
            if one.place != by_name[name].place:
                found[by_name[name].place] = one
    return found


def find_other_scopes(dossier: Dossier) -> Iterator[dict[str, object]]:
    """Yield a remark on each number that replaces one of another occasion, place or part."""
    for one in (*dossier.entries["events"], *dossier.entries["claims"]):
        for name in one.row["supersedes"] or ():
            old = next((row for row in dossier.entries[one.table] if row.name == name), None)
            if old is None or old is one or not (_tells_number(one, dossier) and _tells_number(old, dossier)):
                continue
            before, now = _scope(old, dossier), _scope(one, dossier)
            differing = [column for column in _ALL if _differ(column, before[column], now[column], dossier)]
            if not differing:
                continue
            first, last = (say_list([side[column] or _ALL[column] for column in differing]) for side in (before, now))
            text = f"It replaces {old.name}, told of {first}, and is itself told of {last}."
            advice = (
                "Only a number of the same can replace another: correct supersedes, or what one of the rows counts."
            )
            yield remark("other_scope", one, text, advice, column="supersedes", rows=[old.place])


def _tells_number(entry: DossierRow, dossier: Dossier) -> bool:
    if entry.table == "claims" and dossier.questions[entry.row["question_id"]]["kind"] != "count":
        return False
    try:
        return float(entry.row["value"]) >= 0.0
    except (TypeError, ValueError):
        return False


def _scope(entry: DossierRow, dossier: Dossier) -> dict[str, str]:
    """Return the occasion, the subject and the part that a number counts; "" of all."""
    row = entry.row
    question = {} if entry.table == "events" else dossier.questions[row["question_id"]]
    return {column: row.get(column) or question.get(column) or "" for column in _ALL}


def _differ(column: str, before: str, now: str, dossier: Dossier) -> bool:
    """Tell whether two numbers count different things; where there is only one, to name it changes nothing."""
    if before.casefold() == now.casefold():
        return False
    if (before and now) or column == "part":
        return True
    others = {one.row.get(column) for table in ("events", "sightings", "finds") for one in dossier.entries[table]}
    return len(others - {None, ""}) > 1
