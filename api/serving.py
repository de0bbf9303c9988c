"""One process that serves the pages, takes pushed frames, watches their cameras and delivers cases."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.accounts.demo_link import DemoLink
from api.app import create_app
from api.errors import SettingsError
from api.live import Feed
from api.settings import PREFIX, Settings
from api.slow_clients import MOST_HEAD_BYTES, ImpatientProtocol
from api.stopping import StopLimit
from api.wiring import House, open_house
from api.work.shift import on_duty
from api.work.sources import Sources
from inference.sources.decoding import decoded_apart
from inference.sources.jpeg_header import MAX_JPEG_BYTES

AT_ONCE = 200
"""Connections at the same time; beyond that the answer is 503."""
ANSWER_SECONDS = 4
"""How long answers that have begun may take once we are to stop."""


class _Server(uvicorn.Server):
    """A server whose process is gone in time once it was told to stop."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._limit = StopLimit()
        self._feed = feed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; the server calls this again for each signal that came while it ran, which is no failure."""
        self._limit.begin()
        self._feed.close()
        super().handle_exit(sig, frame)


def serve_house(
    announce: Callable[[str], object],
    *,
    city_file: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    data_dir: Path | None = None,
    demo_link: DemoLink | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; what has begun is finished, in ten seconds at most.

    Args:
        announce: is told what is served where, once the port is ours.
        city_file: goes before the environment, as do the next three.
        host: address to listen on.
        port: port to listen on.
        data_dir: where everything is kept.
        demo_link: the one-click way in of the demo.

    Raises:
        ApiError: settings, city file or database cannot be used, or the port is taken.
        InferenceError: model or evidence folder cannot be used.
    """
    with decoded_apart(), open_house(city_file=city_file, host=host, port=port, data_dir=data_dir) as house:
        posts = house.posts(pushed=True)
        sources = Sources(post.view.id for post in posts)
        model = house.model()
        app = create_app(house.doors(model, sources.mailboxes, demo_link))
        server = _Server(_serving(app, house.settings), app.state.feed)
        desk = house.desk(model, sources) if posts else None
        shift = on_duty(house.errands, house.notary, posts, desk, sources, house.timekeeper, model=model)
        with _listening(house) as door, shift as crew:
            app.state.watching_here = crew.report if crew else None
            announce(f"{house.city.file.city.name.en} on {house.settings.base_url} (stop with Ctrl-C)")
            if not house.store.accounts.people():
                announce("nobody can sign in yet; add the first person: jiexun user add NAME --role admin")
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, server.handle_exit)  # from now on; while it runs the server does so itself
            server.run(sockets=[door])


def _serving(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        http=ImpatientProtocol,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=ANSWER_SECONDS,
        ws="websockets-sansio",
        ws_max_size=MAX_JPEG_BYTES,
        ws_per_message_deflate=False,  # JPEG does not shrink, and a few bytes could unfold to megabytes
    )


def _listening(house: House) -> socket.socket:
    host, port = house.settings.host, house.settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server((host, port), family=found[0][0])
    except OSError as error:
        why = (error.strerror or "no such address").partition(" (")[0]  # Python adds the address once more
        sentence = f"cannot listen on {host}:{port} ({why}); choose others with --host and --port"
        raise SettingsError(f"{sentence} or {PREFIX}HOST and {PREFIX}PORT") from None
