"""A broken city file never breaks the program, and a password in it never comes back out (reliability D3).

`JIEXUN_TEST_BROKEN_CITIES` says how many there are; before a release, 5000.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.city.city import load_city
from api.errors import CityError

BROKEN = int(os.environ.get("JIEXUN_TEST_BROKEN_CITIES", "300"))
SECRET = "Hunter2-Correct-Horse"
VALUES = [
    *(".nan", ".inf", "-1", "1e999", "5", '"5"', "true", "null", "~", "[]", "{}", "[[0.1, 0.2]]", "{a: 1}"),
    *("&a x", "*a", "!!python/object:os.system x", "!x", "|", ">-", "? x", "- x", "'", '"', "{", "]", "%YAML", "@"),
    *('"\\ud800"', '"\\0"', "\u202e", "🚗", "９", "9" * 400, "0x1f", "0o17", "1_000", "12:30:45", "2026-13-01", "\t"),
    *("daily 00:00-24:00", "rtsp://", "rtsp://[", "https://[::1", "https://x:y@z", SECRET, f"whsec_{SECRET}"),
    *(f"https://u:{SECRET}@example.org/", f"rtsp://admin:{SECRET}@10.0.0.5/a", f"{{secret: {SECRET}}}", f"[{SECRET}]"),
]


@st.composite
def broken(draw: st.DrawFn, text: str) -> bytes:
    """`text` with one to four lines changed, doubled, moved, cut or overwritten, or a few bytes flipped."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        how = draw(st.sampled_from(["value", "part", "double", "drop", "swap", "indent", "rename"]))
        if how == "value" and ":" in line:
            lines[at] = line[: line.index(":") + 1] + " " + draw(st.sampled_from(VALUES))
        elif how == "part":
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
            lines[at] = line[:start] + draw(st.sampled_from(VALUES) | st.text(max_size=4)) + line[end:]
        elif how == "double":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "indent":
            lines[at] = draw(st.sampled_from(["", " ", "  ", "\t", "      "])) + line.lstrip()
        else:
            lines[at] = line.replace(":", draw(st.sampled_from(["x:", "", "::", ": :"])), 1)
    data = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
    for at in draw(st.lists(st.integers(0, len(data) - 1), max_size=1)) if data else ():
        data[at] = draw(st.integers(0, 255))
    return bytes(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


def told(path: Path) -> str:
    """What the author of the file is told; nothing if the file is still a valid one."""
    try:
        load_city(path, environment={"WARDENS_SECRET": SECRET, "EAST_GATE": f"admin:{SECRET}"})
    except CityError as refused:
        return "\n".join([str(refused), *(str(problem) for problem in refused.problems)])
    return ""


@settings(max_examples=BROKEN, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_broken_city_file_is_refused_in_words_without_its_passwords(
    data: st.DataObject, full: str, folder: Path
) -> None:
    path = folder / "city.yaml"
    path.write_bytes(data.draw(broken(full)))
    said = told(path)
    assert SECRET not in said
    assert all(len(line) <= 600 for line in said.split("\n"))
    said.encode("utf-8")
