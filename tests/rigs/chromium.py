"""A real browser, driven over its debugging pipe: no driver, no port, no network but the pages it is sent to."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PATIENCE = 30.0

ON_3_AND_4 = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads commands from descriptor 3 and answers on 4."""


class Chromium:
    """One browser with one tab.

    What goes wrong in the tab is collected in `troubles`, every address in `requests`, what was asked for in vain in
    `failed`.
    """

    def __init__(self, profile: Path) -> None:
        assert PROGRAM is not None
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.failed: list[str] = []
        self._under_way: dict[str, tuple[str, str]] = {}  # by request: its document and its address
        self._loaded = False
        self._number = 0
        self._unread = b""
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        pipes = (str(to_browser), str(from_browser))
        self._process = subprocess.Popen(
            [sys.executable, "-c", ON_3_AND_4, *pipes, PROGRAM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._session = ""

    def __enter__(self) -> Self:
        tab = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._ask("Target.attachToTarget", {"targetId": tab, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._write)
        os.close(self._read)

    def look_like(
        self, width: int, height: int, *, dark: bool = False, phone: bool = False, language: str = ""
    ) -> None:
        """Be a screen of this size in CSS pixels, on a device of this language."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
        self._ask("Emulation.setDeviceMetricsOverride", screen)
        self._ask("Emulation.setLocaleOverride", {"locale": language} if language else {})
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", {"features": [scheme]})

    def set_cookie(self, url: str, name: str, value: str) -> None:
        """Have a cookie of this site, as its sign-in page would set it."""
        self._ask("Network.setCookie", {"url": url, "name": name, "value": value, "httpOnly": True})

    def slow_down(self, *, milliseconds: int = 0, bytes_per_second: int = -1, offline: bool = False) -> None:
        """Have a line that takes so long there and back and carries so much, or none at all."""
        line = {"downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second}
        self._ask("Network.emulateNetworkConditions", {"offline": offline, "latency": milliseconds, **line})

    def open(self, url: str) -> None:
        """Go there and wait until everything is loaded."""
        self._loaded = False
        self._ask("Page.navigate", {"url": url})
        self._until(lambda: self._loaded, "the page to load")

    def settle(self) -> None:
        """Wait until nothing is under way any more but the stream of changes, and what came is drawn."""
        try:
            self._until(lambda: not self._under_way, "")
        except TimeoutError:
            raise TimeoutError(
                f"waited {PATIENCE:.0f} s for {', '.join(url for _, url in self._under_way.values())}"
            ) from None
        self.value("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def value(self, script: str) -> Any:
        """What a script gives in the page."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        return self._ask("Runtime.evaluate", asked)["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Wait until a script gives something true."""
        self._until(lambda: bool(self.value(script)), script)

    def picture(self, path: Path, *, whole: bool = True, quality: int | None = None) -> None:
        """Write what the tab shows as PNG, or as WebP of a `quality` of 0 to 100."""
        form = {"format": "png"} if quality is None else {"format": "webp", "quality": quality}
        shot = self._ask("Page.captureScreenshot", {**form, "captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(shot["data"]))

    def press(self, key: str) -> None:
        """Press a key that writes nothing, e.g. Tab."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        down = {"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code, **text}
        self._ask("Input.dispatchKeyEvent", down)
        self._ask("Input.dispatchKeyEvent", {**down, "type": "keyUp"})

    def type(self, character: str) -> None:
        """Press the key of a letter or digit."""
        down = {"type": "keyDown", "key": character, "text": character}
        self._ask("Input.dispatchKeyEvent", down)
        self._ask("Input.dispatchKeyEvent", {"type": "keyUp", "key": character})

    def _ask(self, method: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self._number += 1
        command: dict[str, Any] = {"id": self._number, "method": method, "params": dict(parameters or {})}
        if self._session and not method.startswith("Target."):
            command["sessionId"] = self._session
        os.write(self._write, json.dumps(command).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while (message := self._next(deadline)).get("id") != self._number:
            self._note(message)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def _until(self, done: Any, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {PATIENCE:.0f} s for {what}")
            if select.select([self._read], [], [], 0.1)[0] or b"\0" in self._unread:
                self._note(self._next(deadline))

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))[0]
            if not ready or not (chunk := os.read(self._read, 1 << 20)):
                raise TimeoutError("the browser does not answer")
            self._unread += chunk
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)

    def _note(self, message: Mapping[str, Any]) -> None:
        """Remember what the browser tells unasked."""
        method, said = message.get("method"), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
            if said.get("type") != "EventSource" and said["request"]["url"].startswith("http"):
                self._under_way[said["requestId"]] = said["loaderId"], said["request"]["url"]
        elif method == "Page.frameNavigated" and "parentId" not in said["frame"]:
            now = said["frame"]["loaderId"]  # of what the last page asked for nothing more is told
            self._under_way = {id: one for id, one in self._under_way.items() if one[0] == now}
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            _, address = self._under_way.pop(said["requestId"], ("", ""))
            if address and method == "Network.loadingFailed" and not said.get("canceled"):
                self.failed.append(f"{said['errorText']} {address}")
        elif method == "Network.responseReceived" and said["response"]["status"] >= 400:
            self.failed.append(f"{said['response']['status']} {said['response']['url']}")
        elif method == "Runtime.exceptionThrown":
            thrown = said["exceptionDetails"]
            self.troubles.append(thrown.get("exception", {}).get("description", thrown["text"]))
        elif method == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.troubles.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning", "assert"):
            self.troubles.append(str(said["args"]))
