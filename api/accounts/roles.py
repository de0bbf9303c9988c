"""What people are to the city, and what each of them may therefore do. Everything that is not listed is denied."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Right(StrEnum):
    """One thing that somebody may do. Routes ask for a right, never for a role."""

    SEE_CASES = "see_cases"
    SEE_CAMERAS = "see_cameras"
    JUDGE = "judge"
    CHECK = "check"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    SUPERVISE = "supervise"
    COMMAND = "command"
    REPORT = "report"
    DETECT = "detect"
    TRAIN = "train"
    PUSH_FRAMES = "push_frames"
    SEND_FINDINGS = "send_findings"
    SEE_METRICS = "see_metrics"
    SEE_APPRAISAL = "see_appraisal"
    APPRAISE = "appraise"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CAMERAS = "manage_cameras"
    COMMENT = "comment"
    ANNOUNCE = "announce"
    ARRANGE = "arrange"
    SERVE = "serve"
    SEE_MODELS = "see_models"
    PROMOTE_MODELS = "promote_models"


class Role(StrEnum):
    """What a person is. One person may be several things, as in a small town."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    TRAINER = "trainer"
    LEADER = "leader"
    AUDITOR = "auditor"
    OBSERVER = "observer"
    COMMUNITY = "community"
    """A community office or Party branch: puts residents' orders to volunteers, announces."""
    VOLUNTEER = "volunteer"
    """A volunteer or Party member: claims such orders."""


_R = Right

RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(
            {
                _R.SEE_CASES,
                _R.SEE_CAMERAS,
                _R.SEE_APPRAISAL,
                _R.SEE_METRICS,
                _R.MANAGE_ACCOUNTS,
                _R.MANAGE_CAMERAS,
                _R.SEE_MODELS,
                _R.PROMOTE_MODELS,
            }
        ),
        Role.SUPERVISOR: frozenset(
            {
                _R.SEE_CASES,
                _R.SEE_CAMERAS,
                _R.SEE_APPRAISAL,
                _R.JUDGE,
                _R.CHECK,
                _R.SUPERVISE,
                _R.COMMAND,
                _R.APPRAISE,
                _R.EXPORT,
                _R.DETECT,
                _R.MANAGE_CAMERAS,
                _R.SEE_MODELS,
            }
        ),
        # A department that answers by telephone has its answers entered by the dispatcher: hence HANDLE.
        Role.DISPATCHER: frozenset(
            {_R.SEE_CASES, _R.SEE_CAMERAS, _R.SEE_APPRAISAL, _R.DISPATCH, _R.COMMAND, _R.HANDLE, _R.REPORT}
        ),
        Role.HANDLER: frozenset({_R.SEE_CASES, _R.SEE_APPRAISAL, _R.HANDLE}),
        Role.TRAINER: frozenset({_R.SEE_CASES, _R.SEE_CAMERAS, _R.DETECT, _R.TRAIN, _R.SEE_MODELS, _R.PROMOTE_MODELS}),
        Role.LEADER: frozenset({_R.SUPERVISE, _R.COMMAND, _R.SEE_CASES, _R.SEE_CAMERAS, _R.SEE_APPRAISAL}),
        Role.AUDITOR: frozenset(
            {_R.SEE_CASES, _R.SEE_CAMERAS, _R.SEE_APPRAISAL, _R.SEE_METRICS, _R.EXPORT, _R.SEE_AUDIT, _R.SEE_MODELS}
        ),
        Role.OBSERVER: frozenset({_R.SEE_CASES, _R.COMMENT}),
        Role.COMMUNITY: frozenset({_R.ANNOUNCE, _R.ARRANGE}),
        Role.VOLUNTEER: frozenset({_R.SERVE}),
    }
)
"""Every right of every role."""

FOR_PROGRAMS = frozenset({_R.SEE_CASES, _R.HANDLE, _R.REPORT, _R.DETECT, _R.SEE_METRICS, _R.SEND_FINDINGS})
"""Rights that a program's key may have; verdicts, dispatch and accounts are people's."""


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """What somebody with these roles may do.

    >>> sorted(rights_of([Role.HANDLER]))
    [<Right.HANDLE: 'handle'>, <Right.SEE_APPRAISAL: 'see_appraisal'>, <Right.SEE_CASES: 'see_cases'>]
    """
    return frozenset[Right]().union(*(RIGHTS[role] for role in roles))
