"""Everything that can go wrong between a finding and a closed case.

    CaseError
    ├── CaseNotFound     no case has this identifier
    ├── NoticeNotFound   no notice of this number is meant for whoever asks
    ├── StaleVersion     somebody else changed the case first: look again, then decide
    ├── MoveRefused      the state table or a guard does not allow the move
    ├── ReportRefused    a report about something that the city has no name for
    ├── LeaseLost        another process has taken over this filing or camera
    ├── FilingFailed     one attempt to deliver a case did not succeed
    ├── SignatureRefused a message is not from who it says, or too old
    ├── PlanRefused      a patrol plan that cannot be made as asked
    ├── AppraisalError   figures, votes or moves of a month that cannot be
    └── DutyListError    a duty list that contradicts itself or covers nothing

Every message is one sentence that says what to do.
"""

from datetime import timedelta


class CaseError(Exception):
    """Base of all errors that `cases` raises on purpose."""


class CaseNotFound(CaseError):
    """No case has this identifier."""


class NoticeNotFound(CaseError):
    """No notice of this number is meant for whoever asks."""


class StaleVersion(CaseError):
    """Somebody else changed the case first.

    Attributes:
        case_id: which case.
        expected: the version the change was based on.
        version: the version it has now.
        state: where it stands now, as `cases.states.CaseState` names it.
    """

    def __init__(self, case_id: str, expected: int, *, version: int, state: str) -> None:
        super().__init__(
            f"case {case_id} has changed since version {expected}: it is {state} at version {version}; "
            "look at it again, then decide"
        )
        self.case_id = case_id
        self.expected = expected
        self.version = version
        self.state = state


class MoveRefused(CaseError):
    """The state table or a guard does not allow the move."""


class ReportRefused(CaseError):
    """A report about something that the city has no name for, or that contradicts itself."""


class LeaseLost(CaseError):
    """Another process has taken over this filing or camera, or a filing's department has answered meanwhile."""


class FilingFailed(CaseError):
    """One attempt to deliver a case did not succeed.

    Attributes:
        retry: whether trying again can help.
        retry_after: how long the receiver asked us to wait, if it did.
        maybe_delivered: the message may have arrived although no answer did.
        gone: the receiver says that it wants no message any more.
    """

    def __init__(
        self,
        message: str,
        *,
        retry: bool,
        retry_after: timedelta | None = None,
        maybe_delivered: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry = retry
        self.retry_after = retry_after
        self.maybe_delivered = maybe_delivered
        self.gone = gone


class SignatureRefused(CaseError):
    """A message is not from who it says, or too old."""


class DutyListError(CaseError):
    """A duty list that contradicts itself or covers nothing."""


class PlanRefused(CaseError):
    """A patrol plan that cannot be made as asked."""


class AppraisalError(CaseError):
    """A scheme that does not add up, a vote out of range, or a move that a month's state does not allow."""
