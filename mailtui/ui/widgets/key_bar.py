"""The line of keys at the bottom, made from what can be pressed now (Textual's Footer leaks: issue 6666)."""

from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from typing_extensions import override

from mailtui.texts import width
from mailtui.ui import keys
from mailtui.ui.widgets.spans import Span, Toned

Entry = tuple[str, str, bool]
_GAP = 2
# One character each as people read them, and still nothing that could be typed.
_ARROWS = frozenset({"up", "down", "left", "right"})


class KeyBar(Toned):
    """Keys and what they do; what cannot be done now is muted, what has no room is left to the help."""

    keys: reactive[tuple[Entry, ...]] = reactive(())
    """Key, word, and whether it can be done now."""

    def __init__(self, *, usable_first: bool = False) -> None:
        """Make it; with `usable_first` it is keys that can do nothing now which give way where there is no room."""
        super().__init__()
        self._usable_first = usable_first

    def on_mount(self) -> None:
        """Follow what the screen binds."""
        self.screen.bindings_updated_signal.subscribe(self, self._read)
        self.call_after_refresh(self._read, self.screen)

    def _read(self, screen: Screen[object]) -> None:
        if not self.is_attached:
            return
        shown: dict[str, tuple[int, str, str, bool]] = {}
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.id and not self._is_typed(binding):
                place = keys.place(binding.id)
                shown.setdefault(binding.id, (place, _shown(binding), binding.description, enabled))
        self.keys = tuple(entry[1:] for entry in sorted(shown.values(), key=lambda entry: entry[0]))

    def _is_typed(self, binding: Binding) -> bool:
        """Tell whether the key is just a letter in the field that has the focus."""
        field = self.screen.focused
        shown = _shown(binding)
        is_letter = len(shown) == 1 and binding.key not in _ARROWS
        return field is not None and is_letter and field.check_consume_key(binding.key, shown)

    def _candidates(self, room: int) -> list[Entry]:
        """Give the keys that room is looked for, but for the last two."""
        entries = list(self.keys[:-2])
        while self._usable_first and sum(map(_cells, entries)) > room:
            idle = [entry for entry in entries if not entry[2]]
            if not idle:
                break
            entries.remove(idle[-1])
        return entries

    @override
    def render_line(self, y: int) -> Strip:
        """Give the keys that there is room for; the last two, help and the way out, always are."""
        spans: list[Span] = []
        kept = self.keys[-2:]
        room = self.size.width - sum(map(_cells, kept)) + _GAP
        for entry in self._candidates(room):
            room -= _cells(entry)
            if room < 0:
                break
            spans += _spans(entry)
        for entry in kept:
            spans += _spans(entry)
        if spans:
            last, tone = spans[-1]
            spans[-1] = (last.rstrip(), tone)
        return self.strip(spans, self.size.width)


def _shown(binding: Binding) -> str:
    # A site's own key comes without.
    return binding.key_display or keys.shown(binding.key)


def _cells(entry: Entry) -> int:
    return width(entry[0]) + 1 + width(entry[1]) + _GAP


def _spans(entry: Entry) -> list[Span]:
    key, word, enabled = entry
    return [(key, "key" if enabled else "muted"), (f" {word}{' ' * _GAP}", "" if enabled else "muted")]
