"""Entries as the embedded directory holds them, and what an identity may see of one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailtui.demo.naming import Name

# What no entry keeps, and the server makes up when asked.
VIRTUAL = frozenset({"entryDN", "subschemaSubentry", "hasSubordinates", "contextCSN"})
SUBSCHEMA = "cn=Subschema"
PASSWORD = "userPassword"  # noqa: S105  # the attribute's name


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; never changed, only replaced, so that whoever reads it sees it whole.

    `attributes` holds values by description as the schema spells it (`cn`, `cn;lang-de`), those of the server's own
    among them. `serial` tells in which order entries came.
    """

    name: Name
    attributes: Mapping[str, tuple[bytes, ...]]
    serial: int
    # Descriptions with options: so rare that looking for them must cost nothing.
    tagged: tuple[str, ...] = ()

    @property
    def dn(self) -> str:
        """The DN as the server spells it."""
        return self.name.text

    def first(self, attribute: str) -> bytes | None:
        """Give the first value of an attribute; None when it has none."""
        values = self.attributes.get(attribute)
        return values[0] if values else None


def tagged(attributes: Mapping[str, object]) -> tuple[str, ...]:
    """Name the descriptions that have options."""
    return tuple(description for description in attributes if ";" in description)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: the DN of a bind and its key; both are empty for nobody."""

    dn: str = ""
    key: str = ""
    is_admin: bool = False

    def may_read(self, attribute: str) -> bool:
        """Tell whether an attribute may be read, searched for and compared."""
        return self.is_admin or attribute != PASSWORD

    def may_write(self, entry: Entry, attribute: str) -> bool:
        """Tell whether an attribute of an entry may be changed: people write their own password and nothing else."""
        return self.is_admin or (attribute == PASSWORD and self.key == entry.name.key)


ANONYMOUS = Identity()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One attribute that is asked for: the type with those that descend from it, and options values must have."""

    family: tuple[str, ...]
    options: frozenset[str] = frozenset()

    def covers(self, description: str) -> bool:
        """Tell whether values under a description are meant."""
        base, *options = description.split(";")
        return base in self.family and self.options <= set(options)


@dataclass(frozen=True, slots=True)
class Sight:
    """An entry as an identity sees it; `made_up` gives what the server does not keep (entryDN)."""

    entry: Entry
    identity: Identity
    made_up: Callable[[Entry], Mapping[str, tuple[bytes, ...]]]

    def values(self, wanted: Wanted) -> Sequence[bytes] | None:
        """Give all values of an attribute; None when the identity may not know."""
        found: tuple[bytes, ...] = ()
        if not wanted.options:
            attributes = self.entry.attributes
            for name in wanted.family:
                values = attributes.get(name)
                if values is None and name in VIRTUAL:
                    values = self.made_up(self.entry).get(name)
                found += values or ()
        for description in self.entry.tagged:
            if wanted.covers(description):
                found += self.entry.attributes[description]
        return found if self.identity.may_read(wanted.family[0]) else None

    def all(self, *, with_virtual: bool = True) -> Iterator[tuple[str, tuple[bytes, ...]]]:
        """Walk every description that may be read, with its values."""
        for description, values in self.entry.attributes.items():
            if self.identity.may_read(description.partition(";")[0]):
                yield description, values
        if with_virtual:
            yield from self.made_up(self.entry).items()
