"""Print how big everything is, and fail when something has grown out of bounds.

    python scripts/size_table.py [PACKAGE_FOLDER]

A module may have 500 lines, one of kernels 1,250. Half of the functions have at most 15 lines (of kernels 20),
nine in ten at most 45: over the
whole package, and in each module that has ten functions or more (of fewer, a percentile says nothing).
The package has at most 10 classes per 1,000 lines.
"""

from __future__ import annotations

import ast
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

MODULE_LINES = 500
MEDIAN_LINES = 15
# A compiled chain of calls stays in one file, because a cache does not notice a change in an imported kernel; and
# what is one expression over arrays elsewhere is a loop there.
KERNELS = "kernels.py"
KERNEL_LINES = 1250
KERNEL_MEDIAN = 20
P90_LINES = 45
CLASSES_PER_1000 = 10.0
FEWEST_FUNCTIONS = 10

# The tree of errors is one class for each line of meaning: a name to catch, no behaviour. Counting it would
# press us to raise vaguer errors, so neither its classes nor its lines enter the rate.
UNCOUNTED_CLASSES = "errors.py"

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "hotwash"
HEADINGS = ("module", "lines", "functions", "median", "p90", "classes", "per 1000")


@dataclass(frozen=True)
class Size:
    """One row: a module, or the whole package."""

    name: str
    lines: int
    functions: tuple[int, ...]
    classes: int
    class_lines: int  # the lines against which classes are counted

    @property
    def median(self) -> float:
        return statistics.median(self.functions) if self.functions else 0.0

    @property
    def p90(self) -> int:
        """The nearest-rank 90th percentile: the length of a real function, so one can go and look at it."""
        ordered = sorted(self.functions)
        return ordered[-(-9 * len(ordered) // 10) - 1] if ordered else 0

    @property
    def classes_per_1000(self) -> float:
        return 1000.0 * self.classes / self.class_lines if self.class_lines else 0.0


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from `def` to its end, docstring left out: explaining is not a fault."""
    body = node.body[0]
    is_docstring = isinstance(body, ast.Expr) and isinstance(body.value, ast.Constant)
    told = (body.end_lineno or 0) - body.lineno + 1 if is_docstring and ast.get_docstring(node) is not None else 0
    return (node.end_lineno or 0) - node.lineno + 1 - told


def measure(path: Path, name: str) -> Size:
    """Return the size of one module."""
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    lines = len(text.splitlines())
    is_counted = name != UNCOUNTED_CLASSES
    return Size(
        name,
        lines,
        tuple(function_lines(node) for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)),
        sum(isinstance(node, ast.ClassDef) for node in nodes) if is_counted else 0,
        lines if is_counted else 0,
    )


def measure_all(package: Path) -> list[Size]:
    """Return the size of every module, by name, and last the total."""
    found = [measure(path, path.relative_to(package).as_posix()) for path in sorted(package.rglob("*.py"))]
    total = Size(
        "total",
        sum(size.lines for size in found),
        tuple(length for size in found for length in size.functions),
        sum(size.classes for size in found),
        sum(size.class_lines for size in found),
    )
    return [*found, total]


def faults(sizes: list[Size]) -> list[str]:
    """Return a sentence for each bound that is passed; `sizes` ends with the total."""
    said = []
    for size in sizes:
        is_total = size is sizes[-1]
        is_kernels = size.name.endswith(KERNELS)
        most_lines, most_median = (KERNEL_LINES, KERNEL_MEDIAN) if is_kernels else (MODULE_LINES, MEDIAN_LINES)
        if not is_total and size.lines > most_lines:
            said.append(f"{size.name}: {size.lines} lines, at most {most_lines}; it holds two subjects, split it")
        if is_total or len(size.functions) >= FEWEST_FUNCTIONS:
            if size.median > most_median:
                said.append(f"{size.name}: functions have {size.median:g} lines in the median, at most {most_median}")
            if size.p90 > P90_LINES:
                said.append(f"{size.name}: one function in ten has {size.p90} lines or more, at most {P90_LINES}")
    if sizes[-1].classes_per_1000 > CLASSES_PER_1000:
        said.append(f"total: {sizes[-1].classes_per_1000:.1f} classes per 1,000 lines, at most {CLASSES_PER_1000:g}")
    return said


def table(sizes: list[Size]) -> str:
    """Return the sizes as a Markdown table with aligned columns."""
    rows = [HEADINGS] + [
        (
            size.name,
            str(size.lines),
            str(len(size.functions)),
            f"{size.median:g}",
            str(size.p90),
            str(size.classes),
            f"{size.classes_per_1000:.1f}",
        )
        for size in sizes
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in rows]
    rule = "| " + " | ".join(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def main(arguments: list[str]) -> int:
    sizes = measure_all(Path(arguments[0]) if arguments else PACKAGE)
    print(table(sizes))
    said = faults(sizes)
    for sentence in said:
        print(f"out of bounds: {sentence}", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
