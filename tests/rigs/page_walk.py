"""A walk through every page in one browser tab, on a screen, in a language and a theme: what is wrong with it."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from api.pages.language import Language, catalog
from tests.rigs.chromium import Chromium
from tests.rigs.filled_town import FilledTown, filled_town
from tests.rigs.page_stops import Stop, stops
from tests.rigs.served_app import served

CHECKS = Path(__file__).with_name("page_checks.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a page is looked at."""

    language: Language
    dark: bool
    phone: bool

    @property
    def size_wh(self) -> tuple[int, int]:
        """CSS pixels."""
        return (390, 844) if self.phone else (1280, 800)

    def __str__(self) -> str:
        return f"{self.language} {'dark' if self.dark else 'light'} {'phone' if self.phone else 'desktop'}"


@dataclass
class Walk:
    """The filled district, served, with a browser in it."""

    town: FilledTown
    stops: tuple[Stop, ...]
    address: str
    browser: Chromium
    _sessions: dict[str | None, str] = field(default_factory=dict[str | None, str])

    def look(self, look: Look) -> None:
        """Look at all that follows like this."""
        width, height = look.size_wh
        self.browser.look_like(width, height, dark=look.dark, phone=look.phone, language=look.language.tag)

    def open(self, stop: Stop, language: Language) -> None:
        """Go to a page as whoever opens it, and wait until it is ready."""
        doors = self.town.house.doors
        self.browser.set_cookie(self.address, doors.session_cookie, self._session(stop.who))
        self.browser.set_cookie(self.address, doors.step_cookie, self.town.step)
        self.browser.open(f"{self.address}{stop.address}{'&' if '?' in stop.address else '?'}lang={language}")
        self.browser.wait_for(stop.ready)
        self.browser.settle()

    def complaints(self, stop: Stop, look: Look) -> list[str]:
        """Open a page and say what is wrong with it; the screen is that of `look` already."""
        browser = self.browser
        del browser.troubles[:], browser.failed[:], browser.requests[:]
        self.open(stop, look.language)
        asked = {"language": look.language.tag, "prefixes": PREFIXES, "foreign": FOREIGN[look.language]}
        if not browser.value("document.querySelector('[autofocus]') !== null"):
            browser.press("Tab")
            skips = browser.value("document.activeElement.matches('.skip') && document.activeElement.clientWidth > 1")
            browser.value("document.activeElement.blur()")
            browser.troubles += (
                [] if skips else ["the first press of the tabulator does not offer to skip the sections"]
            )
        found: list[str] = browser.value(f"({CHECKS.strip()})({json.dumps(asked)})")
        ours = (self.address, "about:", "data:", "blob:")
        outside = [f"asks {url}" for url in browser.requests if not url.startswith(ours)]
        return [f"{stop.name}, {look}: {one}" for one in (*found, *browser.troubles, *browser.failed, *outside)]

    def _session(self, who: str | None) -> str:
        if who is not None and who not in self._sessions:
            accounts = self.town.house.accounts
            self._sessions[who] = accounts.open_session(accounts.person(who))
        return self._sessions.get(who, "")


@contextmanager
def walking() -> Generator[Walk]:
    """A walk through a district of its own, which is gone at the end of the block."""
    with TemporaryDirectory(prefix="jiexun-walk-") as folder:
        town = filled_town(Path(folder))
        with (
            town.house.store,
            served(town.house.doors) as address,
            Chromium(Path(folder) / "profile") as browser,
        ):
            yield Walk(town, stops(town), address, browser)


def _only_of(language: Language) -> list[str]:
    """Whole sentences and words of a language that mean nothing in the other one."""
    other = Language.EN if language is Language.ZH else Language.ZH
    theirs = set(catalog(other).values())
    return sorted(words for words in catalog(language).values() if len(words) > 1 and words not in theirs)


FOREIGN = {Language.ZH: _only_of(Language.EN), Language.EN: _only_of(Language.ZH)}
PREFIXES = sorted({key.partition(".")[0] for key in catalog(Language.ZH) if "." in key})
