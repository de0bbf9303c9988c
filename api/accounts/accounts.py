"""What happens to people, sessions and keys."""

import hmac
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from api.accounts.passwords import Passwords, check_password
from api.accounts.person import Key, Person
from api.accounts.roles import FOR_PROGRAMS, Right, Role
from api.accounts.tokens import digest, new_token, parts_of_key, written_key
from api.errors import AccountError
from api.store.accounts import SqlAccounts
from cases.ports import Clock, NewId

IDLE = timedelta(hours=1)
"""A session that nobody has used for so long is over. What a page asks for by itself does not count as use."""
LONGEST_SESSION = timedelta(hours=12)
"""However much it is used: one shift, then the password again."""
TO_THE_MINUTE = timedelta(minutes=1)
"""How exactly the last use is written down, so that reading a page does not mean writing to the database."""

FREE_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class SignInRefused(AccountError):
    """Name and password do not go together, or there were too many attempts.

    Attributes:
        wait: how long no further attempt is looked at; zero where the next one is.
    """

    def __init__(self, wait: timedelta = timedelta()) -> None:
        super().__init__("name and password do not go together" if not wait else "too many attempts; wait, then try")
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Everybody who can come in.

    Attributes:
        book: where they are kept.
        passwords: how passwords are compared.
        clock: now, aware UTC.
        new_id: random names.
        token: makes a new random secret.
    """

    book: SqlAccounts
    passwords: Passwords
    clock: Clock
    new_id: NewId
    token: Callable[[], str] = new_token

    def add(
        self,
        name: str,
        password: str,
        *,
        roles: Collection[Role],
        shown_as: str = "",
        departments: Collection[str] = (),
        areas: Collection[str] = (),
    ) -> Person:
        """A new person.

        Raises:
            AccountError: the name is taken or none, the password is refused, or the roles do not fit.
        """
        name = _typed(name)
        if not NAME.fullmatch(name):
            raise AccountError("a name has 2 to 40 small letters, digits, dots, hyphens and underscores, e.g. chen.yu")
        person = Person(
            id=self.new_id(),
            name=name,
            shown_as=shown_as.strip() or name,
            roles=frozenset(roles),
            departments=frozenset(departments),
            areas=frozenset(areas),
        )
        _must_fit(person)
        self.book.add(person, self.passwords.hash(check_password(password, name=name)), at=self.clock())
        return person

    def person(self, name: str) -> Person:
        """Who has this name.

        Raises:
            AccountError: nobody.
        """
        found = self.book.named(_typed(name))
        if found is None:
            raise AccountError("there is nobody of this name; `jiexun user list` shows everybody")
        return found[0]

    def set_disabled(self, name: str, disabled: bool) -> Person:
        """Keep a person out from the very next request on, or let them in again."""
        return self.book.change(_typed(name), lambda person: replace(person, disabled=disabled), at=self.clock())

    def set_roles(
        self,
        name: str,
        roles: Collection[Role],
        *,
        departments: Collection[str] = (),
        areas: Collection[str] | None = None,
    ) -> Person:
        """Give a person other roles, from the very next request on; `areas` stay as they are where none are named."""

        def changed(person: Person) -> Person:
            bound = person.areas if areas is None else frozenset(areas)
            after = replace(person, roles=frozenset(roles), departments=frozenset(departments), areas=bound)
            _must_fit(after)
            return after

        return self.book.change(_typed(name), changed, at=self.clock())

    def set_password(self, name: str, password: str) -> Person:
        """Give a person another password; their sessions end."""
        person = self.person(name)
        self.book.set_password(person.id, self.passwords.hash(check_password(password, name=person.name)))
        self.forgive(person.name)
        return person

    def with_password(self, name: str, password: str) -> Person:
        """Who has this name and password. Takes the same time whether or not the name exists.

        Raises:
            SignInRefused: nobody.
        """
        name = _typed(name)
        self.count_attempt(name)
        found = self.book.named(name)
        good = self.passwords.matches(found[1] if found else None, password)
        if not (good and found and not found[0].disabled):
            raise SignInRefused
        self.forgive(name)
        return found[0]

    def open_session(self, person: Person) -> str:
        """Open a session for a person who has proved who they are; gives its token."""
        token, now = self.token(), self.clock()
        self.book.open_session(digest(token), person.id, at=now, stale_before=now - LONGEST_SESSION)
        return token

    def signed_in(self, token: str, *, by_a_person: bool = True) -> Person | None:
        """Whose session it is; None where it is over.

        Args:
            token: as the browser sends it.
            by_a_person: whether somebody asked, rather than a page by itself.
        """
        hashed, now = digest(token), self.clock()
        found = self.book.session(hashed)
        if found is None:
            return None
        person, opened_at, used_at = found
        # A clock that was set back must not make a session live longer.
        if person.disabled or not (-TO_THE_MINUTE <= now - used_at < IDLE and now - opened_at < LONGEST_SESSION):
            return None
        if by_a_person and now - used_at >= TO_THE_MINUTE:
            self.book.use_session(hashed, at=now)
        return person

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.book.close_session(digest(token))

    def make_key(
        self,
        name: str,
        *,
        rights: Collection[Right] = (),
        camera: str | None = None,
        departments: Collection[str] = (),
    ) -> tuple[Key, str]:
        """A key for one camera, or for a program with these rights.

        Returns:
            The key, and how it is written; the latter is shown once and kept nowhere.

        Raises:
            AccountError: a program must not have one of the rights, or has none.
        """
        wrong = frozenset(rights) - FOR_PROGRAMS
        if wrong or (camera is None) == (not rights):
            allowed = ", ".join(sorted(FOR_PROGRAMS))
            raise AccountError(f"a key is for one camera, or for a program with some of these rights: {allowed}")
        key = Key(
            id=secrets.token_hex(8),
            name=name,
            rights=frozenset({Right.PUSH_FRAMES}) if camera else frozenset(rights),
            camera=camera,
            departments=frozenset(departments),
            made_at=self.clock(),
        )
        secret = self.token()
        self.book.add_key(key, digest(secret))
        return key, written_key(key.id, secret)

    def key(self, written: str) -> Key | None:
        """The key, if it is good."""
        parts = parts_of_key(written)
        found = self.book.key(parts[0]) if parts else None
        if parts is None or found is None or not hmac.compare_digest(found[1], digest(parts[1])):
            return None
        key, now = found[0], self.clock()
        if key.revoked_at is not None:
            return None
        if key.used_at is None or now - key.used_at >= TO_THE_MINUTE:
            self.book.use_key(key.id, at=now)
        return key

    def revoke_key(self, key_id: str) -> Key:
        """Make a key useless for good."""
        return self.book.revoke_key(key_id, at=self.clock())

    def count_attempt(self, of: str) -> None:
        """Count an attempt, unless what it is of has to wait.

        Args:
            of: a name that was typed, or anything else that is guessed.

        Raises:
            SignInRefused: it has to.
        """
        now = self.clock()
        forgotten = now - FORGOTTEN_AFTER
        left = self.book.attempt(digest(of), at=now, forgotten_before=forgotten, wait_after=_wait_after)
        if left:
            raise SignInRefused(left)

    def forgive(self, of: str) -> None:
        """Forget the failed attempts."""
        self.book.forgive(digest(of))


def _typed(name: str) -> str:
    """A name as it is kept, however somebody has typed it."""
    return name.strip().casefold()


def _wait_after(failed: int) -> timedelta:
    """How long nothing is tried after so many failures in a row.

    >>> [int(_wait_after(n).total_seconds()) for n in (4, 5, 6, 7, 50)]
    [0, 30, 60, 120, 900]
    """
    if failed < FREE_ATTEMPTS:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failed - FREE_ATTEMPTS, 10))


def _must_fit(person: Person) -> None:
    if not person.roles:
        raise AccountError(f"say what the person is, one or more of: {', '.join(Role)}")
    if (Role.HANDLER in person.roles) != bool(person.departments):
        raise AccountError("a handler works for departments, and nobody else does; name --department, or another role")
