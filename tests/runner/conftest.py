"""Places to crash at: the embedded directory and a real slapd, both of which count what is done to them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Lock

import pytest

from mailtui.demo.address import DemoAddress
from mailtui.demo.controls import Asked
from mailtui.demo.requests import Message, read_modify
from mailtui.demo.results import Result
from mailtui.demo.session import Session
from mailtui.paths import StorePaths
from tests.runner.world import Place, World, company, desk_at
from tests.servers.accesslog import times_modified
from tests.servers.embedded import embedded
from tests.servers.slapd import SlapdOptions, slapd

PEOPLE = 1000
Answering = tuple[DemoAddress, Callable[[], Counter[str]]]


@contextmanager
def counting_directory(people: int = PEOPLE) -> Iterator[Answering]:
    """Run an embedded directory that counts changes."""
    times: Counter[str] = Counter()
    lock = Lock()

    class Counting(Session):
        def modify(self, request: Message, asked: Asked) -> Result:
            result = super().modify(request, asked)
            with lock:
                times[read_modify(request.body).dn.lower()] += 1
            return result

    with embedded(company(people), session=Counting) as address:
        yield address, times.copy


@contextmanager
def counting_slapd(people: int = PEOPLE) -> Iterator[Answering]:
    """Run a slapd that writes down changes."""
    with slapd(company(people), SlapdOptions(accesslog=True)) as address:
        yield address, partial(times_modified, address)


SERVERS: dict[str, Callable[..., AbstractContextManager[Answering]]] = {
    "embedded": counting_directory,
    "slapd": counting_slapd,
}


def mirrored(address: DemoAddress, times: Callable[[], Counter[str]], folder: Path) -> Place:
    """Make a place of a directory, with a mirror of it in a folder."""
    files = StorePaths(folder / "mirror.db", folder / "no-journal.db", folder / "no-history.db")
    desk_at(address, files).sync(lambda _progress: None, Event())
    return Place(address, times, files.cache)


def _place(kind: str, folder: Path) -> Iterator[Place]:
    with SERVERS[kind]() as (address, times):
        yield mirrored(address, times, folder)


@pytest.fixture(scope="session", params=["embedded", pytest.param("slapd", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Each kind of directory in its turn, mirrored."""
    yield from _place(request.param, tmp_path_factory.mktemp("mirror"))


@pytest.fixture(scope="session")
def small_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The embedded directory alone, where the server does not matter."""
    yield from _place("embedded", tmp_path_factory.mktemp("mirror"))


@pytest.fixture
def world(place: Place) -> World:
    """People whom nobody has touched."""
    return World(place)
