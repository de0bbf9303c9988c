"""What holds for every test."""

import pytest
from hypothesis import settings

# Rigs assert on behalf of many tests: a failure in one shows both sides, like one in a test itself.
pytest.register_assert_rewrite("tests.rigs")

# A busy machine is no wrong answer: no test fails because it took long.
settings.register_profile("jiexun", deadline=None)
settings.load_profile("jiexun")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests come first: two workers that share the files then end at about the same time."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)
