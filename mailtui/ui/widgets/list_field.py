"""A field for many lines, to paste a list into."""

from dataclasses import dataclass

from textual import events, on
from textual.message import Message
from textual.widgets import TextArea

from mailtui.texts import clean


class ListField(TextArea):
    """Many lines to paste a list into; tabs stay, since they may separate its columns."""

    @dataclass
    class Pasted(Message):
        """A list was pasted."""

        field: "ListField"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, compact=True, tab_behavior="focus", show_line_numbers=False)
        self.cursor_blink = False

    @on(events.Paste)
    def take_text(self, event: events.Paste) -> None:
        """Take all lines, each made safe."""
        event.prevent_default()
        event.stop()
        lines = ("\t".join(clean(cell) for cell in line.split("\t")) for line in event.text.splitlines())
        self.insert("\n".join(lines))
        self.post_message(self.Pasted(self))
