"""A list of things that take some lines each, one of them chosen; led by the keys of the dialog that it is in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.reactive import reactive

from mailtui.ui.widgets.lines import Lines
from mailtui.ui.widgets.spans import Line

Block = Callable[[int, bool, int], Sequence[Line]]


class Blocks(Lines):
    """So many blocks, each set out by its number from 0, by whether it is chosen, and by the cells there are."""

    chosen: reactive[int] = reactive(0, init=False)
    """The block at the cursor, counted from 0."""

    @dataclass
    class Chosen(Message):
        """Another block was chosen."""

        blocks: "Blocks"
        place: int

        @property
        def control(self) -> "Blocks":
            """The list it happened in."""
            return self.blocks

    def __init__(self, count: int, block: Block, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(self._set_out, id=id)
        self.can_focus = False
        self._count, self._set_block = count, block
        self._starts: list[int] = []

    def _set_out(self, cells: int) -> list[Line]:
        lines: list[Line] = []
        self._starts = []
        for place in range(self._count):
            self._starts.append(len(lines))
            lines += self._set_block(place, place == self.chosen, cells)
        return lines

    def validate_chosen(self, chosen: int) -> int:
        """Keep to the blocks there are."""
        return max(0, min(chosen, self._count - 1))

    def watch_chosen(self) -> None:
        """Show which one is chosen, and keep it in sight."""
        self.lay_out()
        if self.chosen < len(self._starts):
            end = [*self._starts[1:], len(self.lines)][self.chosen]
            start = self._starts[self.chosen]
            top, height = self.scroll_offset.y, self.size.height
            if start < top:
                self.move(start - top)
            elif end > top + height:
                self.move(min(start - top, end - top - height))
        self.post_message(self.Chosen(self, self.chosen))

    def step(self, by: int) -> None:
        """Choose by so many blocks further on, or back."""
        self.chosen += by

    def jump(self, direction: int) -> None:
        """Choose the first block or the last."""
        self.chosen += direction * self._count
