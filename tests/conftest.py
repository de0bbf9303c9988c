"""What holds for every test."""

from hypothesis import settings

# A busy machine is no wrong answer: no test fails because it took long.
settings.register_profile("jiexun", deadline=None)
settings.load_profile("jiexun")
