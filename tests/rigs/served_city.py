"""A whole `jiexun serve` in a process of its own, with a city, clients and departments, made to be killed.

One department has a web service of its own (a `fakedept`), the others work in the built-in inbox.
"""

import os
import signal
import socket
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Protocol

import httpx
import psutil

from api.accounts.accounts import Accounts
from api.accounts.person import Person
from api.accounts.roles import Role
from api.accounts.tokens import form_token
from api.clock import utc_now
from api.store.store import SqlStore
from inference.evidence.folder import FolderStore
from tests.detector_models import bright_spot_folder
from tests.rigs.fakedept import SECRET, FakeDepartment
from tests.web_house import PASSWORDS

CITY = """
city: {{name: {{zh: 试验城, en: Test town}}, time_zone: Asia/Shanghai}}
departments:
  - {{id: wardens, name: {{zh: 综合执法队, en: Street wardens}}}}
  - {{id: sanitation, name: {{zh: 环卫所, en: Sanitation}}}}
  - id: police
    name: {{zh: 交警大队, en: Traffic police}}
    channel: {{type: webhook, url: "{url}", secret_env: POLICE_SECRET, allow_private_hosts: true}}
duty_list:
  fallback: {{department: wardens, limit: 24 hours}}
  editions:
    - name: "2026-1"
      effective_from: 2026-01-01
      lines:
        - {{kind: illegal_parking, code: "0505", department: police, limit: 2 hours, filing_condition: 停}}
        - {{kind: exposed_garbage, code: "0110", department: sanitation, limit: 4 hours, filing_condition: 弃}}
"""


class Starter(Protocol):
    """Starts `jiexun`."""

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Start `jiexun` with these arguments; its process id. What it says goes into `log`."""
        ...

    def wait(self, pid: int) -> int:
        """Wait for the end of one; its exit status, negative where a signal ended it."""
        ...


@dataclass(kw_only=True)
class ServedCity:
    """One installation in a folder of its own, and the service on it.

    Attributes:
        folder: everything but the database.
        url: the database, its tables made.
        port: where the service listens; the same after every start.
        launcher: starts it.
        starts: seconds from each start to the first answer, without the time to import the program.
    """

    folder: Path
    url: str
    port: int
    launcher: Starter
    starts: list[float] = field(default_factory=list[float])
    _pid: int = 0

    @property
    def pid(self) -> int:
        """Of the running service; 0 where none runs."""
        return self._pid

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def evidence(self) -> FolderStore:
        return FolderStore(self.folder / "data" / "evidence")

    def start(self) -> None:
        """Start the service and wait until it answers."""
        began = time.monotonic()
        self._launch()
        with httpx.Client(base_url=self.base_url, verify=False) as client:
            while True:
                assert self._is_there(), self.log()
                try:
                    if client.get("/livez").is_success:
                        break
                except httpx.TransportError:
                    time.sleep(0.1)
        self.starts.append(time.monotonic() - began)

    def start_and_kill(self, seconds: float) -> None:
        """Kill the service in the middle of its start."""
        self._launch()
        time.sleep(seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for the whole tree of processes."""
        service = psutil.Process(self._pid)
        for process in (*service.children(recursive=True), service):
            process.kill()
        self.wait()

    def ask_to_stop(self) -> None:
        """Send it SIGTERM."""
        os.kill(self._pid, signal.SIGTERM)

    def wait(self) -> int:
        """Wait for its end; the exit status."""
        status, self._pid = self.launcher.wait(self._pid), 0
        return status

    def log(self) -> str:
        """What the service has said."""
        return (self.folder / "service.log").read_text(encoding="utf-8")

    def remove(self) -> None:
        """Let nothing of it go on."""
        if self._pid:
            self.kill()

    def _launch(self) -> None:
        arguments = ["serve", "--city", str(self.folder / "city.yaml"), "--port", str(self.port)]
        self._pid = self.launcher.start(arguments, self._environment(), self.folder / "service.log")

    def _is_there(self) -> bool:
        return psutil.Process(self._pid).status() != psutil.STATUS_ZOMBIE

    def _environment(self) -> Mapping[str, str]:
        return {
            "JIEXUN_DATA_DIR": str(self.folder / "data"),
            "JIEXUN_DATABASE_URL": self.url,
            "JIEXUN_MODELS_DIR": str(self.folder / "models"),
            "POLICE_SECRET": SECRET,
        }


@contextmanager
def served_city(folder: Path, url: str, department: FakeDepartment, launcher: Starter) -> Generator[ServedCity]:
    """An installation whose service is not started yet."""
    bright_spot_folder(folder / "models" / "spot" / "1")
    (folder / "models" / "current").write_text("spot/1\n", encoding="utf-8")
    (folder / "city.yaml").write_text(CITY.format(url=department.url), encoding="utf-8")
    city = ServedCity(folder=folder, url=url, port=_port_of_its_own(), launcher=launcher)
    try:
        yield city
    finally:
        city.remove()


def signed_in(url: str, names: list[str]) -> dict[str, Mapping[str, str]]:
    """People who are everything, already signed in: the headers that each of their requests carries."""
    with SqlStore(url) as store:
        accounts = Accounts(
            book=store.accounts, passwords=PASSWORDS, clock=utc_now, new_id=lambda: os.urandom(16).hex()
        )
        headers: dict[str, Mapping[str, str]] = {}
        for name in names:
            person = Person(
                id=os.urandom(16).hex(),
                name=name,
                shown_as=name,
                roles=frozenset(Role),
                departments=frozenset({"police", "sanitation", "wardens"}),
                areas=frozenset(),
            )
            store.accounts.add(person, "no password", at=utc_now())
            session = accounts.open_session(person)
            headers[name] = {"Cookie": f"jiexun={session}", "X-Form-Token": form_token(session)}
        return headers


def _port_of_its_own() -> int:
    """Below the ports that systems hand out: a client that calls a dead service could be given its very port."""
    for port in SystemRandom().sample(range(15_000, 30_000), 200):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("of 200 ports none is free")
