"""What leaves this repository: no path of a machine, no registry, free licences, true commands."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement  # pytest brings it

import hotwash

# The patterns are put together from pieces, so that this file does not hold what it looks for. A path has no
# word before its first slash: a folder of the package that is called "work" is no path of a machine.
START = rb"(?<![\w.*)}\]>-])"
MACHINE_PATHS = re.compile(
    b"|".join(
        [
            *(START + b"/" + folder + b"/" for folder in (b"work", b"root", b"Users", b"mnt", b"workspace")),
            START + b"/" + b"home/" + rb"[a-z_]\w*",
            rb"\b[A-Z]:" + rb"\\+" + rb"Users\b",
            b"file:" + b"//",
        ]
    )
)
REGISTRIES = re.compile(
    b"|".join([rb"\b(?:pypi|python" + rb"hosted|npm" + rb"js)\.(?:org|com|io)\b", b"index" + b"-url", b"jf" + b"rog"])
)
LOCK = "uv.lock"  # names its registry, as every lock does

# Words that a permissive or file-wise licence may be made of. numpy carries parts under 0BSD, Zlib and CC0.
FREE = re.compile(r"\b(?:0?BSD|Apache|CC0|ISCL?\b|MIT\b|MPL|Mozilla|PSF|Python Software|Zlib)", re.IGNORECASE)


def tracked(root: Path) -> list[Path]:
    """Return the files that git holds; skip where this is no checkout."""
    if not (root / ".git").exists():
        pytest.skip("no git checkout here: an unpacked archive has no list of its own files")
    said = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in said.split("\0") if name and (root / name).is_file()]


def matches(pattern: re.Pattern[bytes], name: str, content: bytes) -> Iterator[str]:
    for found in pattern.finditer(content):
        line = content.count(b"\n", 0, found.start()) + 1
        text = found.group().decode(errors="replace")
        yield f"{name}:{line}: {text!r} is true on one machine only; take it out"


def found_in_tracked(root: Path, pattern: re.Pattern[bytes]) -> str:
    return "\n".join(
        said
        for path in tracked(root)
        if path.name != LOCK
        for said in matches(pattern, path.relative_to(root).as_posix(), path.read_bytes())
    )


def test_no_file_names_a_path_of_a_machine(root: Path):
    found = found_in_tracked(root, MACHINE_PATHS)
    assert not found, found


def test_no_file_but_the_lock_names_a_registry(root: Path):
    found = found_in_tracked(root, REGISTRIES)
    assert not found, found


@pytest.mark.parametrize(
    "text",
    [
        "open('/wo" + "rk/a')",
        " /ro" + "ot/.cache",
        "/ho" + "me/ann/a",
        "fi" + "le:///a",
        "C:" + "\\Us" + "ers",
        "=/Us" + "ers/ann",
    ],
)
def test_a_path_of_a_machine_is_found(text: str):
    assert list(matches(MACHINE_PATHS, "a", text.encode()))


@pytest.mark.parametrize("text", ["src/hotwash/work/demo.py", "./work/", "https://example.org/home/a", "**/root/"])
def test_a_folder_of_the_repository_is_no_path_of_a_machine(text: str):
    assert not list(matches(MACHINE_PATHS, "a", text.encode()))


@pytest.mark.parametrize("text", ["https://py" + "pi.org/simple", "files.python" + "hosted.org", "--index" + "-url x"])
def test_a_registry_is_found(text: str):
    assert list(matches(REGISTRIES, "a", text.encode()))


def test_what_is_found_is_named_by_file_and_line():
    (said,) = matches(MACHINE_PATHS, "docs/a.md", b"one\ntwo /ro" + b"ot/x\n")
    assert said.startswith("docs/a.md:2: ")


def project(root: Path) -> dict[str, object]:
    declared: dict[str, object] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return declared


def test_the_package_and_its_declaration_tell_one_version(root: Path):
    assert hotwash.__version__ == project(root)["version"]


def test_the_change_log_knows_this_version(root: Path):
    assert f"## [{hotwash.__version__}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def closure(names: list[str]) -> list[str]:
    """Return the names of all distributions that the named requirements bring along on this machine."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        requirement = Requirement(waiting.pop())
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and requirement.name.lower() not in seen:
            seen.add(requirement.name.lower())
            waiting += metadata.requires(requirement.name) or []
    return sorted(seen)


def licence(name: str) -> str:
    """Return what a distribution says of its licence: expression, else classifiers, else the first line."""
    told = metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [text for text in told.get_all("Classifier") or [] if text.startswith("License ::")]
    if classifiers:
        return " AND ".join(text.rpartition(" :: ")[2] for text in classifiers)
    return (told.get("License") or "unknown").strip().partition("\n")[0]


def is_free(expression: str) -> bool:
    """Tell whether every part that binds us is free; of an OR, one choice is enough."""
    parts = re.sub(r"[()]", " ", expression).split(" AND ")
    return all(any(FREE.search(choice) for choice in part.split(" OR ")) for part in parts)


def test_everything_the_bare_install_brings_is_free_to_use(root: Path):
    dependencies = project(root)["dependencies"]
    assert isinstance(dependencies, list)
    told = {name: licence(name) for name in closure(dependencies)}
    assert len(told) >= len(dependencies)
    bound = {name: text for name, text in told.items() if not is_free(text)}
    assert not bound, f"not in the allowed set; find another package or ask: {bound}"


@pytest.mark.parametrize(
    "text",
    ["MIT", "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "GPL-3.0 OR Apache-2.0", "PSF-2.0", "MPL-2.0", "ISC"],
)
def test_a_free_licence_is_taken(text: str):
    assert is_free(text)


@pytest.mark.parametrize("text", ["GPL-3.0-only", "MIT AND GPL-3.0", "unknown", "Proprietary", "LIMITED", "SUMMIT"])
def test_another_licence_is_not(text: str):
    assert not is_free(text)


def commands(text: str) -> list[str]:
    """Return the commands of hotwash that a page tells its reader to type, each once."""
    fences = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    typed = r"^\s*(?:\$ )?(?:uv run |uvx )?(?:python3? -m )?hotwash +([a-z][\w-]*)"
    return sorted({name for fence in fences for name in re.findall(typed, fence, re.MULTILINE)})


def test_the_commands_of_a_page_are_found():
    first = "```console\n$ uv run hotwash demo --out x\n$ hotwash --help\n```\n"
    page = first + "hotwash prose\n```\nhotwash weigh a\n```\n"
    assert commands(page) == ["demo", "weigh"]


def test_every_command_of_the_readme_exists(root: Path):
    named = commands((root / "README.md").read_text(encoding="utf-8"))
    assert named, "the README shows no command of hotwash; a newcomer needs one to start with"
    for name in named:
        done = subprocess.run(
            [sys.executable, "-m", "hotwash", name, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"README.md: `hotwash {name}` does not exist: {done.stderr}"


TESTS = "uv run --group dev pytest"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_page_says_how_to_run_the_tests(root: Path, name: str):
    if not (root / name).is_file():
        pytest.skip(f"no checkout here: {name} does not travel")
    assert TESTS in (root / name).read_text(encoding="utf-8")


def test_no_page_gives_a_command_that_lacks_what_tests_need(root: Path):
    short = re.compile(b"uv run " + b"pytest")
    assert not found_in_tracked(root, short), f"write {TESTS}: what only tests need is no default group"


def test_running_hotwash_installs_nothing_that_only_tests_need(root: Path):
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["tool"]["uv"]["default-groups"] == []
