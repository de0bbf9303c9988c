"""The whole service, as pages have it."""

from tests.api.pages.conftest import address, house

__all__ = ["address", "house"]
