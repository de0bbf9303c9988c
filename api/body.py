"""Requests as routes read them: JSON in which no field has two values."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST_NAME = 60


class PlainRequest(Request):
    """A request whose JSON says everything once.

    Of a field that is named twice some programs read the first value and some the last, so what one of them has checked
    could be another thing than what is done.
    """

    async def json(self) -> Any:
        """The body.

        Raises:
            HTTPException: 422, a field is named twice.
            ValueError: it is no JSON.
        """
        if not hasattr(self, "_json"):
            self._json = json.loads(await self.body(), object_pairs_hook=_each_once)
        return self._json


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            shown = name.encode("ascii", "backslashreplace").decode()[:LONGEST_NAME]
            raise HTTPException(422, f"the body names {shown} twice; name each field once")
        read[name] = value
    return read
