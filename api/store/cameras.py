"""What is drawn on cameras' pictures, in the database: editions. Every method is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, insert, select, tuple_

from api.errors import DrawingStale
from api.store.audit_log import AuditWriter
from api.store.engine import begin
from api.store.tables import drawings
from cases.audit.entry import Deed
from cases.audit.verifier import digest
from cases.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of what is drawn on a camera's picture.

    Attributes:
        camera: whose.
        edition: counted from 1; 0 is what the city file says.
        made_at: aware UTC.
        made_by: who drew it.
        drawing: plain data, see `api.city.drawing`.
    """

    camera: str
    edition: int
    made_at: datetime
    made_by: str
    drawing: Mapping[str, Any]


class SqlCameras:
    """The cameras of one installation.

    Args:
        engine: the store's.
        reading: the same, for those who only read.
        clock: tells when an edition was made.
    """

    def __init__(self, engine: Engine, reading: Engine, clock: Clock) -> None:
        self._engine, self._reading, self._clock = engine, reading, clock

    def draw(self, camera: str, drawing: Mapping[str, Any], *, instead_of: int, by: str) -> int:
        """Write the next edition.

        Args:
            camera: whose picture was drawn on.
            drawing: plain data.
            instead_of: the edition that the person saw.
            by: who drew it.

        Returns:
            Its number.

        Raises:
            DrawingStale: somebody else has drawn meanwhile.
        """
        mine = select(func.coalesce(func.max(drawings.c.edition), 0)).where(drawings.c.camera == camera)
        with begin(self._engine) as connection:
            last = connection.execute(mine).scalar_one()
            if last != instead_of:
                sentence = "somebody else has drawn on this picture meanwhile"
                raise DrawingStale(f"{sentence} (edition {last}); open the page again, then draw")
            row = {"camera": camera, "edition": last + 1, "made_at": self._clock(), "made_by": by}
            connection.execute(insert(drawings).values(**row, drawing=dict(drawing)))
            deed = Deed(
                actor=by,
                what="camera.drawn",
                object=camera,
                payload={"edition": last + 1, "drawing": digest(dict(drawing))},
            )
            AuditWriter(connection, self._clock).append(deed)
        return last + 1

    def in_force(self) -> Mapping[str, Edition]:
        """The last edition of every camera that has one."""
        last = select(drawings.c.camera, func.max(drawings.c.edition)).group_by(drawings.c.camera)
        which = select(drawings).where(tuple_(drawings.c.camera, drawings.c.edition).in_(last))
        with begin(self._reading) as connection:
            return {row["camera"]: Edition(**row) for row in connection.execute(which).mappings()}

    def editions(self, camera: str) -> Sequence[Edition]:
        """All editions of one camera, the newest first."""
        which = select(drawings).where(drawings.c.camera == camera).order_by(drawings.c.edition.desc())
        with begin(self._reading) as connection:
            return tuple(Edition(**row) for row in connection.execute(which).mappings())
