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

# A participle names no thing: found what? Field terms and predicates that hold one are listed.
PARTICIPLES = {
    *("told", "held", "shown", "found", "asked", "said", "known", "given", "taken", "seen", "made", "kept", "drawn"),
    *("flown", "written", "begun", "done", "gone", "lost", "met", "sent", "sought", "thought", "understood", "built"),
    *("caught", "felt", "led", "meant", "won", "chosen", "spoken", "broken", "come", "laid", "sold", "heard", "fallen"),
    *("driven", "forgotten", "frozen", "stolen", "sworn", "torn", "thrown", "whole"),
}
NOT_PARTICIPLES = {"seed", "speed", "need", "feed", "embed", "shed", "bed", "exceed", "proceed"}
FIELD_TERMS = {
    *("signed_distance_m", "airspeed_mps", "extended_sys_state", "induced_drag", "regularised_beta", "lower_bound")
}
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


def has_participle(name: str) -> bool:
    if name.startswith(PREDICATES) or name in FIELD_TERMS:
        return False
    words = name.split("_")
    return any(
        word in PARTICIPLES or (re.fullmatch(r"[a-z]{2,}ed", word) is not None and word not in NOT_PARTICIPLES)
        for word in words
    )


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
        if not isinstance(node, ast.ClassDef) and has_participle(name)
    ]
    assert not found, found


def test_the_rule_knows_a_participle():
    assert has_participle("staged")
    assert has_participle("seeds_taken")
    assert has_participle("told")
    assert not has_participle("speed_mps")
    assert not has_participle("is_held")
    assert not has_participle("stage_recording")
