"""Directories that misbehave: a real one behind each, and one way of going wrong in front of it."""

from collections.abc import Callable, Iterator, Sequence

from mailtui.directory.port import Capabilities, Directory, Entry, News, Rung, Scope
from mailtui.domain.change import Change, Values
from mailtui.errors import DirectoryError, Unreachable


class Plain:
    """A directory that offers neither the Assertion nor the Post-Read control."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(paged=self._directory.capabilities.paged)

    def search(
        self, base: str, matching: str, attributes: Sequence[str], *, scope: Scope = Scope.SUBTREE
    ) -> Iterator[Entry]:
        return self._directory.search(base, matching, attributes, scope=scope)

    def read(self, dns: Sequence[str], attributes: Sequence[str]) -> dict[str, Entry]:
        return self._directory.read(dns, attributes)

    def read_ids(self, ids: Sequence[str], attributes: Sequence[str], matching: str = "") -> dict[str, Entry]:
        return self._directory.read_ids(ids, attributes, matching)

    def rungs(self) -> tuple[Rung, ...]:
        return self._directory.rungs()

    def refresh(self, rung: Rung, matching: str, attributes: Sequence[str], cursor: str = "") -> Iterator[News]:
        return self._directory.refresh(rung, matching, attributes, cursor)

    def unknown(self, attributes: Sequence[str]) -> tuple[str, ...]:
        return self._directory.unknown(attributes)

    def modify(
        self, dn: str, changes: Sequence[Change], *, expecting: Sequence[Values] = (), reading: Sequence[str] = ()
    ) -> Entry | None:
        self._directory.modify(dn, changes)
        return None

    def who_am_i(self) -> str:
        return self._directory.who_am_i()

    def close(self) -> None:
        self._directory.close()


class Meddling(Plain):
    """A directory in which something happens just before each change, and which still has its controls."""

    def __init__(self, directory: Directory, before: Callable[[str], None]) -> None:
        super().__init__(directory)
        self._before = before

    def modify(
        self, dn: str, changes: Sequence[Change], *, expecting: Sequence[Values] = (), reading: Sequence[str] = ()
    ) -> Entry | None:
        self._before(dn)
        return self._directory.modify(dn, changes, expecting=expecting, reading=reading)


class Twisting(Plain):
    """A directory that says yes, and does something else with the changes."""

    def __init__(self, directory: Directory, twist: Callable[[Sequence[Change]], Sequence[Change]]) -> None:
        super().__init__(directory)
        self._twist = twist

    def modify(
        self, dn: str, changes: Sequence[Change], *, expecting: Sequence[Values] = (), reading: Sequence[str] = ()
    ) -> Entry | None:
        twisted = self._twist(changes)
        return super().modify(dn, twisted) if twisted else None


class Refusing(Plain):
    """A directory that refuses to change some entries."""

    def __init__(self, directory: Directory, refused: frozenset[str]) -> None:
        super().__init__(directory)
        self._refused = refused

    def modify(
        self, dn: str, changes: Sequence[Change], *, expecting: Sequence[Values] = (), reading: Sequence[str] = ()
    ) -> Entry | None:
        if dn in self._refused:
            raise DirectoryError("not today", result_code=53)
        return self._directory.modify(dn, changes, expecting=expecting, reading=reading)


class Lost(Plain):
    """A directory whose line is lost at one change, before or after the server carried it out."""

    def __init__(self, directory: Directory, at: int, *, applied: bool) -> None:
        super().__init__(directory)
        self._left = at
        self._applied = applied

    def read_ids(self, ids: Sequence[str], attributes: Sequence[str], matching: str = "") -> dict[str, Entry]:
        if self._left <= 0:
            raise Unreachable("the line is lost")
        return super().read_ids(ids, attributes, matching)

    def modify(
        self, dn: str, changes: Sequence[Change], *, expecting: Sequence[Values] = (), reading: Sequence[str] = ()
    ) -> Entry | None:
        self._left -= 1
        if self._left > 0:
            return self._directory.modify(dn, changes, expecting=expecting, reading=reading)
        if self._applied:
            self._directory.modify(dn, changes)
        raise Unreachable("the line is lost")
