"""Bytes that are no UTF-8, typed or pasted: Textual's input thread ends the program at the first (issue 6456)."""

import codecs
from functools import partial

from textual.drivers import linux_driver


def take_any_bytes() -> None:
    """Have the terminal's input decoded with U+FFFD in place of what is no UTF-8."""

    def tolerant(encoding: str) -> partial[codecs.IncrementalDecoder]:
        return partial(codecs.getincrementaldecoder(encoding), errors="replace")

    vars(linux_driver)["getincrementaldecoder"] = tolerant
