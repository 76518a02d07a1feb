"""What is asked of a directory to mirror it: units, accounts and groups."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b

from mailtui.directory.port import Entry
from mailtui.domain.entries import EntryKind
from mailtui.domain.mirror import Record
from mailtui.domain.schema import Schema
from mailtui.sync.mapping import AccountMapping, account_attributes, group_attributes, group_record, unit_record


@dataclass(frozen=True, slots=True)
class Search:
    """How the entries of one kind are found, and made records of; `matching` is an RFC 4515 filter."""

    kind: EntryKind
    matching: str
    attributes: tuple[str, ...]
    record: Callable[[Entry], Record]


@dataclass(frozen=True)
class Scheme:
    """What is mirrored, as whom: the schema, the base DN, and the DN that reads (empty: nobody in particular)."""

    schema: Schema
    base: str
    reader: str = ""

    @cached_property
    def searches(self) -> tuple[Search, ...]:
        """The searches for everything that is mirrored, units first."""
        schema, base = self.schema, self.base
        unit, account, group = schema.unit, schema.account, schema.group
        return (
            Search(EntryKind.UNIT, unit.filter, (schema.id, unit.name), partial(unit_record, schema=schema)),
            Search(
                EntryKind.ACCOUNT,
                account.filter,
                account_attributes(schema),
                AccountMapping(schema, base).record,
            ),
            Search(EntryKind.GROUP, group.filter, group_attributes(schema), partial(group_record, schema=schema)),
        )

    @cached_property
    def fingerprint(self) -> str:
        """A short form of all this: a cursor that was reached with another one is none."""
        asked = repr((self.schema, self.base, self.reader))
        return blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
