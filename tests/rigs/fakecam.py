"""A camera on loopback: RTSP over TCP, H.264, well behaved or misbehaving on request."""

import base64
import random
import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import count
from types import TracebackType
from typing import BinaryIO, Self

import av
import numpy as np

SIZE_WH = (320, 180)
PICTURES = 60
PICTURES_PER_KEY = 15
PAYLOAD_BYTES = 1200
PASSWORD = "c4nary-pa55"

NalUnits = list[bytes]


class Manner(StrEnum):
    """How the camera behaves."""

    OK = "ok"
    MUTE = "mute"
    MUTE_AT_DESCRIBE = "mute_at_describe"
    SYN_DROP = "syn_drop"
    FREEZE = "freeze"
    DROP = "drop"
    REPEAT = "repeat"
    CORRUPT = "corrupt"
    UNAUTHORISED = "unauthorised"
    WRONG_CODEC = "wrong_codec"


class FakeCamera:
    """Serves any number of clients until it is left.

    Args:
        manner: how to behave; may be changed at any time.
        fps: pictures a second, in timestamps and on the wire.
        good_pictures: how many are sent before `FREEZE`, `DROP` and `REPEAT` begin.
        damaged_share: share of RTP packets with one byte changed under `CORRUPT`.
    """

    def __init__(
        self, manner: Manner = Manner.OK, *, fps: float = 60.0, good_pictures: int = 31, damaged_share: float = 0.05
    ) -> None:
        self.manner = manner
        self.connections = 0
        self._fps = fps
        self._good_pictures = good_pictures
        self._damaged_share = damaged_share
        self._leaving = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0 if manner is Manner.SYN_DROP else 64)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The address with a password in it that must never be seen again."""
        return f"rtsp://operator:{PASSWORD}@127.0.0.1:{self.port}/street"

    def __enter__(self) -> Self:
        if self.manner is Manner.SYN_DROP:
            self._fill_backlog()
        else:
            self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for client in self._sockets:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for open_socket in (*self._sockets, self._listener):
            open_socket.close()

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # pyright: ignore[reportArgumentType]
        self._threads.append(thread)
        thread.start()

    def _fill_backlog(self) -> None:
        """Connections that nobody accepts, so that the kernel drops every further SYN."""
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self._sockets.append(client)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        if self.manner is Manner.MUTE:
            self._leaving.wait()
            return
        with suppress(OSError, ValueError), client.makefile("rb") as requests:
            while (request := _read_request(requests)) is not None:
                method, sequence = request
                if method == "DESCRIBE" and self.manner is Manner.MUTE_AT_DESCRIBE:
                    self._leaving.wait()
                    return
                client.sendall(self._answer(method, sequence))
                if method == "PLAY":
                    self._start(self._play, client)
                if method == "TEARDOWN":
                    return

    def _answer(self, method: str, sequence: str) -> bytes:
        status, headers, body = "200 OK", "", ""
        if method == "OPTIONS":
            headers = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n"
        elif self.manner is Manner.UNAUTHORISED:
            status, headers = "401 Unauthorized", 'WWW-Authenticate: Basic realm="camera"\r\n'
        elif method == "DESCRIBE":
            body = _description(self.manner)
            headers = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            headers = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60\r\n"
        else:
            headers = "Session: 1\r\n"
        return f"RTSP/1.0 {status}\r\nCSeq: {sequence}\r\n{headers}\r\n{body}".encode()

    def _play(self, client: socket.socket) -> None:
        pictures = encoded_pictures()
        dice = random.Random(1)
        sequence = count()
        for number in count():
            misbehaving = number >= self._good_pictures
            if misbehaving and self.manner is Manner.FREEZE:
                self._leaving.wait(0.05)
                if self._leaving.is_set():
                    return
                continue
            if misbehaving and self.manner is Manner.DROP:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
                return
            shown = 0 if misbehaving and self.manner is Manner.REPEAT else number % len(pictures)
            stamp = int(number * 90_000 / self._fps)
            try:
                for payload, last in _payloads(pictures[shown]):
                    if self.manner is Manner.CORRUPT and dice.random() < self._damaged_share:
                        payload = _damaged(payload, dice)
                    client.sendall(_interleaved(payload, next(sequence), stamp, last))
            except OSError:
                return
            if self._leaving.wait(1 / self._fps):
                return


@cache
def encoded_pictures() -> list[NalUnits]:
    """A street of coloured noise with a bright block that moves, each picture as its NAL units."""
    width, height = SIZE_WH
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"tune": "zerolatency", "preset": "ultrafast", "g": str(PICTURES_PER_KEY), "sc_threshold": "0"}
    dice = np.random.default_rng(7)
    pictures: list[NalUnits] = []
    for number in range(PICTURES):
        pixels = dice.integers(70, 90, (height, width, 3), dtype=np.uint8)
        left = number * 4 % (width - 40)
        pixels[60:100, left : left + 40] = (200, 60, 60)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        pictures += [_nal_units(bytes(packet)) for packet in encoder.encode(frame)]
    return pictures


def _nal_units(annex_b: bytes) -> NalUnits:
    return [unit for unit in annex_b.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def _read_request(requests: BinaryIO) -> tuple[str, str] | None:
    """Method and CSeq of the next request; None at the end of the connection."""
    while (line := requests.readline()).startswith(b"$"):
        continue
    if not line:
        return None
    sequence = "0"
    while header := requests.readline().decode("latin1").strip():
        name, _, value = header.partition(":")
        if name.lower() == "cseq":
            sequence = value.strip()
    return line.decode("latin1").split(" ", 1)[0], sequence


def _description(manner: Manner) -> str:
    units = {unit[0] & 31: unit for unit in encoded_pictures()[0]}
    sets = ",".join(base64.b64encode(units[kind]).decode() for kind in (7, 8))
    lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=street", "c=IN IP4 0.0.0.0", "t=0 0", "m=video 0 RTP/AVP 96"]
    if manner is Manner.WRONG_CODEC:
        lines.append("a=rtpmap:96 X-HOUSE-CODEC/90000")
    else:
        lines += ["a=rtpmap:96 H264/90000", f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}"]
    return "\r\n".join([*lines, "a=control:track0", ""])


def _payloads(units: NalUnits) -> list[tuple[bytes, bool]]:
    """RTP payloads of one picture (RFC 6184: single units, or fragments of type 28), and which is the last."""
    payloads: list[bytes] = []
    for unit in units:
        if len(unit) <= PAYLOAD_BYTES:
            payloads.append(unit)
            continue
        body = unit[1:]
        for start in range(0, len(body), PAYLOAD_BYTES):
            first, final = start == 0, start + PAYLOAD_BYTES >= len(body)
            header = bytes([(unit[0] & 0xE0) | 28, (unit[0] & 31) | (first << 7) | (final << 6)])
            payloads.append(header + body[start : start + PAYLOAD_BYTES])
    return [(payload, number == len(payloads) - 1) for number, payload in enumerate(payloads)]


def _damaged(payload: bytes, dice: random.Random) -> bytes:
    changed = bytearray(payload)
    changed[dice.randrange(len(changed))] ^= 0xFF
    return bytes(changed)


def _interleaved(payload: bytes, sequence: int, stamp: int, last: bool) -> bytes:
    header = struct.pack(">BBHII", 0x80, 96 | (last << 7), sequence & 0xFFFF, stamp & 0xFFFFFFFF, 1)
    return b"$\0" + struct.pack(">H", len(header) + len(payload)) + header + payload
