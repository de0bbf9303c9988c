"""Short files and short functions: one thing at a time."""

import ast
from pathlib import Path
from statistics import median

from tests.tree import PACKAGES, files, name

LONGEST_FILE = 400
MEDIAN_FILE = 120
LONGEST_FUNCTION = 50


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def long_functions(source: str) -> list[str]:
    return [
        f"{node.name}: {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def test_no_file_is_longer_than_400_lines() -> None:
    measured = {name(path): lines(path) for path in files(".py", ".js", ".css", ".html")}
    assert {path: length for path, length in measured.items() if length > LONGEST_FILE} == {}


def test_half_of_the_files_are_120_lines_or_shorter() -> None:
    lengths = [lines(path) for path in files(".py", under=PACKAGES) if path.name != "__init__.py"]
    assert median(lengths) <= MEDIAN_FILE


def test_no_function_is_longer_than_50_lines() -> None:
    found = {name(path): long_functions(path.read_text(encoding="utf-8")) for path in files(".py")}
    assert {path: functions for path, functions in found.items() if functions} == {}


def test_a_function_of_51_lines_is_noticed() -> None:
    fits = "def fits():\n" + "    pass\n" * 49
    too_long = "async def too_long():\n" + "    pass\n" * 50
    assert long_functions(fits + too_long) == ["too_long: 51 lines"]
