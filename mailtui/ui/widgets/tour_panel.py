"""The panel that says what to do next on the tour."""

from textual.app import ComposeResult
from textual.containers import Vertical

from mailtui.domain.batch import Batch
from mailtui.texts import _
from mailtui.ui import keymap
from mailtui.ui.tour import Looked, Tour
from mailtui.ui.widgets.prose import Prose


class TourPanel(Vertical):
    """A step and how far one is; nothing while no tour is taken."""

    def __init__(self, tour: Tour) -> None:
        super().__init__(id="tour")
        self._tour = tour
        self._title, self._text = Prose("", "strong"), Prose()
        self.display = False

    def compose(self) -> ComposeResult:
        """The title above the text."""
        yield self._title
        yield self._text

    def turn(self) -> None:
        """Begin the tour, or put it away."""
        self._tour.turn()
        self.show()

    def take(self, news: Looked | Batch) -> None:
        """Take news of what was done."""
        step = self._tour.step
        if self._tour.take(news) and step is not None:
            self.show(step.title)

    def show(self, done: str = "") -> None:
        """Show how far it is; `done` names the step that was just taken."""
        self.display = self._tour.is_on
        step, (number, count) = self._tour.step, self._tour.progress
        ready = _("✓ {step}").format(step=done) if done else ""
        if step is None:
            title = _("Tour: that was all of it")
            text = keymap.here(
                self,
                _("These are the main jobs. {show.palette} finds all others by typing; {show.tour} puts this away."),
            )
        else:
            title = _("Tour {number} of {count}: {step}").format(number=number, count=count, step=step.title)
            text = keymap.here(self, step.text)
        self._title.span = ("   ".join(filter(None, (title, ready))), "strong")
        self._text.span = (text, "")
