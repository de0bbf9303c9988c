"""A clock that a test turns by hand."""


class ManualClock:
    """Seconds that grow only when the test says so."""

    def __init__(self, seconds: float = 1000.0) -> None:
        self.seconds = seconds
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
