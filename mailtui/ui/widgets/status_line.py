"""What is shown and what is marked."""

from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.texts import ngettext
from mailtui.ui.widgets.spans import Span, Toned


class StatusLine(Toned):
    """How many accounts are shown and marked; news take the place of that until the next key."""

    shown: reactive[str] = reactive("")
    """How many accounts the list has."""
    marked: reactive[int] = reactive(0)
    """How many accounts are marked."""
    hidden: reactive[int] = reactive(0)
    """How many of the marked ones the filter hides."""
    notice: reactive[str] = reactive("")
    """The latest news."""

    @override
    def render_line(self, y: int) -> Strip:
        """Give the line."""
        spans = [(self.notice, "strong")] if self.notice else self._counts()
        return self.strip(spans, self.size.width)

    def _counts(self) -> list[Span]:
        spans: list[Span] = [(self.shown, "")]
        if self.marked:
            text = ngettext("{number} marked", "{number} marked", self.marked).format(number=f"{self.marked:,}")
            spans += [("   * ", "key"), (text, "strong")]
        if self.hidden:
            hidden = ngettext("{number} hidden by the filter", "{number} hidden by the filter", self.hidden)
            spans += [(", ", ""), (hidden.format(number=f"{self.hidden:,}"), "warning")]
        return spans
