"""Entries read from the directory as they are at this moment, for plans to start from."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mailtui.domain import dn as names
from mailtui.domain.entries import SECRET_ATTRIBUTES, EntryKind
from mailtui.domain.plan import GroupTarget, Target, UnitTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailtui.desk.desk import Desk
    from mailtui.directory.port import Entry


class Reading:
    """Reads accounts and groups at a desk; the mirror is mended with what was read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def targets(self, ids: Sequence[str], *, is_whole: bool = False) -> dict[str, Target]:
        """Read accounts as they are now, mend the mirror with them, and leave out those that are gone."""
        fields = self._desk.schema.account
        # What is read for tasks alone is no part of the mirror.
        besides = filter(None, (fields.notes, fields.must_change, *fields.password_changed))
        attributes = tuple(dict.fromkeys((*self._desk.attributes[EntryKind.ACCOUNT], *besides)))
        as_of = datetime.now(UTC)
        with self._desk.connected() as directory:
            found = directory.read_ids(ids, attributes)
            whole = directory.read_ids(ids, ["*"]) if is_whole else {}
        self._mirror_now(list(found.values()), as_of, [one for one in ids if one not in found])
        with closing(self._desk.mirror()) as mirror:
            accounts = {account.id: account for account in mirror.by_ids(ids)}
        return {
            one: Target(accounts[one], {name: found[one].get(name) for name in attributes}, self._whole(whole.get(one)))
            for one in ids
            if one in found and one in accounts
        }

    def _whole(self, entry: Entry | None) -> dict[str, tuple[bytes, ...]]:
        hidden = {self._desk.schema.id.lower()} | SECRET_ATTRIBUTES
        return {name: values for name, values in entry.attributes.items() if name not in hidden} if entry else {}

    def _mirror_now(self, entries: Sequence[Entry], as_of: datetime, gone: Sequence[str]) -> None:
        """See to it that the mirror shows accounts as they were just read."""
        from mailtui.sync.mending import await_service

        seen = [(EntryKind.ACCOUNT, entry) for entry in entries]
        self._desk.mend(seen, as_of, gone)
        if not self._desk.renews_mirror:
            await_service(self._desk.mirror, self._desk.scheme, seen, gone)

    def groups(self, ids: Sequence[str], *, is_whole: bool = False) -> dict[str, GroupTarget]:
        """Read groups as they are now, by id; those that are gone are left out."""
        from mailtui.queries.groups import worked_by

        attributes = (*self._desk.attributes[EntryKind.GROUP], "objectClass")
        with self._desk.connected() as directory:
            found = directory.read_ids(ids, attributes) if ids else {}
            whole = directory.read_ids(ids, ["*"]) if ids and is_whole else {}
        with closing(self._desk.mirror()) as mirror:
            return {
                one: GroupTarget(
                    one,
                    entry.dn,
                    entry.text(self._desk.schema.group.name) or entry.dn,
                    {name: entry.get(name) for name in attributes},
                    worked_by(mirror, one),
                    self._whole(whole.get(one)),
                )
                for one, entry in found.items()
            }

    def surroundings(self, ids: Sequence[str]) -> dict[str, Any]:
        """Read what names accounts elsewhere, as it is now: their groups, and those whom they manage."""
        from mailtui.queries.groups import groups_of
        from mailtui.queries.impact import managed_by

        with closing(self._desk.mirror()) as mirror:
            named, managed = groups_of(mirror, ids), managed_by(mirror, ids)
        groups = self.groups(sorted({one for held in named.values() for one in held}))
        targets = self.targets(sorted({one for held in managed.values() for one in held}))
        return {
            "groups_of": {one: tuple(groups[g] for g in held if g in groups) for one, held in named.items()},
            "managed": {one: tuple(targets[m] for m in held if m in targets) for one, held in managed.items()},
        }

    def units(self, ids: Sequence[str], *, is_whole: bool = False) -> dict[str, UnitTarget]:
        """Read org units as they are now, by id, and mend the mirror with them; those that are gone are left out.

        Where they are read whole, what is below them is looked for too.
        """
        attributes, as_of = self._desk.attributes[EntryKind.UNIT], datetime.now(UTC)
        if not ids:
            return {}
        with self._desk.connected() as directory:
            found = directory.read_ids(ids, attributes)
            whole = directory.read_ids(ids, ["*"]) if is_whole else {}
        gone = [one for one in ids if one not in found]
        self._desk.mend([(EntryKind.UNIT, entry) for entry in found.values()], as_of, gone)
        return {
            one: UnitTarget(
                one,
                entry.dn,
                entry.text(self._desk.schema.unit.name) or entry.dn,
                names.units(names.join("cn", "any", entry.dn), self._desk.directory_config.base),
                {name: entry.get(name) for name in attributes},
                self._whole(whole.get(one)),
                self._entry_in(one, entry.dn) if is_whole else "",
            )
            for one, entry in found.items()
        }

    def _entry_in(self, unit_id: str, unit_dn: str) -> str:
        """Name an entry below a unit, by the directory or the mirror; empty where there is none."""
        from mailtui.directory.port import Scope
        from mailtui.queries.units import entry_in

        # A connection of its own: what is left unread closes it.
        with self._desk.connected() as directory, closing(self._desk.mirror()) as mirror:
            below = directory.search(unit_dn, "(objectClass=*)", ("1.1",), scope=Scope.ONE)
            return next((entry.dn for entry in below), "") or entry_in(mirror, unit_id, unit_dn)

    def taken(self, dn: str) -> frozenset[str]:
        """Give the key of a DN, if there is an entry at it."""
        with self._desk.connected() as directory:
            return frozenset(map(names.key, directory.read([dn], ("1.1",))))

    def surroundings_of(self, unit: UnitTarget) -> dict[str, Any]:
        """Read what names a unit, or anything in it, as it is now: groups, and those whose managers are there."""
        from mailtui.queries.units import naming_what_is_in

        with closing(self._desk.mirror()) as mirror:
            groups, managed = naming_what_is_in(mirror, unit.id, unit.dn)
        return {
            "groups_of": {unit.id: tuple(self.groups(groups).values())},
            "managed": {unit.id: tuple(self.targets(managed).values())},
        }
