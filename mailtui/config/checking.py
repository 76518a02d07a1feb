"""Values of a config file checked against the types that are declared; what cannot be taken is named with a hint."""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from mailtui.errors import ConfigError
from mailtui.texts import _

Table = Mapping[str, Any]

_READERS: dict[Any, tuple[Callable[[Any], bool], Callable[[], str]]] = {
    str: (lambda v: isinstance(v, str), lambda: _("a text")),
    bool: (lambda v: isinstance(v, bool), lambda: _("true or false")),
    int: (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0, lambda: _("a whole number")),
    Path: (lambda v: isinstance(v, str), lambda: _("a path")),
    tuple: (lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v), lambda: _("a list of texts")),
}


def section(
    kind: type[Any], value: Any, source: str, where: str, *, skip: Collection[str] = (), partial: bool = False
) -> dict[str, Any]:
    """Give the values of a table by the fields of a dataclass; a `partial` one may leave out what is needed.

    Raises:
        ConfigError: A key is not known or missing, or a value is of another type.
    """
    kinds = {name: kind for name, kind in get_type_hints(kind).items() if name not in skip}
    held = table(value, source, where)
    known(held, kinds, source, where)
    values = {name: typed(kinds[name], held[name], source, f"{where}.{name}") for name in held}
    needed = {f.name for f in fields(kind) if f.default is f.default_factory}
    missing = sorted(needed & set(kinds) - set(values))
    if missing and not partial:
        raise wrong(source, f"{where}.{missing[0]}", _("is missing"), _("Add it."))
    return values


def typed(kind: Any, value: Any, source: str, where: str) -> Any:
    """Give a value as the type it is declared to be.

    Raises:
        ConfigError: It is of another.
    """
    if isinstance(kind, UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    read, wanted = _READERS[get_origin(kind) or kind]
    if not read(value):
        raise wrong(source, where, _("must be {kind}").format(kind=wanted()), _("Mend the value."))
    if kind is Path:
        return Path(value).expanduser()
    return tuple(value) if isinstance(value, list) else value


def check_one_of(choices: Collection[str], value: str, source: str, where: str) -> None:
    """Check a value that must be one of a few.

    Raises:
        ConfigError: It is none of them.
    """
    if value not in choices:
        raise wrong(source, where, _("is “{value}”").format(value=value), nearest(value, choices))


def table(value: Any, source: str, where: str) -> Table:
    """Give a value that must be a table.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(value, dict):
        raise wrong(source, where, _("must be a table"), _("Write it as [{where}].").format(where=where))
    return value


def tables(value: Any, source: str, where: str) -> list[tuple[str, Table]]:
    """Give an array of tables, each with what it is called in messages.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(value, list):
        what, hint = _("must be written as [[{where}]]").format(where=where), _("Double the brackets.")
        raise wrong(source, where, what, hint)
    names = [f"{where}[{number}]" for number in range(1, len(value) + 1)]
    return [(name, table(each, source, name)) for name, each in zip(names, value, strict=True)]


def known(held: Table, names: Collection[str], source: str, where: str) -> None:
    """Check that a table has no key but these.

    Raises:
        ConfigError: It has; the hint is the nearest of them.
    """
    for key in held:
        if key not in names:
            raise wrong(source, f"{where}.{key}".lstrip("."), _("is not known"), nearest(key, names))


def nearest(key: str, names: Iterable[str]) -> str:
    """Give the hint for a name that is not known."""
    listed = sorted(names)
    near = difflib.get_close_matches(key, listed, 1)
    if near:
        return _("Did you mean “{key}”?").format(key=near[0])
    return _("Known here: {keys}.").format(keys=", ".join(listed))


def wrong(source: str, key: str, what: str, hint: str) -> ConfigError:
    """Make the failure that names a file, a key and what is wrong with it."""
    return ConfigError(f"{source}: {key} {what}", hint=hint)
