"""The notices of one addressee, and which of them were read. The same as `cases.notices.Addressee.gets`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, func, insert, or_, select, true, update

from api.store import rows
from api.store.engine import begin
from api.store.reach import within
from api.store.tables import cases, notice_marks, notice_reads, notices
from cases.errors import NoticeNotFound
from cases.escalation import Audience
from cases.notices import Addressee, GivenNotice
from cases.overview import Page
from inference.findings import ViolationKind

MOST_COUNTED = 100
"""So many unread notices are counted, then the counting stops: nobody needs the difference between 300 and 3,000."""


class SqlNotices:
    """Reads without waiting for anybody; marking something as read is one transaction."""

    def __init__(self, engine: Engine, reading: Engine) -> None:
        self._engine = engine
        self._reading = reading

    def given_to(self, who: Addressee, *, unread: bool = False, limit: int = 50, offset: int = 0) -> Page[GivenNotice]:
        """The notices that are meant for somebody, newest first.

        Args:
            who: for whom.
            unread: only those that they have not read.
            limit: how many at most.
            offset: how many are left out before.
        """
        with begin(self._reading) as connection:
            mark = _mark_of(connection, who)
            which = _all_of(who)
            if unread:
                which = which.where(_unread_by(who, mark))
            ordered = which.order_by(notices.c.sequence.desc()).limit(limit).offset(offset)
            items = tuple(_given(row, mark) for row in connection.execute(ordered).mappings())
            counted = select(func.count()).select_from(which.order_by(None).subquery())
            return Page(items=items, total=connection.execute(counted).scalar_one())

    def unread(self, who: Addressee) -> int:
        """How many they have not read, counted up to `MOST_COUNTED`."""
        with begin(self._reading) as connection:
            fresh = _unread_by(who, _mark_of(connection, who))
            some = _mine(who, select(notices.c.sequence)).where(fresh).limit(MOST_COUNTED).subquery()
            return connection.execute(select(func.count()).select_from(some)).scalar_one()

    def read(self, number: int, who: Addressee, *, by: str, at: datetime) -> None:
        """Write down that somebody has read a notice; doing so again changes nothing.

        Args:
            number: of the notice.
            who: who has read it.
            by: what others call them; kept for the first one who reads it.
            at: aware UTC.

        Raises:
            NoticeNotFound: no notice of this number is meant for them.
        """
        with begin(self._engine) as connection:
            mark = _mark_of(connection, who)
            which = _mine(who, select(notices.c.sequence)).where(notices.c.sequence == number)
            if connection.execute(which).first() is None:
                raise NoticeNotFound(f"there is no notice {number} for you; look it up in your list of notices")
            if connection.execute(which.where(_unread_by(who, mark))).first() is None:
                return
            connection.execute(insert(notice_reads).values(notice=number, reader=who.reader, at=at))
            first = and_(notices.c.sequence == number, notices.c.read_at.is_(None))
            connection.execute(update(notices).where(first).values(read_at=at, read_by=by))
            _move_mark(connection, who, mark, _last_before_unread(connection, who, mark), at)

    def read_all(self, who: Addressee, *, up_to: int, by: str, at: datetime) -> int:
        """Write down that somebody has read all that is meant for them, up to the notice of this number.

        Returns:
            How many they had not read before.
        """
        with begin(self._engine) as connection:
            mark = _mark_of(connection, who)
            last = connection.execute(select(func.max(notices.c.sequence))).scalar_one() or 0
            until = min(up_to, last)
            fresh = _unread_by(who, mark), notices.c.sequence <= until
            new = _mine(who, select(notices.c.sequence)).where(*fresh)
            count = connection.execute(select(func.count()).select_from(new.subquery())).scalar_one()
            first = and_(notices.c.read_at.is_(None), notices.c.sequence.in_(new))
            connection.execute(update(notices).where(first).values(read_at=at, read_by=by))
            _move_mark(connection, who, mark, until, at)
            return count


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """Up to which notice somebody has read everything, and since when; so nobody has to look through what is old."""

    up_to: int = 0
    at: datetime | None = None


def _mark_of(connection: Connection, who: Addressee) -> _Mark:
    row = connection.execute(select(notice_marks).where(notice_marks.c.reader == who.reader)).mappings().first()
    return _Mark(up_to=row["up_to"], at=row["at"]) if row else _Mark()


def _move_mark(connection: Connection, who: Addressee, was: _Mark, up_to: int, at: datetime) -> None:
    """Only one transaction writes at a time, so nobody else can move it meanwhile."""
    if up_to <= was.up_to:
        return
    mine = notice_marks.c.reader == who.reader
    if connection.execute(update(notice_marks).where(mine).values(up_to=up_to, at=at)).rowcount == 0:
        connection.execute(insert(notice_marks).values(reader=who.reader, up_to=up_to, at=at))


def _last_before_unread(connection: Connection, who: Addressee, mark: _Mark) -> int:
    """The number before the oldest notice that somebody has not read; that of the newest of all where there is none."""
    oldest = _mine(who, select(func.min(notices.c.sequence))).where(_unread_by(who, mark))
    unread = connection.execute(oldest).scalar_one()
    return unread - 1 if unread else connection.execute(select(func.max(notices.c.sequence))).scalar_one()


def _all_of(who: Addressee) -> Select[Any]:
    when = (
        select(notice_reads.c.at)
        .where(notice_reads.c.notice == notices.c.sequence, notice_reads.c.reader == who.reader)
        .scalar_subquery()
    )
    columns = (cases.c.number.label("case_number"), cases.c.kind, cases.c.code, when.label("read_by_me_at"))
    return _mine(who, select(notices, *columns))


def _mine(who: Addressee, which: Select[Any]) -> Select[Any]:
    """Only the notices that are meant for somebody."""
    nameless, reachable = notices.c.name == "", within(who.reach)
    no_case = notices.c.case_id.is_(None)  # then nothing of a case can be asked, and comparisons hold for nobody
    by_role = sorted(audience.value for audience in who.audiences - {Audience.STREET})
    meant: list[ColumnElement[bool]] = [and_(notices.c.name == who.reader, notices.c.name != "")]
    if by_role:
        meant.append(and_(nameless, notices.c.audience.in_(by_role), *reachable))
    if who.streets:
        at_street = notices.c.audience == Audience.STREET.value
        meant.append(and_(nameless, at_street, cases.c.area.in_(sorted(who.streets))))
    if who.names:
        meant.append(and_(notices.c.name.in_(sorted(who.names)), or_(no_case, and_(true(), *reachable))))
    return which.outerjoin(cases, cases.c.id == notices.c.case_id).where(or_(*meant))


def _unread_by(who: Addressee, mark: _Mark) -> ColumnElement[bool]:
    mine = and_(notice_reads.c.notice == notices.c.sequence, notice_reads.c.reader == who.reader)
    return and_(notices.c.sequence > mark.up_to, ~exists().where(mine))


def _given(row: rows.Row, mark: _Mark) -> GivenNotice:
    return GivenNotice(
        number=row["sequence"],
        notice=rows.notice_from(row),
        case_number=row["case_number"],
        kind=ViolationKind(row["kind"]) if row["kind"] else None,
        code=row["code"],
        read_at=row["read_by_me_at"] or (mark.at if row["sequence"] <= mark.up_to else None),
    )
