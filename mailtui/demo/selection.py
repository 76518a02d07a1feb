"""Which attributes of an entry were asked for (RFC 4511 section 4.5.1.8), and the entry written for the line."""

from collections.abc import Sequence

from mailtui.demo.entries import VIRTUAL, Sight, Wanted
from mailtui.demo.filters import want
from mailtui.demo.schema import ServerSchema
from mailtui.directory import ber

_SEARCH_RESULT_ENTRY = 0x64


class Selection:
    """The attributes that a client named: names, `*`, `+`, `@class`, or `1.1` for none."""

    def __init__(self, schema: ServerSchema, names: Sequence[str], *, types_only: bool = False) -> None:
        self._schema = schema
        self._types_only = types_only
        self._users = not names or "*" in names
        self._operational = "+" in names
        self._wanted: list[Wanted] = []
        for name in names:
            self._add(name)
        self._needs_virtual = self._operational or any(VIRTUAL.intersection(one.family) for one in self._wanted)
        self._chosen: dict[str, bool] = {}

    def _add(self, name: str) -> None:
        if name.startswith("@"):
            known = self._schema.object_class(name[1:])
            for attribute in sorted(known.must | known.may) if known else ():
                self._wanted.append(Wanted((attribute,)))
        elif (wanted := want(self._schema, name)) is not None:
            self._wanted.append(wanted)

    def entry(self, sight: Sight) -> bytes:
        """Write a SearchResultEntry."""
        attributes = [
            ber.encode(
                ber.SEQUENCE,
                ber.octets(description),
                ber.encode(ber.SET, *(() if self._types_only else map(ber.octets, values))),
            )
            for description, values in sight.all(with_virtual=self._needs_virtual)
            if self._chooses(description)
        ]
        return ber.encode(_SEARCH_RESULT_ENTRY, ber.octets(sight.entry.dn), ber.encode(ber.SEQUENCE, *attributes))

    def _chooses(self, description: str) -> bool:
        chosen = self._chosen.get(description)
        if chosen is None:
            kind = self._schema.attribute(description)
            by_kind = self._operational if kind and kind.is_operational else self._users
            chosen = by_kind or any(one.covers(description) for one in self._wanted)
            self._chosen[description] = chosen
        return chosen
