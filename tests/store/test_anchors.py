"""The file of heads survives any id, and lines that an id forged are recognised."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hotwash.store import anchors

HASH, OTHER = "a" * 64, "b" * 64
FORGER = f"L-0\t0\t{HASH}\nL-WARN\t99\t{OTHER}\nL-1"


@given(st.dictionaries(st.text(min_size=1).filter(str.strip), st.integers(0, 99), max_size=4))
def test_whatever_the_ids_are_each_head_comes_back(tmp_path_factory, numbers: dict[str, int]):
    path = tmp_path_factory.mktemp("heads") / "anchors.log"
    heads = {name.encode("utf-8", "replace").decode(): (number, HASH) for name, number in numbers.items()}
    anchors.append(path, heads)
    assert anchors.read(path) == heads
    assert path.read_bytes().count(b"\n") == len(heads)


def test_lines_that_an_id_forged_before_the_rule_accuse_nobody_and_can_be_removed(tmp_path: Path):
    path = tmp_path / "anchors.log"
    path.write_bytes(f"L-WARN\t2\t{HASH}\n{FORGER}\t0\t{HASH}\n".encode())
    assert anchors.read(path)["L-WARN"] == (99, OTHER)  # what an audit believed
    assert anchors.read(path, odd_ids=[FORGER]) == {"L-WARN": (2, HASH), FORGER: (0, HASH)}
    assert anchors.forged_lines(path, [FORGER]) == 2
    anchors.write_anew(path, [FORGER])
    assert anchors.read(path) == {"L-WARN": (2, HASH), FORGER: (0, HASH)}
    assert anchors.forged_lines(path, [FORGER]) == 0


def test_a_number_of_thousands_of_digits_or_of_another_script_is_no_head(tmp_path: Path):
    path = tmp_path / "anchors.log"
    path.write_text(f"A\t²\t{HASH}\nB\t{'9' * 5000}\t{HASH}\nC\t1\t{HASH}\n", encoding="utf-8")
    assert anchors.read(path) == {"C": (1, HASH)}
