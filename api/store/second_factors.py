"""Second factors in the database. Every method is one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, update

from api.store.engine import begin, reading
from api.store.tables import second_factors


class SqlSecondFactors:
    """The second factors of one installation.

    Args:
        engine: the store's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def sealed(self, person_id: str) -> str | None:
        """The sealed secret of a person; None for whoever has no second factor."""
        which = select(second_factors.c.sealed).where(second_factors.c.person_id == person_id)
        with begin(self._reading) as connection:
            return connection.execute(which).scalar()

    def owners(self) -> frozenset[str]:
        """Ids of everybody who has one."""
        with begin(self._reading) as connection:
            return frozenset(connection.execute(select(second_factors.c.person_id)).scalars())

    def put(self, person_id: str, sealed: str, *, step: int, recovery: Sequence[str], at: datetime) -> None:
        """Give a person a second factor, in place of any other.

        Args:
            person_id: whose.
            sealed: the secret.
            step: of the code with which they proved that they have it; it is used up.
            recovery: hashes of recovery codes.
            at: aware UTC, now.
        """
        row = {"person_id": person_id, "sealed": sealed, "last_step": step, "recovery": [*recovery], "since": at}
        with begin(self._engine) as connection:
            connection.execute(delete(second_factors).where(second_factors.c.person_id == person_id))
            connection.execute(insert(second_factors).values(row))

    def use_step(self, person_id: str, step: int) -> bool:
        """Use a code up: once for each step, and none that is older than the last one."""
        mine = (second_factors.c.person_id == person_id) & (second_factors.c.last_step < step)
        with begin(self._engine) as connection:
            return connection.execute(update(second_factors).where(mine).values(last_step=step)).rowcount == 1

    def use_recovery(self, person_id: str, code_hash: str) -> int | None:
        """Use a recovery code up; says how many are left, None where it was none."""
        mine = second_factors.c.person_id == person_id
        with begin(self._engine) as connection:
            kept = connection.execute(select(second_factors.c.recovery).where(mine)).scalar()
            if kept is None or code_hash not in kept:
                return None
            left = [one for one in kept if one != code_hash]
            connection.execute(update(second_factors).where(mine).values(recovery=left))
            return len(left)

    def remove(self, person_id: str) -> bool:
        """Take a second factor away; says whether there was one."""
        with begin(self._engine) as connection:
            gone = connection.execute(delete(second_factors).where(second_factors.c.person_id == person_id))
            return gone.rowcount == 1
