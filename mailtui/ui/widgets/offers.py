"""A short list below a field: what may be typed there, to choose from."""

from typing import ClassVar

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from typing_extensions import override

from mailtui.queries.completions import Completion
from mailtui.texts import fit
from mailtui.ui.widgets.spans import Toned


class Offers(Toned):
    """Completions, one a line; as high as there are some."""

    VALUE: ClassVar[float] = 0.5
    """The part of the line that an answer may take."""

    offers: reactive[tuple[Completion, ...]] = reactive((), layout=True)
    """What is offered."""
    chosen: reactive[int | None] = reactive(None)
    """The one at the cursor, counted from 0; None before any was chosen."""

    @override
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be a line high for each."""
        return len(self.offers)

    def watch_offers(self) -> None:
        """Begin without a choice."""
        self.chosen = None

    @property
    def taken(self) -> Completion | None:
        """The one at the cursor."""
        return None if self.chosen is None else self.offers[self.chosen]

    def move(self, by: int) -> None:
        """Choose the next one, or the one before; before the first is none."""
        place = (-1 if self.chosen is None else self.chosen) + by
        self.chosen = None if place < 0 else min(place, len(self.offers) - 1)

    @override
    def render_line(self, y: int) -> Strip:
        """Give one of them."""
        if y >= len(self.offers):
            return self.strip((), self.size.width)
        offer = self.offers[y]
        value = fit(offer.value, int(self.size.width * self.VALUE))
        over = "cursor" if y == self.chosen else ""
        return self.strip(((value + "  ", ""), (offer.detail, "muted")), self.size.width, over)
