"""Rooms compute and doors touch the world: read the syntax tree of every module and say where that is broken.

Each rule is a function from a parsed module to its faults, and is itself shown a snippet that it must refuse.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hotwash"
DOORS = {
    *(
        "ingest",
        "export",
        "store",
        "front",
        "sessions",
        "mavlink",
        "terminal",
        "work",
        "gym",
        "web",
        "campaign",
        "resources",
    ),
    "cli",  # it also prints
}
BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "data", "info", "process"}
ALLOWED_NAMES = {"lessons/process.py"}  # there the word is the subject: the lessons process

# Whole modules whose business is the world outside. urllib.parse only cuts strings, so it may pass.
OUTSIDE_MODULES = {
    *("os", "subprocess", "socket", "ssl", "urllib", "http", "ftplib", "smtplib", "requests", "httpx"),
    *("sqlite3", "tempfile", "shutil", "glob", "fileinput", "mmap", "logging", "importlib.resources"),
}
PURE_EXCEPTIONS = ("urllib.parse",)
OUTSIDE_CALLS = {
    *("open", "io.open", "input", "breakpoint", "sys.stdin", "sys.stdout", "sys.stderr", "sys.argv", "pathlib.Path"),
    *("numpy.load", "numpy.save", "numpy.savez", "numpy.loadtxt", "numpy.savetxt", "numpy.genfromtxt"),
    *("numpy.fromfile", "numpy.memmap", "jinja2.FileSystemLoader", "jinja2.PackageLoader"),
}
OUTSIDE_METHODS = {
    *("read_text", "read_bytes", "write_text", "write_bytes", "open", "iterdir", "rglob", "mkdir", "rmdir"),
    *("unlink", "touch", "is_file", "is_dir", "symlink_to", "hardlink_to", "tofile", "environ", "getenv"),
}
POLARS_FILES = ("read_", "write_", "scan_", "sink_")  # polars.read_csv, frame.write_parquet and their kin

CLOCK_CALLS = {
    f"time.{name}"
    for name in (
        *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time"),
        *("sleep", "localtime", "gmtime", "ctime"),
    )
}
CLOCK_METHODS = {"now", "utcnow", "today"}
DICE_MODULES = ("random", "secrets", "numpy.random")
DICE_TYPES = {"numpy.random.Generator", "numpy.random.BitGenerator"}
SEEDED_DICE = "numpy.random.Philox"  # with a seed that it is given it throws nothing: it counts
DICE_CALLS = {"uuid.uuid1", "uuid.uuid4"}


@dataclass(frozen=True)
class Fault:
    line: int
    what: str
    way_out: str

    def at(self, path: str) -> str:
        return f"{path}:{self.line}: {self.what}; {self.way_out}"


Rule = Callable[[ast.Module], Iterator[Fault]]


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, full dotted name) of everything a module imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or ''}.{alias.name}") for alias in node.names)


def bound(tree: ast.Module) -> dict[str, str]:
    """Return what each imported local name stands for: `import numpy as np` gives np -> numpy."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            # `import os.path` binds os; `import os.path as p` binds os.path
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}
    return names


def spoken(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every name in use, aliases undone; a method of a value is "?.method"."""
    full = bound(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.lineno, full.get(node.id, node.id)
        elif isinstance(node, ast.Attribute):
            parts, root = [node.attr], node.value
            while isinstance(root, ast.Attribute):
                parts.insert(0, root.attr)
                root = root.value
            head = full.get(root.id, root.id) if isinstance(root, ast.Name) else "?"
            yield node.lineno, ".".join([head, *parts])


def is_within(name: str, modules: set[str] | tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def no_outside(tree: ast.Module) -> Iterator[Fault]:
    way_out = "a room takes the content as an argument; the reading and writing is done in a door"
    for line, name in imported(tree):
        if is_within(name, OUTSIDE_MODULES) and not is_within(name, PURE_EXCEPTIONS):
            yield Fault(line, f"I/O in a room: import {name}", way_out)
    for line, name in spoken(tree):
        last = name.rpartition(".")[2]
        is_method = "." in name and not name.startswith("hotwash.")
        is_polars_file = is_method and last.startswith(POLARS_FILES)
        if name in OUTSIDE_CALLS or (is_method and last in OUTSIDE_METHODS) or is_polars_file:
            yield Fault(line, f"I/O in a room: {name}", way_out)


def no_clock(tree: ast.Module) -> Iterator[Fault]:
    for line, name in spoken(tree):
        if name in CLOCK_CALLS or ("." in name and name.rpartition(".")[2] in CLOCK_METHODS):
            yield Fault(line, f"a clock in a room: {name}", "take the time as an argument, `now_utc`")


def no_dice(tree: ast.Module) -> Iterator[Fault]:
    way_out = "take the generator as an argument, `rng: np.random.Generator`"
    for line, name in imported(tree):
        if is_within(name, ("random", "secrets")):
            yield Fault(line, f"dice in a room: import {name}", way_out)
    for node in ast.walk(tree):
        is_counter = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".Philox")
        if is_counter and not node.args and not node.keywords:
            yield Fault(node.lineno, "dice in a room: Philox without a seed", way_out)
    for line, name in spoken(tree):
        is_known = name in DICE_MODULES or name in DICE_TYPES or name == SEEDED_DICE
        is_dice = is_within(name, DICE_MODULES) and not is_known
        if is_dice or name in DICE_CALLS:
            yield Fault(line, f"dice in a room: {name}", way_out)


def no_print(tree: ast.Module) -> Iterator[Fault]:
    for line, name in spoken(tree):
        if name in {"print", "builtins.print"}:
            yield Fault(line, "print outside cli", "return what is to be said; cli.py says it")


def no_assert(tree: ast.Module) -> Iterator[Fault]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield Fault(node.lineno, "assert in the package", "raise an error of errors.py: python -O drops asserts")


def no_frames(tree: ast.Module) -> Iterator[Fault]:
    for line, name in imported(tree):
        if is_within(name, ("polars",)):
            yield Fault(line, "a kernel that knows frames: import polars", "hand it arrays; its caller unpacks")
        if is_within(name, ("hotwash",)) and ".kernels" in name:
            yield Fault(
                line,
                f"a kernel that calls into another file: {name}",
                "keep the call chain in one file: a compiled cache does not notice a change in an import",
            )


def no_vague_name(path: str) -> Iterator[Fault]:
    """Yield a fault where a module or package has a name that says nothing of what it holds."""
    if path in ALLOWED_NAMES:
        return
    for part in Path(path).with_suffix("").parts:
        if part in BANNED_NAMES:
            yield Fault(1, f"the module name {part!r} says nothing", "name it after what it holds or does")


def modules() -> list[str]:
    return sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


def is_room(path: str) -> bool:
    return Path(path).with_suffix("").parts[0] not in DOORS


def is_kernel(path: str) -> bool:
    return Path(path).name == "kernels.py"


def faults(rule: Rule, chosen: Callable[[str], bool]) -> str:
    """Return the faults of a rule over the chosen modules, a line each; empty where there are none."""
    return "\n".join(
        fault.at(f"src/hotwash/{path}")
        for path in modules()
        if chosen(path)
        for fault in rule(ast.parse((SOURCE / path).read_text(encoding="utf-8"), path))
    )


IN_ROOMS = [no_outside, no_clock, no_dice]


@pytest.mark.parametrize("rule", IN_ROOMS)
def test_a_room_touches_no_file_no_clock_and_no_dice(rule: Rule):
    found = faults(rule, is_room)
    assert not found, found


def test_only_the_command_line_prints():
    found = faults(no_print, lambda path: not path.startswith("cli/"))
    assert not found, found


def test_the_package_asserts_nothing_outside_kernels():
    found = faults(no_assert, lambda path: not is_kernel(path))
    assert not found, found


def test_a_kernel_sees_arrays_only():
    found = faults(no_frames, is_kernel)
    assert not found, found


def test_every_module_has_a_name_that_says_what_it_holds():
    found = "\n".join(fault.at(f"src/hotwash/{path}") for path in modules() for fault in no_vague_name(path))
    assert not found, found


def test_the_rules_look_at_rooms_and_leave_doors_alone():
    assert is_room("claims/weigh.py")
    assert is_room("errors.py")
    assert is_room("__init__.py")
    assert not is_room("ingest/csv.py")
    assert not is_room("cli.py")
    assert not is_room("resources.py")
    assert {"errors.py", "units.py"} <= {path for path in modules() if is_room(path)}


BAD = [
    (no_outside, "open('a')"),
    (no_outside, "from pathlib import Path\nPath('a')"),
    (no_outside, "import pathlib\npathlib.Path('a')"),
    (no_outside, "def f(place):\n    return place.read_text()"),
    (no_outside, "def f(place):\n    (place / 'a').write_bytes(b'')"),
    (no_outside, "import os"),
    (no_outside, "from os import environ"),
    (no_outside, "import os.path as p"),
    (no_outside, "def f():\n    import subprocess"),
    (no_outside, "import socket"),
    (no_outside, "from urllib.request import urlopen"),
    (no_outside, "import urllib.request"),
    (no_outside, "import sqlite3"),
    (no_outside, "import tempfile"),
    (no_outside, "import shutil"),
    (no_outside, "from importlib.resources import files"),
    (no_outside, "import polars as pl\npl.read_csv('a')"),
    (no_outside, "def f(frame):\n    frame.write_parquet('a')"),
    (no_outside, "import numpy as np\nnp.load('a')"),
    (no_outside, "import sys\nsys.stdout.write('a')"),
    (no_outside, "from jinja2 import FileSystemLoader\nFileSystemLoader('a')"),
    (no_clock, "from datetime import datetime\ndatetime.now()"),
    (no_clock, "import datetime as dt\ndt.datetime.now(dt.UTC)"),
    (no_clock, "import datetime\ndatetime.datetime.utcnow()"),
    (no_clock, "from datetime import date\ndate.today()"),
    (no_clock, "import time\ntime.time()"),
    (no_clock, "import time as t\nt.monotonic()"),
    (no_clock, "from time import perf_counter as tick\ntick()"),
    (no_clock, "from time import time\nf = time"),
    (no_dice, "import random"),
    (no_dice, "from random import choice"),
    (no_dice, "import numpy as np\nnp.random.normal()"),
    (no_dice, "import numpy as np\nnp.random.default_rng()"),
    (no_dice, "from numpy.random import default_rng\ndefault_rng(1)"),
    (no_dice, "from numpy import random\nrandom.rand()"),
    (no_dice, "import numpy as np\nnp.random.Generator(np.random.Philox())"),
    (no_dice, "import secrets"),
    (no_dice, "import uuid\nuuid.uuid4()"),
    (no_print, "print('a')"),
    (no_print, "def f(say=print):\n    say('a')"),
    (no_assert, "def f(a):\n    assert a"),
    (no_frames, "import polars as pl"),
    (no_frames, "from polars import DataFrame"),
    (no_frames, "from hotwash.geo.kernels import geodetic2enu"),
]


@pytest.mark.parametrize(("rule", "snippet"), BAD)
def test_a_rule_refuses_what_it_is_there_to_refuse(rule: Rule, snippet: str):
    assert list(rule(ast.parse(snippet)))


GOOD = [
    "import numpy as np\ndef f(rng: np.random.Generator) -> float:\n    return float(rng.normal())",
    "import numpy as np\ndef f(seed: int):\n    return np.random.Generator(np.random.Philox(seed))",
    "from numpy.random import Generator\ndef f(rng: Generator) -> float:\n    return float(rng.random())",
    "from datetime import UTC, datetime, timedelta\ndatetime(2025, 9, 10, tzinfo=UTC) + timedelta(seconds=1)",
    "from urllib.parse import quote\nquote('a b')",
    "from hotwash import resources\nresources.read('geo/a.json')",
    "import polars as pl\ndef f(frame: pl.DataFrame) -> pl.DataFrame:\n    return frame.rename({'a': 'b'})",
    "from pathlib import PurePosixPath\nPurePosixPath('a/b').name",
    "def f(time: float, random: float) -> float:\n    return time + random",
    "time_utc = 1\nopened = time_utc",
]


@pytest.mark.parametrize("snippet", GOOD)
def test_no_rule_refuses_what_a_room_may_do(snippet: str):
    tree = ast.parse(snippet)
    assert not [fault for rule in (*IN_ROOMS, no_print, no_assert) for fault in rule(tree)]


def test_a_fault_names_the_file_the_line_and_the_way_out():
    (fault,) = no_clock(ast.parse("import time\n\ntime.time()"))
    assert fault.at("src/hotwash/track/step.py") == (
        "src/hotwash/track/step.py:3: a clock in a room: time.time; take the time as an argument, `now_utc`"
    )


@pytest.mark.parametrize(
    "path", ["geo/utils.py", "store/manager.py", "data.py", "helpers/rings.py", "track/process.py"]
)
def test_a_name_that_says_nothing_is_refused(path: str):
    assert list(no_vague_name(path))


@pytest.mark.parametrize("path", ["geo/zones.py", "lessons/process.py", "claims/weigh.py"])
def test_a_name_that_says_something_is_not(path: str):
    assert not list(no_vague_name(path))
