"""What stands before every route: who may address us, how much they may send, and what every answer carries."""

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

MOST_BYTES = 64 * 1024
"""Of a request's body, wherever no picture is expected."""

MOST_PICTURE_BYTES = 12 * 1024 * 1024
"""Of a request's body that may carry a picture: 8 MB, in base64 and with other fields around it."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Puts the same protections on every answer, and keeps pages and data out of every cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        caching = "no-cache" if scope["path"].startswith("/static/") else "no-store"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", caching)
            await send(message)

        return await self._app(scope, receive, guarded)


class SameOrigin:
    """Refuses requests for a name that is not ours (DNS rebinding) and changes that another site asks for (CSRF)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if "*" not in self._hosts and _without_port(host) not in self._hosts:
            refused = problem(421, "this service does not go by that name; use the address it was started with")
            return await refused(scope, receive, send)
        if scope["method"] not in SAFE_METHODS and _is_foreign(headers, host):
            refused = problem(403, "another site asked for this change; open the page here and try again")
            return await refused(scope, receive, send)
        return await self._app(scope, receive, send)


def _without_port(host: str) -> str:
    """The name in a Host header, in small letters.

    >>> _without_port("[::1]:8000"), _without_port("LocalHost")
    ('[::1]', 'localhost')
    """
    end = host.rfind("]") + 1 if host.startswith("[") else host.find(":")
    return (host[:end] if end > 0 else host).lower()


def _is_foreign(headers: Headers, host: str) -> bool:
    """Whether a browser says that a page of another site sends this. A program that is no browser says nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and (origin == "null" or urlsplit(origin).netloc.lower() != host.lower())


class BodyLimit:
    """Counts a request's body while it streams in, and stops reading as soon as it is too large.

    Args:
        app: what comes next.
        with_pictures: beginnings of the paths whose bodies may carry a picture.
    """

    def __init__(self, app: ASGIApp, with_pictures: Iterable[str]) -> None:
        self._app = app
        self._with_pictures = tuple(with_pictures)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        limit = MOST_PICTURE_BYTES if scope["path"].startswith(self._with_pictures) else MOST_BYTES
        sentence = f"the request is too large; send at most {limit // 1024} kB"
        announced = Headers(scope=scope).get("content-length", "")
        if len(announced) > 18 or (announced.isdecimal() and int(announced) > limit):
            return await problem(413, sentence)(scope, receive, send)
        seen = 0

        async def counting() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, sentence)
            return message

        return await self._app(scope, counting, send)
