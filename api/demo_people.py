"""Who may sign in to the demo: one person of every kind, with a password that is new at every start."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.accounts import Accounts
from api.accounts.demo_link import DemoLink
from api.accounts.roles import Role
from api.accounts.tokens import digest, new_token

HOST = "host"
"""The person that the link signs in: everything at once, so that whoever looks around sees all of it."""
PEOPLE = {
    HOST: ("演示 Demo", frozenset(Role)),
    "supervisor": ("陈宇 Chen Yu", frozenset({Role.SUPERVISOR})),
    "dispatcher": ("王敏 Wang Min", frozenset({Role.DISPATCHER})),
    "observer": ("李代表 Deputy Li", frozenset({Role.OBSERVER})),
    "community": ("桥头社区 Bridgehead", frozenset({Role.COMMUNITY})),
    "volunteer": ("赵志愿 Zhao", frozenset({Role.VOLUNTEER})),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The people of a demo that is about to start.

    Attributes:
        names: what they type to sign in.
        password: the same for all of them.
        token: secret of the one-click link.
        link: what the service knows of the link.
    """

    names: tuple[str, ...]
    password: str
    token: str
    link: DemoLink

    def invitation(self, port: int) -> str:
        """What whoever started the demo is told."""
        return (
            f"Demo District on http://127.0.0.1:{port}/sign-in/link?token={self.token} (stop with Ctrl-C)\n"
            f"or sign in there as {', '.join(self.names)} with the password {self.password}"
        )


def invite(accounts: Accounts, departments: Sequence[str]) -> Party:
    """Make the demo's people, or give those of an earlier start the new password.

    Args:
        accounts: where to.
        departments: each gets a handler called after it.
    """
    password, token = secrets.token_urlsafe(12), new_token()
    guests = {name: (shown_as, roles, frozenset(departments)) for name, (shown_as, roles) in PEOPLE.items()}
    guests |= {name: (name, frozenset({Role.HANDLER}), frozenset({name})) for name in departments}
    known = {person.name for person in accounts.book.people()}
    for name, (shown_as, roles, works_for) in guests.items():
        if name in known:
            accounts.set_password(name, password)
        else:
            theirs = works_for if Role.HANDLER in roles else ()
            accounts.add(name, password, roles=roles, shown_as=shown_as, departments=theirs)
    link = DemoLink(name=HOST, token_hash=digest(token))
    return Party(names=tuple(guests), password=password, token=token, link=link)
