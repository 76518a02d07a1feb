"""Directories in front of a real one: one that offers no controls, one in which others meddle, one that refuses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Barrier

from mailtui.directory.port import Answer, Capabilities, Directory, Entry, Modification, News, Rung, Scope
from mailtui.errors import DirectoryError


class Through:
    """A directory that passes everything on."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def capabilities(self) -> Capabilities:
        return self._directory.capabilities

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

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        return self._directory.send(modifications, reading)

    def answer(self) -> tuple[int, Answer]:
        return self._directory.answer()

    def who_am_i(self) -> str:
        return self._directory.who_am_i()

    def close(self) -> None:
        self._directory.close()


class Plain(Through):
    """A directory that offers none of the Assertion, Pre-Read and Post-Read controls."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(paged=self._directory.capabilities.paged)

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        return self._directory.send([replace(one, expecting=(), entry_id="") for one in modifications])


class Meddling(Through):
    """A directory in which something happens just before each change."""

    def __init__(self, directory: Directory, before: Callable[[str], None]) -> None:
        super().__init__(directory)
        self._before = before

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        for one in modifications:
            self._before(one.dn)
        return self._directory.send(modifications, reading)


class Meeting(Through):
    """A directory whose first changes leave when as many others are about to send theirs, all having read before."""

    def __init__(self, directory: Directory, barrier: Barrier) -> None:
        super().__init__(directory)
        self._barrier = barrier
        self._has_met = False

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        if modifications and not self._has_met:
            self._has_met = True
            self._barrier.wait(20)
        return self._directory.send(modifications, reading)


class Refusing(Through):
    """A directory that refuses to change some entries; something else may happen to them before the answer."""

    def __init__(
        self, directory: Directory, refused: frozenset[str], before: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(directory)
        self._refused = refused
        self._before = before
        self._waiting: list[int] = []

    def send(self, modifications: Sequence[Modification], reading: Sequence[str] = ()) -> list[int]:
        passed = iter(self._directory.send([one for one in modifications if one.dn not in self._refused], reading))
        numbers = [-n if one.dn in self._refused else next(passed) for n, one in enumerate(modifications, 1)]
        self._waiting += [number for number in numbers if number < 0]
        return numbers

    def answer(self) -> tuple[int, Answer]:
        if self._waiting:
            self._before()
            return self._waiting.pop(), DirectoryError("not today", result_code=53)
        return self._directory.answer()
