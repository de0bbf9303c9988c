"""How fast review is in a real browser: `python -m tests.rigs.reviewing [VERDICTS] [CANDIDATES]`.

Serves candidates with pictures of 1920×1080 pixels, presses keys, and prints for loopback and for a line of 80 ms and
20 Mbit/s: milliseconds from a verdict's key until both pictures of the next item are decoded and a frame with them is
drawn, of somebody who judges about sixty items a minute; verdicts that twenty fast presses give beyond the one that was
looked at; items a minute, and the same milliseconds, of somebody who judges each item as soon as keys count.
"""

import secrets
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from api.accounts.roles import Role
from inference.findings import ViolationKind
from tests.rigs.chromium import Chromium
from tests.rigs.served_app import served
from tests.web_house import House, build_house

CAMERAS = ("east-gate", "market-street", "patrol-7")
WATCH = """
window.taken = [];
addEventListener("keydown", async ({ key }) => {
  if (key !== "y" || !document.getElementById("bench").dataset.ready) return;
  const began = performance.now(), before = document.getElementById("case").textContent;
  const drawn = () => new Promise(requestAnimationFrame);
  while (document.getElementById("case").textContent === before) await drawn();
  await Promise.all([...document.querySelectorAll("#pictures img")].map((picture) => picture.decode()));
  await drawn();
  window.taken.push(performance.now() - began);
}, { capture: true });
"""
CALM = 0.6
"""Seconds that somebody looks before each verdict, beyond those in which keys do not count."""
READY = "document.getElementById('bench').dataset.ready"
TWENTY = """
for (let n = 0; n < 20; n++)
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true }));
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A way to the service. Milliseconds there and back; None: of this machine itself."""

    name: str
    round_trip: int | None


LINES = (Line(name="loopback", round_trip=None), Line(name="80 ms RTT, 20 Mbit/s", round_trip=80))


def street(number: int) -> bytes:
    """A picture of about the size that a camera of 1920×1080 pixels sends, unlike all others."""
    random = np.random.default_rng(number)
    coarse = random.integers(60, 200, (54, 96, 3), dtype=np.uint8)
    pixels = cv2.resize(coarse, (1920, 1080), interpolation=cv2.INTER_CUBIC)
    grain = random.integers(0, 12, pixels.shape, dtype=np.uint8)
    done, encoded = cv2.imencode(".jpg", cv2.add(pixels, grain), [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return encoded.tobytes()


def fill(house: House, count: int) -> None:
    """So many candidates, each at a place of its own."""
    for number in range(count):
        finding = house.finding(
            kind=list(ViolationKind)[number % 3],
            camera=CAMERAS[number // 3 % 3],
            zone=f"z{number}",
            pictures=(street(2 * number), street(2 * number + 1)),
        )
        house.take_in(replace(finding, where=None))


def next_item(chromium: Chromium, before: str) -> str:
    """Wait until keys count for another item than this one."""
    chromium.wait_for(f"{READY} && {READY} !== '{before}'")
    return str(chromium.value(READY))


def measure(house: House, address: str, line: Line, verdicts: int, profile: Path) -> str:
    """What somebody sees who gives so many verdicts over this line."""
    with Chromium(profile) as chromium:
        session = house.accounts.open_session(house.person(*Role))
        chromium.set_cookie(address, "jiexun", session)
        chromium.look_like(1280, 800)
        if line.round_trip is not None:
            chromium.slow_down(milliseconds=line.round_trip, bytes_per_second=2_500_000)
        chromium.open(f"{address}/review")
        shown = next_item(chromium, "")
        chromium.value(WATCH)
        calm, _, shown = judge(chromium, shown, verdicts, pause=CALM)
        quick, seconds, shown = judge(chromium, shown, verdicts)
        chromium.wait_for("document.getElementById('outbox').textContent === '0'")
        before = confirmed(house)
        chromium.value(TWENTY)
        next_item(chromium, shown)
        chromium.wait_for("document.getElementById('outbox').textContent === '0'")
        blind = confirmed(house) - before - 1
    fast = f"{60 * verdicts / seconds:.0f} items a minute, next one {spread(quick)}"
    return f"{line.name}: next item {spread(calm)}; {blind} blind in 20 presses; at full speed {fast}"


def judge(chromium: Chromium, shown: str, verdicts: int, *, pause: float = 0.0) -> tuple[Sequence[float], float, str]:
    """Give so many verdicts, with a pause before each; how long the next items took, all of it, and what is shown."""
    chromium.value("window.taken.length = 0")
    began = time.monotonic()
    for _ in range(verdicts):
        time.sleep(pause)
        chromium.type("y")
        shown = next_item(chromium, shown)
    seconds = time.monotonic() - began
    taken: list[float] = chromium.value("window.taken")
    assert len(taken) == verdicts, "a verdict was not timed"
    return sorted(taken), seconds, shown


def spread(taken: Sequence[float]) -> str:
    """Median and the slow end of sorted milliseconds."""
    return f"{median(taken):.0f} ms (95 of 100 within {taken[int(0.95 * (len(taken) - 1))]:.0f}, most {taken[-1]:.0f})"


def confirmed(house: House) -> int:
    """How many candidates were confirmed so far."""
    return house.store.cases(limit=1).total - house.store.candidates(limit=1).total


def main(verdicts: int, candidates: int) -> None:
    """Measure both lines, and print what came out."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        house = build_house(folder)
        with house.store:
            fill(house, candidates)
            with served(house.doors) as address:
                for line in LINES:
                    profile = folder / secrets.token_hex(4)
                    sys.stdout.write(measure(house, address, line, verdicts, profile) + "\n")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:3]]
    main(*(numbers + [30, 140][len(numbers) :]))
