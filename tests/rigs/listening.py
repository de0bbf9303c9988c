"""A server on loopback that hands every connection to a function, each in a thread of its own."""

import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

Serve = Callable[[socket.socket, threading.Event], None]
"""Serves one connection; the event says that the rig is to end."""


@contextmanager
def listening(serve: Serve) -> Generator[int]:
    """A port on 127.0.0.1 that is served until the end of the block."""
    stop, threads = threading.Event(), list[threading.Thread]()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)

        def serve_one(connection: socket.socket) -> None:
            with connection:
                connection.settimeout(5)
                try:
                    serve(connection, stop)
                except OSError:
                    return  # the caller hung up, as callers may

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                threads.append(threading.Thread(target=serve_one, args=(connection,)))
                threads[-1].start()

        threads.append(threading.Thread(target=listen))
        threads[0].start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def some(connection: socket.socket) -> bytes:
    """What has come in, at least one byte."""
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the caller hung up")
    return data


def read_request(connection: socket.socket) -> tuple[str, str, dict[str, str], bytes]:
    """One HTTP request: method, target, headers by name in lower case, body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += some(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += some(connection)
    method, target, _ = first.split(" ")
    return method, target, headers, body


def reset(connection: socket.socket) -> None:
    """Hang up without a word."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
