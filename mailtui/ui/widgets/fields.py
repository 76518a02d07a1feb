"""Fields to type in: nothing typed or pasted into them reaches the terminal as anything but text."""

from textual import events, on
from textual.widgets import Input

from mailtui.texts import clean
from mailtui.ui import keys


class Field(Input):
    """One line to type in, with a cursor that does not blink."""

    BINDINGS = keys.bindings(keys.FIELD)

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        """Make it; what it begins with is selected when it gets the focus: what is typed takes its place."""
        super().__init__(clean(value), placeholder=placeholder, id=id, compact=True, select_on_focus=bool(value))
        self.cursor_blink = False
        self._leave_scrolling()

    def _leave_scrolling(self) -> None:
        """Leave keys that would scroll, as one line of text never does, to the screen around it and its key bar."""
        held = self._bindings.key_to_bindings
        for key, bound in list(held.items()):
            if all(binding.action.startswith("scroll_") for binding in bound):
                del held[key]

    @on(events.Paste)
    def take_text(self, event: events.Paste) -> None:
        """Take the first line that has text in it, made safe."""
        event.prevent_default()
        event.stop()
        line = next((line.strip() for line in event.text.splitlines() if line.strip()), "")
        self.replace(clean(line), *self.selection)


class PasswordField(Field):
    """A line whose text is never shown, copied or cut."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.password = True

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""
