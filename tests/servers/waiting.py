"""Waiting for something to become true, with a deadline."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], bool], what: str, timeout_s: float = 20) -> None:
    """Ask again and again until the answer is yes; fail with what was waited for when the deadline is over."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, f"waited {timeout_s} s for {what}"
        time.sleep(0.01)
