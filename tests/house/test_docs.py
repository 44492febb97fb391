"""The manual is complete and true: its reference is what the code declares, and its examples run."""

from __future__ import annotations

import inspect
import io
import os
import re
import shlex
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
import typer

import hotwash as front
from hotwash import cli
from hotwash.errors import HotwashError, ReadError
from hotwash.model.schema import TEXTS, column, needed, table
from hotwash.model.tables import TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

# ---------------------------------------------------------------- the reference


@pytest.fixture(scope="module")
def reference(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("build_reference")


@pytest.mark.parametrize(
    "name", ["api.md", "tables.md", "commands.md", "errors.md", "lanes.md", "scenario.md", "airframes.md"]
)
def test_the_reference_is_what_the_code_declares(reference: ModuleType, name: str):
    committed = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert committed == reference.PAGES[name](), "run `uv run python scripts/build_reference.py` and commit"


def test_the_plans_of_the_lanes_are_drawn_from_their_files(reference: ModuleType):
    drawn = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "images" / "lanes").iterdir()}
    assert drawn == reference.plans(), "run `uv run python scripts/build_reference.py` and commit"


def test_every_measure_of_a_task_has_its_place_in_the_manual():
    from hotwash.score.results import TASK_MEASURES

    page = (DOCS / "reference" / "measures.md").read_text(encoding="utf-8")
    named = [name for name, _, _ in TASK_MEASURES]
    named += ["points", "time_s", "possible", "speed_sparc", "_reversals_per_s", "_busy_share", "_response_s"]
    missing = [name for name in [*named, "_overshoot"] if f"{name}`" not in page]
    assert not missing, f"docs/reference/measures.md lacks {missing}"


def test_every_measure_of_a_watch_has_its_place_in_the_manual():
    from hotwash.score.watch.closures import PLAIN
    from hotwash.score.watch.measure import KNOWN, OUTCOME

    page = (DOCS / "reference" / "measures.md").read_text(encoding="utf-8")
    of_watch = page.partition("\n## Of a watch\n")[2]
    named = [name for name, _ in (*OUTCOME, *PLAIN)] + [name.removesuffix("_known") for name, _ in KNOWN]
    missing = [name for name in [*named, "classified_…_as_…"] if f"`{name}`" not in of_watch]
    assert not missing, f"docs/reference/measures.md lacks {missing}"


def test_the_page_on_questions_has_a_row_for_each_kind_and_names_only_what_a_bundle_takes():
    from hotwash.course.closures import is_closure_length
    from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS

    page = (DOCS / "how-to" / "ask-questions.md").read_text(encoding="utf-8")
    assert not [kind for kind in QUESTION_KINDS if f'"{kind}"' not in page], "a kind has no row"
    quoted = set(re.findall(r'"(ESXX [^"]+)"', page))
    assert quoted
    assert all(is_closure_length(name) for name in quoted)
    section = page.partition("\n## How many\n")[2].partition("\n## ")[0]
    units = set(re.findall(r'"(\w+)"', section)) - QUESTION_KINDS.keys() - {"ESXX", "Airline"}
    assert len(units) > 12
    assert not units - COUNT_UNITS.keys(), "no unit of counts"


def test_the_schema_of_the_account_is_what_the_tables_declare(script: Callable[[str], ModuleType]):
    written = script("build_schema")
    assert written.SCHEMA.read_text(encoding="utf-8") == written.text(), "run `uv run python scripts/build_schema.py`"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table_has_its_row_in_the_manual(name: str):
    page = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"\n## {name}\n")
    section, _, _ = section.partition("\n## ")
    missing = [item.name for item in TABLES[name].columns if f"\n| `{item.name}` | " not in section]
    assert not missing, f"docs/reference/tables.md: {name} lacks {missing}"


def errors(branch: type[BaseException] = HotwashError) -> Iterator[str]:
    yield branch.__name__
    for child in branch.__subclasses__():
        yield from errors(child)


@pytest.mark.parametrize("name", sorted(set(errors())))
def test_every_error_has_its_section_in_the_manual(name: str):
    page = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    assert re.search(rf"^#+ {name}$", page, re.MULTILINE), f"docs/reference/errors.md: no section on {name}"


@pytest.mark.parametrize("name", front.__all__)
def test_every_name_of_the_front_has_its_section_with_every_choice_explained(name: str):
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"\n### {name}\n")
    section, _, _ = section.partition("\n### ")
    assert section, f"docs/reference/api.md: no section on {name}"
    value = getattr(front, name)
    if inspect.isfunction(value):
        explained = section.partition("```text")[2].partition("```")[2]
        missing = [one for one in list(inspect.signature(value).parameters)[1:] if one not in explained]
        assert not missing, f"the docstring of {name} does not explain {missing}"


def test_a_table_is_written_with_its_types_bounds_and_words(reference: ModuleType):
    plots = table(
        "plots",
        "one plot",
        needed("plot_id", pl.Int64(), "number of the plot"),
        needed("time_utc", pl.Datetime("us", "UTC"), "when it was measured"),
        column("range_m", pl.Float64(), "slant range", least=0.0),
        column("azimuth_deg", pl.Float64(), "direction | from north", least=0.0, most=360.0),
        column("kind", pl.String(), "what it is", one_of=("drone", "bird")),
        column("said_by", TEXTS, "who says so"),
        key=("plot_id",),
    )
    page = reference.tables_page({"plots": plots})
    assert "## plots\n\nA row is one plot. Rows are told apart by `plot_id`.\n" in page
    assert "| `plot_id` | whole number | no |  | number of the plot |" in page
    assert "| `time_utc` | UTC time, µs | no |  | when it was measured |" in page
    assert "| `range_m` | number | yes | at least 0 | slant range |" in page
    assert "| `azimuth_deg` | number | yes | 0 to 360 | direction \\| from north |" in page
    assert "| `kind` | text | yes | `drone`, `bird` | what it is |" in page
    assert "| `said_by` | list of text | yes |  | who says so |" in page


def test_a_command_is_written_with_its_arguments_and_options(reference: ModuleType):
    app = typer.Typer(help="Turns an incident into an account.")
    lessons = typer.Typer(help="Work on lessons.")
    app.add_typer(lessons, name="lessons")

    @app.command()
    def weigh(
        bundle: str = typer.Argument(help="the folder of the incident"),
        gap_s: float = typer.Option(10.0, help="a longer pause ends a stay [s]"),
        out: str = typer.Option(..., "--out", "-o", help="where to write"),
    ) -> None:
        """Weigh the statements of an incident."""

    @lessons.command("add")
    def add() -> None:
        """Add a lesson."""

    page = reference.commands_page(app)
    assert "## hotwash weigh\n\nWeigh the statements of an incident.\n" in page
    assert "| `BUNDLE` | required | the folder of the incident |" in page
    assert "| `--gap-s` | `10.0` | a longer pause ends a stay [s] |" in page
    assert "| `--out, -o` | required | where to write |" in page
    assert "## hotwash lessons add\n\nAdd a lesson.\n" in page
    assert "completion" not in page


def test_an_error_is_written_under_its_parent(reference: ModuleType):
    page = reference.declared_errors()
    assert page.index("## HotwashError") < page.index("### ReadError") < page.index("#### BundleError")
    assert (ReadError.__doc__ or "").strip() in page


# ---------------------------------------------------------------- the examples


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: the line where it opens, its language, what the fence notes, its text."""

    line: int
    language: str
    note: str
    text: str

    @property
    def exit_code(self) -> int:
        noted = re.search(r"\bexit=(\d+)", self.note)
        return int(noted.group(1)) if noted else 0


FENCE = re.compile(
    r"^(?P<indent> *)```+ *(?P<brace>\{ *\.)?(?P<language>\w+)(?P<note>[^\n]*)\n(?P<text>.*?)^(?P=indent)```+ *$",
    re.MULTILINE | re.DOTALL,
)


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page, in order; an indented one (in a list, a note) without its indent."""
    return [
        Block(
            page.count("\n", 0, found.start()) + 1,
            found["language"],
            found["note"],
            re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
        )
        for found in FENCE.finditer(page)
    ]


def typed(text: str) -> list[str]:
    """Return the commands of a console block: the lines that start with `$ hotwash`, with their continuations."""
    joined = text.replace("\\\n", " ")
    return [line[2:] for line in joined.splitlines() if line.startswith("$ hotwash ")]


def shown(text: str) -> list[str]:
    """Return every line of a block that shows a command of hotwash, however it is written."""
    return [line for line in text.splitlines() if re.match(r"\s*(?:\$ *)?(?:uv run )?(?:python -m )?hotwash ", line)]


def program(command: list[str], folder: Path) -> tuple[int, str]:
    """Run a program in a folder; return its exit code and what it said."""
    scripts = str(Path(sys.executable).parent)  # where the command `hotwash` of this environment stands
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def hotwash(command: str, folder: Path) -> tuple[int, str]:
    """Run a command of hotwash in a folder, without a process of its own; return its exit code and what it said."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(said), redirect_stderr(said):
        patched.chdir(folder)
        patched.setattr(sys, "argv", shlex.split(command))
        try:
            cli.main()
        except SystemExit as ended:
            return int(ended.code or 0), said.getvalue()
        except Exception:  # a program that ends so tells where, and with 1
            return 1, said.getvalue() + traceback.format_exc()
    return 0, said.getvalue()


def failures(page: str, folder: Path) -> str:
    """Run every example of a page, in order and in one folder; return what went wrong, a paragraph each."""
    said = []
    for block in blocks(page):
        ended: list[tuple[str, int, str]] = []
        if block.language in {"console", "bash"}:
            ended += [(command, *hotwash(command, folder)) for command in typed(block.text)]
        elif block.language == "python":
            ended.append(("this block", *program([sys.executable, "-c", block.text], folder)))
        said += [
            f"line {block.line}: {what}: exit code {code}, wanted {block.exit_code}\n{told}"
            for what, code, told in ended
            if code != block.exit_code
        ]
    return "\n".join(said)


@pytest.mark.parametrize("page", PAGES)
def test_every_example_of_the_manual_runs(page: str, tmp_path: Path):
    found = failures((DOCS / page).read_text(encoding="utf-8"), tmp_path)
    assert not found, f"docs/{page}, {found}"


@pytest.mark.parametrize("page", PAGES)
def test_no_example_of_the_manual_escapes_the_run(page: str):
    for block in blocks((DOCS / page).read_text(encoding="utf-8")):
        if block.language in {"console", "bash", "sh", "shell"}:
            escaped = [line for line in shown(block.text) if not line.startswith("$ hotwash ")]
            assert not escaped, f"docs/{page}:{block.line}: write `$ hotwash …` in a console block: {escaped}"


def test_a_failing_example_is_noticed_with_its_line(tmp_path: Path):
    assert not failures("```python\nassert 1 + 1 == 2\n```\n", tmp_path)
    said = failures("Text.\n\n```python\nassert 1 + 1 == 3\n```\n", tmp_path)
    assert said.startswith("line 3: this block: exit code 1, wanted 0")


def test_an_example_may_be_wanted_to_fail(tmp_path: Path):
    assert not failures("```{ .python exit=2 }\nraise SystemExit(2)\n```\n", tmp_path)
    assert failures("```{ .python exit=2 }\npass\n```\n", tmp_path)


def test_the_examples_of_a_page_build_on_one_another(tmp_path: Path):
    page = "```python\nopen('a', 'w').close()\n```\n\n- so:\n\n    ```python\n    open('a').close()\n    ```\n"
    assert not failures(page, tmp_path)


def test_a_command_is_read_with_its_continuation_and_without_its_output():
    text = "$ hotwash demo \\\n    --out a\nwrote a\n$ ls a\n$ hotwash weigh a\n"
    assert typed(text) == ["hotwash demo      --out a", "hotwash weigh a"]


def test_an_unknown_command_of_hotwash_is_noticed(tmp_path: Path):
    assert failures("```console\n$ hotwash no-such-command\n```\n", tmp_path)


# ---------------------------------------------------------------- the site


def test_the_site_builds_and_loads_nothing_from_elsewhere(root: Path, tmp_path: Path, tool: Callable[[str, str], None]):
    tool("mkdocs", "docs")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loads = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=[\"']?(?:https?:)?//[^\"'> ]+")
    outside = [
        f"{path.name}: {found}" for path in tmp_path.rglob("*.html") for found in loads.findall(path.read_text("utf-8"))
    ]
    assert not outside, outside
