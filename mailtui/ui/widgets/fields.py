"""Fields to type in: nothing typed or pasted into them reaches the terminal as anything but text."""

from dataclasses import dataclass

from textual import events, on
from textual.message import Message
from textual.widgets import Input, TextArea

from mailtui.texts import clean
from mailtui.ui import keys


class Field(Input):
    """One line to type in, with a cursor that does not blink."""

    BINDINGS = keys.bindings(keys.FIELD)

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(clean(value), placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    @on(events.Paste)
    def take_text(self, event: events.Paste) -> None:
        """Take the first line that has text in it, made safe."""
        event.prevent_default()
        event.stop()
        line = next((line.strip() for line in event.text.splitlines() if line.strip()), "")
        self.insert_text_at_cursor(clean(line))


class PasswordField(Field):
    """A line whose text is never shown, copied or cut."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.password = True

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""


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
