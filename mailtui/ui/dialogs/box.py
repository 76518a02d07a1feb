"""The frame of every dialog."""

from textual.containers import Vertical
from textual.content import Content

from mailtui.texts import clean


class Box(Vertical):
    """A frame with a title; what it holds is scrolled where the terminal is too low for it."""

    def __init__(self, title: str, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.border_title = Content(clean(title))
