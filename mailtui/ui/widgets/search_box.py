"""The box that narrows the list at every letter."""

from dataclasses import dataclass

from textual.message import Message

from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.widgets.fields import Field


class SearchBox(Field):
    """Where a search is typed; Enter and Down go to what it found."""

    BINDINGS = keys.bindings(keys.SEARCH)

    @dataclass
    class Left(Message):
        """The list is asked for."""

        box: "SearchBox"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(placeholder=_("name, log-in, address, number… dept:sales quota>90 is:disabled"), id=id)

    def action_leave(self) -> None:
        """Go to the list."""
        self.post_message(self.Left(self))

    def action_back(self) -> None:
        """Clear the search, or leave it where it is clear."""
        if self.value:
            self.clear()
        else:
            self.post_message(self.Left(self))
