"""The web application on a port of this machine, in a thread of the test."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from api.app import create_app
from api.doors import Doors


@contextmanager
def served(doors: Doors) -> Generator[str]:
    """The address under which everything is served until the end of the block."""
    app = create_app(doors)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="websockets-sansio"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            app.state.feed.close()  # or the server would wait for everybody who watches
            server.should_exit = True
            thread.join(20)
