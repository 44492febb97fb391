"""Names can be searched for, and say what they hold."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotwash"
MODULES_AT_MOST = 3
EVERYWHERE = {"read", "parse", "write"}  # what every format does
SUBCOMMANDS = "cli/"  # there a function is named for the word that the user types: list, show, add

# A participle may describe a thing (assumed_wind), and is no name for one: found what? Predicates may end in one.
PARTICIPLES = {
    *("told", "held", "shown", "found", "asked", "said", "known", "given", "taken", "seen", "made", "kept", "drawn"),
    *("flown", "written", "begun", "done", "gone", "lost", "met", "sent", "sought", "thought", "understood", "built"),
    *("caught", "felt", "led", "meant", "won", "chosen", "spoken", "broken", "come", "laid", "sold", "heard", "fallen"),
    *("driven", "forgotten", "frozen", "stolen", "sworn", "torn", "thrown", "whole"),
}
BARE = {"told", "whole", "held", "shown", "found", "asked", "said", "given", "kept"}
NOT_PARTICIPLES = {"seed", "speed", "need", "feed", "embed", "shed", "bed", "exceed", "proceed"}
UNITS = {"m", "km", "s", "ms", "us", "deg", "rad", "mps", "kmh", "utc", "m2", "km2"}
PREDICATES = ("is_", "has_", "may_", "can_", "are_")


def public(tree: ast.Module) -> Iterator[tuple[str, ast.AST, bool]]:
    """Yield (name, node, whether it belongs to a class) of public functions, classes and methods."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node, False
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                yield inner.name, inner, True


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def ends_in_participle(name: str) -> bool:
    """Tell whether a name's last word, units left out, is a participle."""
    if name.startswith(PREDICATES):
        return False
    words = name.strip("_").split("_")
    while len(words) > 1 and words[-1] in UNITS:
        words.pop()
    last = words[-1]
    return last in PARTICIPLES or (re.fullmatch(r"[a-z]{2,}ed", last) is not None and last not in NOT_PARTICIPLES)


def test_a_public_name_stands_in_three_modules_at_most():
    places: dict[str, set[str]] = defaultdict(set)
    for module, tree in modules():
        for name, _, is_method in public(tree):
            if not is_method and not module.startswith(SUBCOMMANDS):
                places[name].add(module)
    crowded = {
        name: sorted(where) for name, where in places.items() if len(where) > MODULES_AT_MOST and name not in EVERYWHERE
    }
    assert not crowded, crowded


def test_functions_and_methods_are_named_by_verbs_or_things_not_by_participles():
    found = [
        f"{module}: {name}"
        for module, tree in modules()
        for name, node, _ in public(tree)
        if not isinstance(node, ast.ClassDef) and ends_in_participle(name)
    ]
    assert not found, found


def test_no_function_not_even_a_private_one_is_just_a_participle():
    found = [
        f"{module}:{node.lineno} {node.name}"
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in BARE
    ]
    assert not found, found


def test_the_rule_knows_a_participle():
    assert all(map(ends_in_participle, ("staged", "seeds_taken", "told", "begun_s")))
    assert not any(map(ends_in_participle, ("speed_mps", "is_held", "stage_recording", "assumed_wind")))
