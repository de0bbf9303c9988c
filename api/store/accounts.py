"""People, sessions and keys in the database. Every method is one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from api.accounts.person import Key, Person
from api.accounts.roles import Right, Role
from api.errors import AccountError
from api.store.engine import begin, reading
from api.store.tables import access_keys, people, sessions, sign_in_failures


class SqlAccounts:
    """The accounts of one installation.

    Args:
        engine: the store's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def add(self, person: Person, password_hash: str, *, at: datetime) -> None:
        """Write a new person.

        Raises:
            AccountError: the name is taken.
        """
        with begin(self._engine) as connection:
            taken = connection.execute(select(people.c.id).where(people.c.name == person.name)).first()
            if taken is not None:
                raise AccountError(f"there is a {person.name} already; choose another name, or change that account")
            values = {"id": person.id, "password": password_hash, "added_at": at, **_person_row(person)}
            connection.execute(insert(people).values(values))

    def change(self, name: str, how: Callable[[Person], Person], *, at: datetime) -> Person:
        """Write a person as they are from now on.

        Args:
            name: of the person.
            how: makes them of how they are now; nobody else changes them meanwhile.
            at: aware UTC, now.

        Raises:
            AccountError: there is nobody of this name.
        """
        with begin(self._engine) as connection:
            row = connection.execute(select(people).where(people.c.name == name)).mappings().first()
            if row is None:
                raise AccountError("there is nobody of this name; `jiexun user list` shows everybody")
            person = how(_person(row))
            disabled = {"disabled_at": at if person.disabled else None}
            connection.execute(update(people).where(people.c.id == person.id).values(**_person_row(person), **disabled))
            if person.disabled:
                connection.execute(delete(sessions).where(sessions.c.person_id == person.id))
            return person

    def set_password(self, person_id: str, password_hash: str) -> None:
        """Replace a password; whoever is signed in under the old one no longer is."""
        with begin(self._engine) as connection:
            connection.execute(update(people).where(people.c.id == person_id).values(password=password_hash))
            connection.execute(delete(sessions).where(sessions.c.person_id == person_id))

    def named(self, name: str) -> tuple[Person, str] | None:
        """The person of this name and the hash of their password."""
        with begin(self._reading) as connection:
            row = connection.execute(select(people).where(people.c.name == name)).mappings().first()
        return (_person(row), row["password"]) if row else None

    def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        with begin(self._reading) as connection:
            return tuple(_person(row) for row in connection.execute(select(people).order_by(people.c.name)).mappings())

    def open_session(self, token_hash: str, person_id: str, *, at: datetime, stale_before: datetime) -> None:
        """Write a new session, and forget those that nobody has used since `stale_before`."""
        with begin(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.used_at < stale_before))
            row = {"token_hash": token_hash, "person_id": person_id, "opened_at": at, "used_at": at}
            connection.execute(insert(sessions).values(row))

    def session(self, token_hash: str) -> tuple[Person, datetime, datetime] | None:
        """Whose session it is, since when it is open, and when it was used last."""
        which = select(people, sessions.c.opened_at, sessions.c.used_at).join(
            sessions, sessions.c.person_id == people.c.id
        )
        with begin(self._reading) as connection:
            row = connection.execute(which.where(sessions.c.token_hash == token_hash)).mappings().first()
        return (_person(row), row["opened_at"], row["used_at"]) if row else None

    def use_session(self, token_hash: str, *, at: datetime) -> None:
        """Write down that a session was used."""
        with begin(self._engine) as connection:
            connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(used_at=at))

    def close_session(self, token_hash: str) -> None:
        """End a session."""
        with begin(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def attempt(
        self, name_hash: str, *, at: datetime, forgotten_before: datetime, wait_after: Callable[[int], timedelta]
    ) -> timedelta:
        """Count an attempt to sign in as failed before it is made, so that many at once gain nothing.

        Args:
            name_hash: of the name that was typed, whether or not anybody has it.
            at: now.
            forgotten_before: older failures no longer count.
            wait_after: how long nothing is tried after so many failures in a row.

        Returns:
            How long to wait; zero where this one may be made.
        """
        with begin(self._engine) as connection:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < forgotten_before))
            mine = sign_in_failures.c.name_hash == name_hash
            row = connection.execute(select(sign_in_failures).where(mine)).mappings().first()
            if row is None:
                connection.execute(insert(sign_in_failures).values(name_hash=name_hash, count=1, last_at=at))
                return timedelta()
            left = row["last_at"] + wait_after(row["count"]) - at
            if left > timedelta():
                return left
            connection.execute(update(sign_in_failures).where(mine).values(count=row["count"] + 1, last_at=at))
            return timedelta()

    def forgive(self, name_hash: str) -> None:
        """Forget the failed attempts of a name."""
        with begin(self._engine) as connection:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.name_hash == name_hash))

    def add_key(self, key: Key, secret_hash: str) -> None:
        """Write a new key."""
        with begin(self._engine) as connection:
            connection.execute(insert(access_keys).values(secret_hash=secret_hash, **_key_row(key)))

    def key(self, key_id: str) -> tuple[Key, str] | None:
        """A key and the hash of its secret."""
        with begin(self._reading) as connection:
            row = connection.execute(select(access_keys).where(access_keys.c.id == key_id)).mappings().first()
        return (_key(row), row["secret_hash"]) if row else None

    def keys(self) -> tuple[Key, ...]:
        """All keys, the newest first."""
        with begin(self._reading) as connection:
            which = select(access_keys).order_by(access_keys.c.made_at.desc(), access_keys.c.id)
            return tuple(_key(row) for row in connection.execute(which).mappings())

    def use_key(self, key_id: str, *, at: datetime) -> None:
        """Write down that a key was used."""
        with begin(self._engine) as connection:
            connection.execute(update(access_keys).where(access_keys.c.id == key_id).values(used_at=at))

    def revoke_key(self, key_id: str, *, at: datetime) -> Key:
        """Make a key useless for good.

        Raises:
            AccountError: there is none.
        """
        with begin(self._engine) as connection:
            found = _key_in(connection, key_id)
            if found is None:
                raise AccountError(f"there is no key {key_id}; `jiexun key list` shows them")
            revoked = found if found.revoked_at else replace(found, revoked_at=at)
            connection.execute(update(access_keys).where(access_keys.c.id == key_id).values(_key_row(revoked)))
            return revoked


def _key_in(connection: Connection, key_id: str) -> Key | None:
    row = connection.execute(select(access_keys).where(access_keys.c.id == key_id)).mappings().first()
    return _key(row) if row else None


def _person_row(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "shown_as": person.shown_as,
        "roles": sorted(person.roles),
        "departments": sorted(person.departments),
        "areas": sorted(person.areas),
    }


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        shown_as=row["shown_as"],
        roles=frozenset(Role(role) for role in row["roles"]),
        departments=frozenset(row["departments"]),
        areas=frozenset(row["areas"]),
        disabled=row["disabled_at"] is not None,
    )


def _key_row(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "rights": sorted(key.rights),
        "camera": key.camera,
        "departments": sorted(key.departments),
        "made_at": key.made_at,
        "revoked_at": key.revoked_at,
        "used_at": key.used_at,
    }


def _key(row: Mapping[Any, Any]) -> Key:
    return Key(
        id=row["id"],
        name=row["name"],
        rights=frozenset(Right(right) for right in row["rights"]),
        camera=row["camera"],
        departments=frozenset(row["departments"]),
        made_at=row["made_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
    )
