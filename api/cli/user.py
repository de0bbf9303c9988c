"""`jiexun user`: who may sign in. Passwords come from the environment or a prompt, never from the command line."""

import os
import warnings
from getpass import GetPassWarning
from typing import TYPE_CHECKING, Annotated

import typer

from api.accounts.person import Person
from api.accounts.roles import Role
from api.cli.speech import COMMAND_LINE, screen
from api.errors import AccountError
from api.settings import PREFIX
from cases.audit.entry import Deed

if TYPE_CHECKING:
    from api.store.store import SqlStore

VARIABLE = f"{PREFIX}NEW_PASSWORD"
Name = Annotated[str, typer.Argument(help="What the person types to sign in.")]
Roles = Annotated[list[Role] | None, typer.Option("--role", help="What the person is; may be given several times.")]
Departments = Annotated[list[str] | None, typer.Option("--department", help="For which departments a handler works.")]

user = typer.Typer(no_args_is_help=True, help="Decide who may sign in.")


@user.callback()
def _user() -> None:
    """Decide who may sign in."""


@user.command()
def add(
    name: Name,
    role: Roles = None,
    department: Departments = None,
    area: Annotated[list[str] | None, typer.Option("--area", help="Area code that the person is bound to.")] = None,
    shown_as: Annotated[str, typer.Option(help="The name that others read.")] = "",
) -> None:
    """Add a person; asks for the password, or takes it from JIEXUN_NEW_PASSWORD."""
    from api.wiring import accounts_of, open_store  # the database takes a second to import; others need not wait

    with open_store() as store:
        person = accounts_of(store).add(
            name,
            _password(),
            roles=role or [],
            shown_as=shown_as,
            departments=department or [],
            areas=area or [],
        )
        _log(store, "added", person, roles=sorted(person.roles))
    typer.echo(f"{person.name} may sign in as {', '.join(sorted(person.roles))}")


@user.command()
def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let the person in again.")] = False,
) -> None:
    """Keep a person out; whatever they have open ends with the next request."""
    from api.wiring import accounts_of, open_store

    with open_store() as store:
        person = accounts_of(store).set_disabled(name, not undo)
        _log(store, "enable" if undo else "disable", person)
    typer.echo(f"{person.name} {'may sign in again' if undo else 'can no longer come in'}")


@user.command()
def roles(name: Name, role: Roles = None, department: Departments = None) -> None:
    """Give a person other roles, in place of those of before."""
    from api.wiring import accounts_of, open_store

    with open_store() as store:
        person = accounts_of(store).set_roles(name, role or [], departments=department or [])
        _log(store, "roles", person, roles=sorted(person.roles))
    typer.echo(f"{person.name} is now {', '.join(sorted(person.roles))}")


@user.command()
def password(name: Name) -> None:
    """Give a person another password; asks for it, or takes it from JIEXUN_NEW_PASSWORD."""
    from api.wiring import accounts_of, open_store

    with open_store() as store:
        accounts = accounts_of(store)
        accounts.person(name)
        person = accounts.set_password(name, _password())
        _log(store, "password", person)
    typer.echo(f"{person.name} has a new password; whoever was signed in with the old one no longer is")


@user.command("reset-code")
def reset_code(name: Name) -> None:
    """Take a person's second factor away, who has lost the phone; they set up another one."""
    from api.wiring import accounts_of, open_store

    with open_store() as store:
        person = accounts_of(store).person(name)
        if not store.second_factors.remove(person.id):
            raise AccountError("this account has no second factor; there is nothing to take away")
        _log(store, "second_factor_reset", person)
    typer.echo(f"{person.name} signs in with the password alone until a new second factor is set up")


@user.command("list")
def list_people() -> None:
    """Show everybody."""
    from api.wiring import open_accounts

    with open_accounts() as accounts:
        people = accounts.book.people()
    for person in people:
        bound = ", ".join([*sorted(person.departments), *sorted(person.areas)]) or "whole city"
        state = "disabled" if person.disabled else ", ".join(sorted(person.roles))
        screen().print(f"{person.name:20}  {person.shown_as}  {state}  ({bound})", soft_wrap=True)
    if not people:
        screen().print("nobody yet; jiexun user add NAME --role admin adds the first")


def _log(store: "SqlStore", what: str, person: Person, **said: object) -> None:
    """Into the audit log, as the pages for administrators do."""
    payload = {"name": person.name, **said}
    store.record(Deed(actor=COMMAND_LINE, what=f"account.{what}", object=person.id, payload=payload))


def _password() -> str:
    """The new password.

    Raises:
        AccountError: the environment holds none and nobody can be asked.
    """
    if given := os.environ.get(VARIABLE):
        return given
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # rather not asked than shown while it is typed
            return typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    except (typer.Abort, GetPassWarning):
        raise AccountError(f"no password was typed; type it when asked, or set {VARIABLE}") from None
