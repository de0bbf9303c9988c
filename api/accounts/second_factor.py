"""The second factor of people with a password: a code by the clock, or one of a few recovery codes."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from api.accounts.accounts import Accounts, SignInRefused
from api.accounts.one_time_codes import new_secret, step_of
from api.accounts.person import Person
from api.accounts.roles import Role
from api.accounts.sealing import Seal
from api.accounts.tokens import digest
from api.errors import AccountError
from api.store.second_factors import SqlSecondFactors

RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what looks alike on paper."""
HALF_WAY = timedelta(minutes=10)
"""From the password to the code."""
SETTING_UP = timedelta(minutes=30)
"""From the QR code to the first code of it."""


class CodeRefused(SignInRefused):
    """The code is wrong, was used before, or there were too many attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactors:
    """Who has a second factor, who needs one, and what they type.

    Attributes:
        book: where they are kept.
        accounts: whose; wrong codes are counted as wrong passwords are.
        seal: of the secrets.
        demanded: whoever is one of these cannot sign in with a password alone.
    """

    book: SqlSecondFactors
    accounts: Accounts
    seal: Seal
    demanded: frozenset[Role] = frozenset()

    def has(self, person: Person) -> bool:
        """Whether a person has one."""
        return self.book.sealed(person.id) is not None

    def must_have(self, person: Person) -> bool:
        """Whether a person needs one."""
        return not self.demanded.isdisjoint(person.roles)

    def half_way(self, person: Person) -> str:
        """What the browser of somebody who gave the right password carries until the code is right as well."""
        return self.seal.close(f"half {person.name} {self._password_of(person.name)}", at=self.accounts.clock())

    def waiting(self, carried: str) -> Person | None:
        """Who has given the right password, but no code yet; None where that is too long ago, or it is another now."""
        try:
            kind, name, password = self._opened(carried, HALF_WAY).split(" ")
            person = self.accounts.person(name)
        except (AccountError, ValueError):
            return None
        good = kind == "half" and password == self._password_of(name) and not person.disabled
        return person if good else None

    def offered(self, person: Person) -> tuple[str, str]:
        """A new secret for a person, and the same sealed, to come back with its first code."""
        secret = new_secret()
        return secret, self.seal.close(f"new {person.id} {secret}", at=self.accounts.clock())

    def secret_of_offer(self, person: Person, sealed: str) -> str:
        """The secret that was offered to a person.

        Raises:
            AccountError: it was offered to somebody else, or too long ago.
        """
        words = self._opened(sealed, SETTING_UP).split(" ")
        if words[:2] != ["new", person.id]:
            raise AccountError("this code is of another account; begin again")
        return words[2]

    def set_up(self, person: Person, sealed: str, code: str) -> tuple[str, ...]:
        """Take an offered secret, proved by its first code; gives the recovery codes, which are kept nowhere.

        Raises:
            CodeRefused: the code is none of it.
            AccountError: the offer is no longer good.
        """
        secret, now = self.secret_of_offer(person, sealed), self.accounts.clock()
        self._may_try(person)
        step = step_of(secret, code, now=now)
        if step is None:
            raise CodeRefused
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        kept = self.seal.close(secret, at=now)
        self.book.put(person.id, kept, step=step, recovery=[_hash(person, one) for one in codes], at=now)
        self.accounts.forgive(_of(person))
        return codes

    def prove(self, person: Person, typed: str) -> Literal["code", "recovery"]:
        """Use a code or recovery code up.

        Returns:
            Which of them it was.

        Raises:
            CodeRefused: it is none, was used before, or there were too many attempts.
        """
        self._may_try(person)
        sealed = self.book.sealed(person.id)
        if sealed is None:
            raise CodeRefused
        secret = self.seal.open(sealed, at=self.accounts.clock())
        step = step_of(secret, typed, now=self.accounts.clock())
        if step is not None and self.book.use_step(person.id, step):
            how = "code"
        elif self.book.use_recovery(person.id, _hash(person, typed)) is not None:
            how = "recovery"
        else:
            raise CodeRefused
        self.accounts.forgive(_of(person))
        return how

    def reset(self, person: Person) -> None:
        """Take a person's second factor away.

        Raises:
            AccountError: there is none.
        """
        if not self.book.remove(person.id):
            raise AccountError("this account has no second factor; there is nothing to take away")
        self.accounts.forgive(_of(person))

    def _password_of(self, name: str) -> str:
        """Tells one password from the next, and nothing of either."""
        found = self.accounts.book.named(name)
        return digest(found[1]) if found else ""

    def _may_try(self, person: Person) -> None:
        try:
            self.accounts.count_attempt(_of(person))
        except SignInRefused as refused:
            raise CodeRefused(refused.wait) from None

    def _opened(self, sealed: str, good_for: timedelta) -> str:
        return self.seal.open(sealed, at=self.accounts.clock(), good_for=good_for)


def _of(person: Person) -> str:
    """Under which name wrong codes are counted."""
    return f"second factor of {person.id}"


def _recovery_code() -> str:
    """Sixty random bits or so, in two halves that are easy to copy."""
    half = ["".join(secrets.choice(ALPHABET) for _ in range(6)) for _ in range(2)]
    return "-".join(half)


def _hash(person: Person, typed: str) -> str:
    """What is kept of a recovery code: it is random, so nothing slower is needed."""
    letters = "".join(letter for letter in typed.casefold() if letter in ALPHABET)
    return digest(f"{person.id} {letters}")
