"""How a case stands besides its state, and why departments return one."""

from enum import StrEnum


class Appeal(StrEnum):
    """What became of a department's appeal (申诉) against an overdue mark. Two people review it."""

    LODGED = "lodged"
    """Waits for the first review, by the dispatcher."""
    SECONDED = "seconded"
    """The first review agreed; waits for the second one, by the acceptor."""
    GRANTED = "granted"
    """The case is exempt in the appraisal. The mark itself stays."""
    DENIED = "denied"


class ReturnCause(StrEnum):
    """Why a department returns a case (回退)."""

    NOT_OUR_BUREAU = "not_our_bureau"
    """非本局: another bureau is responsible."""
    NOT_OUR_UNIT = "not_our_unit"
    """非本单位: another unit of the same bureau is responsible."""
