"""What holds for every test."""

import pytest
from hypothesis import settings

# Rigs assert on behalf of many tests: a failure in one shows both sides, like one in a test itself.
pytest.register_assert_rewrite("tests.rigs")

# A busy machine is no wrong answer: no test fails because it took long.
settings.register_profile("jiexun", deadline=None)
settings.load_profile("jiexun")
