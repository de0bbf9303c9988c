"""Pictures of every page for the documents: `python -m tests.rigs.page_tour --out docs/pictures/pages`.

Fills the demo district, opens every page of the walk as whoever works with it, and writes it twice as WebP: in Chinese
on a dark phone and in English on a light desk. Pictures of pages that there are no longer go.
"""

import argparse
from pathlib import Path

from api.pages.language import Language
from tests.rigs.chromium import Chromium
from tests.rigs.page_walk import Look, walking

PHONE = Look(language=Language.ZH, dark=True, phone=True)
DESK = Look(language=Language.EN, dark=False, phone=False)
LOOKS = (PHONE, DESK)
MOST_BYTES = 60_000
QUALITIES = (80, 65, 50, 35, 20)


def file_of(name: str, look: Look) -> str:
    """The picture of a page."""
    return f"{name}-{look.language}.webp"


def main() -> None:
    """Make them."""
    options = argparse.ArgumentParser(description="Make pictures of every page.")
    options.add_argument("--out", type=Path, default=Path("docs/pictures/pages"), help="folder of the pictures")
    out: Path = options.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    made: set[str] = set()
    with walking() as walk:
        for look in LOOKS:
            walk.look(look)
            for stop in walk.stops:
                walk.open(stop, look.language)
                _write(walk.browser, out / file_of(stop.name, look))
                made.add(file_of(stop.name, look))
    for old in out.glob("*.webp"):
        if old.name not in made:
            old.unlink()


def _write(browser: Chromium, path: Path) -> None:
    """The screen as it is, no larger than a document should carry."""
    for quality in QUALITIES:
        browser.picture(path, whole=False, quality=quality)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise ValueError(f"{path.name} is larger than {MOST_BYTES} bytes at the lowest quality")


if __name__ == "__main__":
    main()
