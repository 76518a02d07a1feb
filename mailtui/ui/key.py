"""What a key of the console is, and how it is written for people and for Textual."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.keys import format_key

from mailtui.texts import _

_SHOWN = {
    "space": _("Space"),
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "S-Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
    "ctrl+c": "Ctrl-C",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or several for one action.

    `id` names it for a site's own key map; `title` is its word in the key bar, `help` its sentence; `group` is the
    heading below which the help lists it; `bar` is its
    place in the key bar, 0 for a key that has none there.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    title: str
    help: str
    group: str
    bar: int = 0

    @property
    def shown(self) -> str:
        """The keys as people read them."""
        return " ".join(map(shown, self.keys))

    @property
    def binding(self) -> Binding:
        """The same for Textual."""
        return Binding(
            ",".join(self.keys),
            self.action,
            self.title,
            show=bool(self.bar),
            key_display=shown(self.keys[0]),
            tooltip=self.help,
            id=self.id,
        )


def shown(key: str) -> str:
    """Give a key, by the name that Textual has for it, as people read it."""
    if key.startswith("ctrl+") and len(key) == len("ctrl+x"):
        return f"Ctrl-{key[-1].upper()}"
    is_function = key[:1] == "f" and key[1:].isdigit()
    return _SHOWN.get(key) or (key.upper() if is_function else format_key(key))


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """Give a table of keys as Textual takes it."""
    return [key.binding for key in keys]
