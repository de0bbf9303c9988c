"""The shipped demo city: rendered clips and a patrol drive become cases, once to the end or live in the browser."""

import multiprocessing
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import inference
from api.clock import utc_now
from api.demo_drive import send_drive
from api.demo_people import invite
from api.errors import SettingsError
from api.serving import serve_house
from api.wiring import House, open_house
from api.work.crew import Crew
from api.work.model_in_use import ModelInUse
from api.work.opening import Reading, open_camera
from api.work.pace import Paced
from api.work.shift import deliver_all
from api.work.sources import Sources
from cases.overview import Summary
from inference.errors import SourceNotReadable
from inference.sources.source import Source

DEMO_CITY = Path(inference.__file__).parents[1] / "datasets" / "demo" / "city.yaml"
DEMO_DRIVE = DEMO_CITY.parent / "patrol-day"
LOOPBACK = "127.0.0.1"
PORTS = range(8000, 8020)
BEHIND_PAGES = 5
"""How much the player stands back for the pages, which somebody waits for."""


def play_once(data_dir: Path) -> Summary:
    """Look through the patrol drive, play every demo clip to its end, deliver what there is to deliver, and count.

    Raises:
        SourceNotReadable: a clip is missing or damaged.
    """
    with open_house(city_file=DEMO_CITY, data_dir=data_dir) as house:
        model = house.model()
        _drive(house, model)
        _play(house, model, Sources())
        deliver_all(house.sender)
        return house.store.summary()


def show(announce: Callable[[str], object], data_dir: Path, *, port: int | None, speed: float) -> None:
    """Play the demo clips in a process of their own and serve the pages until stopped.

    Args:
        announce: is told where to sign in, and as whom.
        data_dir: database and pictures.
        port: to listen on; None takes the first free one from 8000 on.
        speed: 1 plays the clips as they were taken.

    Raises:
        SettingsError: no port is free.
    """
    chosen = port or _free_port()
    with open_house(city_file=DEMO_CITY, data_dir=data_dir) as house:  # tables before two processes want them
        party = invite(house.accounts, tuple(house.order.departments))
    player = multiprocessing.get_context("spawn").Process(target=play_live, args=(data_dir, speed), daemon=True)
    player.start()
    try:
        serve_house(
            lambda _: announce(party.invitation(chosen)),
            city_file=DEMO_CITY,
            host=LOOPBACK,
            data_dir=data_dir,
            port=chosen,
            demo_link=party.link,
        )
    finally:
        player.terminate()
        player.join()


def play_live(data_dir: Path, speed: float) -> None:
    """Play the demo clips at `speed`, and look through the patrol drive meanwhile; runs in the player's process."""

    def paced(address: str, camera: str, reading: Reading) -> Source:
        return Paced(open_camera(address, camera, reading), speed)

    os.nice(BEHIND_PAGES)
    with open_house(city_file=DEMO_CITY, data_dir=data_dir) as house:
        model = house.model()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="drive") as beside:
            driven = beside.submit(_drive, house, model)
            _play(house, model, Sources(open_address=paced))
            driven.result()


def _drive(house: House, model: ModelInUse) -> None:
    send_drive(house.patrols, DEMO_DRIVE, utc_now())
    patrols = house.patrol_work(model)
    if patrols is not None:
        patrols.run_once()


def _play(house: House, model: ModelInUse, sources: Sources) -> None:
    crew = Crew(house.posts(pushed=False), house.desk(model, sources))
    crew.run()
    for camera, why in crew.given_up.items():
        raise SourceNotReadable(f"the demo clip of camera {camera} cannot be played: {why}")


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if door.connect_ex((LOOPBACK, port)) != 0:
                return port
    raise SettingsError(f"ports {PORTS.start} to {PORTS.stop - 1} are all taken; choose another with --port")
