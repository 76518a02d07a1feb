"""What every list has in common: a cursor that stays in sight, and the keys that move it."""

from typing import ClassVar

from textual import on
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView

from mailtui.ui import keys
from mailtui.ui.widgets.spans import Toned


class CursorView(Toned, ScrollView, can_focus=True):
    """A list that draws its own lines; one is at the cursor, or, without `has_cursor`, the list just scrolls."""

    BINDINGS = keys.bindings(keys.CURSOR)
    HEAD: ClassVar[int] = 0
    """How many lines above the list stay where they are."""

    length: reactive[int] = reactive(0, init=False)
    """How many lines the list has."""
    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The line at the cursor, counted from 0."""
    has_cursor = True

    @property
    def room(self) -> int:
        """The cells of a line."""
        return self.scrollable_content_region.width

    @property
    def _page(self) -> int:
        return max(1, self.size.height - self.HEAD)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor within the list."""
        return max(0, min(cursor, self.length - 1))

    @on(Resize)
    def watch_length(self) -> None:
        """Make the list as wide as the window, and as long as its lines."""
        self.virtual_size = Size(self.room, self.length + self.HEAD)
        self.cursor = self.validate_cursor(self.cursor)
        self._keep_in_sight()

    def watch_cursor(self, before: int, now: int) -> None:
        """Show where the cursor went."""
        if self.has_cursor:
            self._keep_in_sight()
            self._show(before)
            self._show(now)
            self.cursor_moved()

    def cursor_moved(self) -> None:
        """Tell of the line at the cursor."""

    def _show(self, line: int) -> None:
        self.refresh(Region(0, line - self.scroll_offset.y + self.HEAD, self.size.width, 1))

    def _keep_in_sight(self) -> None:
        top = self.scroll_offset.y
        if self.has_cursor and not top <= self.cursor < top + self._page:
            self._scroll(self.cursor if self.cursor < top else self.cursor - self._page + 1)

    def _scroll(self, top: int) -> None:
        # By force: a list that has just become long shows no scroll bar yet.
        self.scroll_to(y=top, animate=False, immediate=True, force=True)

    @on(Focus)
    @on(Blur)
    def show_focus(self) -> None:
        """Show whether the focus is here."""
        if self.has_cursor:
            self._show(self.cursor)

    @on(Click)
    def choose(self, event: Click) -> None:
        """Put the cursor on the line that was clicked."""
        if self.has_cursor and event.y >= self.HEAD:
            self.cursor = self.scroll_offset.y + event.y - self.HEAD

    def move(self, by: int) -> None:
        """Move the cursor, or scroll where there is none, by so many lines."""
        if self.has_cursor:
            self.cursor += by
        else:
            self._scroll(self.scroll_offset.y + by)

    def page(self, direction: int) -> None:
        """Move by a window's height, a line of it still in sight."""
        self.move(direction * max(1, self._page - 1))

    def edge(self, direction: int) -> None:
        """Move to the first line (-1) or the last (1)."""
        self.move(direction * self.length)

    def action_move(self, by: int) -> None:
        """Move by lines."""
        self.move(by)

    def action_page(self, direction: int) -> None:
        """Move by pages."""
        self.page(direction)

    def action_edge(self, direction: int) -> None:
        """Move to an end."""
        self.edge(direction)
