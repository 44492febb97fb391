"""The size table measures what it says, and fails when a bound is passed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def size_table(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("size_table")


def function(name: str, lines: int) -> str:
    return f"def {name}():\n" + "    a = 1\n" * (lines - 1)


def package(folder: Path, **modules: str) -> str:
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_package_is_within_bounds(size_table: ModuleType, capsys: pytest.CaptureFixture[str]):
    code = size_table.main([])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "| total" in said.out


def test_a_package_of_short_functions_passes(size_table: ModuleType, tmp_path: Path):
    short = "\n".join(function(f"f{number}", 15) for number in range(20))
    assert size_table.main([package(tmp_path, short=short)]) == 0


def test_a_module_of_overlong_functions_is_refused(
    size_table: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    short = "\n".join(function(f"f{number}", 3) for number in range(100))
    long = "\n".join(function(f"f{number}", 46) for number in range(10))
    assert size_table.main([package(tmp_path, short=short, long=long)]) == 1
    said = capsys.readouterr().err
    assert "long.py: functions have 46 lines in the median, at most 15" in said
    assert "long.py: one function in ten has 46 lines or more, at most 45" in said
    assert "short.py" not in said


def test_a_single_overlong_function_among_few_is_refused_by_the_total(size_table: ModuleType, tmp_path: Path):
    assert size_table.main([package(tmp_path, one=function("f", 46))]) == 1


def test_a_module_of_501_lines_is_refused(size_table: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert size_table.main([package(tmp_path, a="A = 1\n" * 500)]) == 0
    assert size_table.main([package(tmp_path, a="A = 1\n" * 501)]) == 1
    assert "a.py: 501 lines, at most 500" in capsys.readouterr().err


def test_a_file_of_kernels_may_have_1250_lines(size_table: ModuleType, tmp_path: Path):
    assert size_table.main([package(tmp_path, kernels="A = 1\n" * 1250)]) == 0
    assert size_table.main([package(tmp_path, kernels="A = 1\n" * 1251)]) == 1


def test_too_many_classes_are_refused_but_the_tree_of_errors_is_not_counted(size_table: ModuleType, tmp_path: Path):
    tree = "class A(Exception):\n    pass\n" * 11
    plain = "A = 1\n" * 500
    assert size_table.main([package(tmp_path, plain=plain, errors=tree)]) == 0
    assert size_table.main([package(tmp_path, plain=plain, values=tree)]) == 1


def test_a_docstring_makes_no_function_long(size_table: ModuleType, tmp_path: Path):
    told = 'def f():\n    """Say.\n' + "    more\n" * 60 + '    """\n    return 1\n'
    sizes = size_table.measure_all(Path(package(tmp_path, told=told)))
    assert sizes[-1].functions == (2,)


def test_the_ninetieth_percentile_is_a_function_one_can_go_and_look_at(size_table: ModuleType):
    def p90(*lengths: int) -> int:
        return size_table.Size("a", 1, lengths, 0, 1).p90

    assert p90(*range(1, 11)) == 9
    assert p90(*range(1, 101)) == 90
    assert p90(7) == 7


def test_the_columns_stand_under_one_another(size_table: ModuleType, tmp_path: Path):
    sizes = size_table.measure_all(Path(package(tmp_path, a="A = 1\n", longer_name=function("f", 12))))
    assert len({len(line) for line in size_table.table(sizes).splitlines()}) == 1
