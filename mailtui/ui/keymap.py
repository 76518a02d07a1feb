"""A site's own keys for actions: checked against what there is, and shown where keys are listed or named."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual.widget import Widget

from mailtui.errors import ConfigError
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.keys import Key
from mailtui.ui.task_keys import ALL_KEYS

_NAMED = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")
_TOGETHER = ((*keys.CURSOR, *keys.BATCH), (*keys.CURSOR, *keys.BATCHES))


def moved(table: Iterable[Key], keymap: Mapping[str, str]) -> tuple[Key, ...]:
    """Give a table of keys as the site has them."""
    return tuple(replace(key, keys=_names(keymap[key.id])) if key.id in keymap else key for key in table)


def here(widget: Widget, text: str) -> str:
    """Put the keys that hold in the console into a text that names them by their ids in braces."""
    # Textual tells nobody what it was given by `set_keymap`, but for the keys that can be pressed at the moment.
    site = widget.app._keymap  # noqa: SLF001
    usual = {key.id: key.keys for table in (*keys.TABLES, ALL_KEYS) for key in table}

    def shown(found: re.Match[str]) -> str:
        name = found[1]
        first = (_names(site[name]) if name in site else usual.get(name, ()))[:1]
        return keys.shown(first[0]) if first else found[0]

    return _NAMED.sub(shown, text)


def check(keymap: Mapping[str, str], main: tuple[Key, ...]) -> None:
    """Look through a site's keys; `main` are those of the first screen, tasks among them.

    Raises:
        ConfigError: It names an action that is not there, or gives two that hold together one key, or one none.
    """
    known = {key.id for table in (*keys.TABLES, main) for key in table}
    for name, pressed in keymap.items():
        if name not in known:
            raise ConfigError(_("keys: {name} is not known").format(name=name), hint=_nearest(name, known))
        if not all(_names(pressed)):
            raise ConfigError(
                _("keys: {name} has no key").format(name=name), hint=_("Name one, or leave the line out.")
            )
    for table in (main, *_TOGETHER):
        _check_apart(moved(table, keymap))


def _check_apart(table: tuple[Key, ...]) -> None:
    taken: dict[str, str] = {}
    for key in table:
        for name in key.keys:
            if taken.setdefault(name, key.id) != key.id:
                raise ConfigError(
                    _("keys: {first} and {second} have one key, {key}").format(
                        first=taken[name], second=key.id, key=name
                    ),
                    hint=_("Give one of them another."),
                )


def _names(pressed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in pressed.split(","))


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 3)
    if near:
        return _("Did you mean “{key}”?").format(key="”, “".join(near))
    return _("Known here: {keys}.").format(keys=", ".join(names))
