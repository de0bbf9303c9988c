"""What the table of moves cannot say: conditions on how a case stands, each with the sentence that refuses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from cases.standing import Appeal
from cases.states import Act, CaseState, acts_from

MOST_EXTENSIONS = 2
"""延期 at most twice."""


class Standing(Protocol):
    """What the conditions look at: a case, or what is told of one."""

    @property
    def state(self) -> CaseState: ...  # noqa: D102
    @property
    def extension_count(self) -> int: ...  # noqa: D102
    @property
    def extension_asked_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def overdue_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def suspended_until(self) -> datetime | None: ...  # noqa: D102
    @property
    def appeal(self) -> Appeal | None: ...  # noqa: D102
    @property
    def unreported(self) -> tuple[str, ...]: ...  # noqa: D102


def acts_of(case: Standing) -> tuple[Act, ...]:
    """What may be done to a case now, in the order of the table."""
    return tuple(act for act in acts_from(case.state) if why_not(case, act) is None)


def why_not(case: Standing, act: Act) -> str | None:
    """Why `act` is refused although the state allows it, in one sentence; None where it is not refused."""
    guard = _GUARDS.get(act)
    return guard(case) if guard else None


def _ask_extension(case: Standing) -> str | None:
    if case.extension_count >= MOST_EXTENSIONS:
        return f"its deadline has been extended {MOST_EXTENSIONS} times, which is the most; handle it or suspend it"
    if case.overdue_at is not None:
        return "it is overdue, and only before that can more time be asked for; handle it"
    if case.extension_asked_at is not None:
        return "more time has been asked for already; wait for the dispatcher"
    return None


def _decide_extension(case: Standing) -> str | None:
    return None if case.extension_asked_at else "nobody has asked for more time; the department has to ask first"


def _extend(case: Standing) -> str | None:
    if case.overdue_at is not None:
        return "it is overdue by now, and only before that can its deadline be extended; refuse the extension"
    return _decide_extension(case)


def _suspend(case: Standing) -> str | None:
    return "it was suspended before, and may be so only once; handle it" if case.suspended_until else None


def _all_have_reported(case: Standing) -> str | None:
    if not case.unreported:
        return None
    names = " and ".join(filter(None, (", ".join(case.unreported[:-1]), case.unreported[-1])))
    has = "have" if len(case.unreported) > 1 else "has"
    return f"{names} {has} not reported a sub-task as done; wait for that, or let a dispatcher withdraw it"


def _overdue(case: Standing) -> str | None:
    return "it is marked as overdue already" if case.overdue_at else None


def _appeal(case: Standing) -> str | None:
    if case.overdue_at is None:
        return "it is not marked as overdue, so there is nothing to appeal against"
    return "an appeal was made before, and there is only one" if case.appeal else None


def _review(case: Standing) -> str | None:
    waits = case.appeal in (Appeal.LODGED, Appeal.SECONDED)
    return None if waits else "no appeal waits for a review; the department has to appeal first"


_GUARDS: Mapping[Act, Callable[[Standing], str | None]] = MappingProxyType(
    {
        Act.ASK_EXTENSION: _ask_extension,
        Act.EXTEND: _extend,
        Act.REFUSE_EXTENSION: _decide_extension,
        # 联勤: all must report. The lead answers for the whole, so it is handled only when every part of it is.
        Act.HANDLE: _all_have_reported,
        Act.CLOSE: _all_have_reported,
        Act.SUSPEND: _suspend,
        Act.OVERDUE: _overdue,
        Act.APPEAL: _appeal,
        Act.UPHOLD: _review,
        Act.DISMISS: _review,
    }
)
