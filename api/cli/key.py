"""`jiexun key`: what cameras and programs show instead of signing in."""

from typing import Annotated

import typer

from api.accounts.roles import FOR_PROGRAMS, Right
from api.cli.speech import COMMAND_LINE, screen
from api.errors import AccountError
from cases.audit.entry import Deed

key = typer.Typer(no_args_is_help=True, help="Give keys to cameras and programs.")


@key.callback()
def _key() -> None:
    """Give keys to cameras and programs."""


@key.command()
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    camera: Annotated[str | None, typer.Option(help="The camera whose frames it may send, and nothing else.")] = None,
    right: Annotated[
        list[str] | None, typer.Option("--right", help=f"What a program may do: {', '.join(sorted(FOR_PROGRAMS))}.")
    ] = None,
    department: Annotated[
        list[str] | None, typer.Option("--department", help="Whose cases it sees and handles; none: all are seen.")
    ] = None,
) -> None:
    """Make a key. It is shown once and kept nowhere: store it where the camera or program finds it."""
    from api.wiring import accounts_of, open_store  # the database takes a second to import; others need not wait

    with open_store() as store:
        made, written = accounts_of(store).make_key(
            name, rights=[_right(word) for word in right or []], camera=camera, departments=department or []
        )
        said = {"name": name, "camera": made.camera, "rights": sorted(made.rights)}
        store.record(Deed(actor=COMMAND_LINE, what="key.made", object=made.id, payload=said))
    typer.echo(written)
    typer.echo(f"key {made.id}: send it as Authorization: Bearer; jiexun key revoke {made.id} ends it", err=True)


@key.command("list")
def list_keys() -> None:
    """Show all keys, without their secrets."""
    from api.wiring import open_accounts

    with open_accounts() as accounts:
        keys = accounts.book.keys()
    for one in keys:
        what = f"camera {one.camera}" if one.camera else ", ".join(sorted(one.rights))
        state = "revoked" if one.revoked_at else "good"
        used = f"used {one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else "never used"
        screen().print(f"{one.id}  {one.name}  {what}  {state}, {used}", soft_wrap=True)
    if not keys:
        screen().print("no keys yet; jiexun key add NAME --camera ID makes one for a camera")


@key.command()
def revoke(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Its public part, as `list` shows it.")],
) -> None:
    """Make a key useless from the next request on."""
    from api.wiring import accounts_of, open_store

    with open_store() as store:
        revoked = accounts_of(store).revoke_key(identifier)
        store.record(Deed(actor=COMMAND_LINE, what="key.revoked", object=revoked.id))
    typer.echo(f"the key of {revoked.name} is no longer good")


def _right(word: str) -> Right:
    try:
        return Right(word)
    except ValueError:
        known = ", ".join(sorted(FOR_PROGRAMS))
        raise AccountError(f"there is no such right; choose from: {known}") from None
