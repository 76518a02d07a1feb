"""People of a directory whose accounts are disabled and given back, and what must be true of them at the end."""

import itertools
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import BASE, DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.directory.port import Entry
from mailtui.domain.account import Standing
from mailtui.domain.batch import Batch, BatchState, RowState
from mailtui.domain.entries import EntryKind
from mailtui.domain.plan import Plan
from mailtui.errors import MailtuiError, StoreError
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from tests.runner.dying import dying
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY
from tests.servers.waiting import until

ROWS = 12
STATUS, FORWARDS = "accountstatus", "mailforwardingaddress"
_DISABLED = {STATUS: (b"noaccess",), FORWARDS: ()}


def company(people: int) -> list[Record]:
    """Entries for a directory; every second person forwards mail, every third has a status."""
    unit = f"ou=people,{BASE}"
    records = [BASE_ENTRY, (unit, {"objectClass": ["organizationalUnit"], "ou": ["people"]})]
    for number in range(people):
        login = f"u{number:04}"
        attributes = {
            "objectClass": ["inetOrgPerson", "mailUser"], "uid": [login], "cn": [f"Person {number}"],
            "sn": [str(number)], "mail": [f"{login}@example.com"],
        }  # fmt: skip
        if number % 2:
            attributes["mailForwardingAddress"] = [f"private{number}@elsewhere.example"]
        if number % 3 == 0:
            attributes["accountStatus"] = ["active"]
        records.append((f"uid={login},{unit}", attributes))
    return records


@dataclass(frozen=True)
class Place:
    """A directory, how often its entries were modified so far (by DN in lower case), and a mirror of it.

    The people are handed out one after the other: those of one test are no other test's.
    """

    address: DemoAddress
    times: Callable[[], Counter[str]]
    mirror: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def people(self, number: int = ROWS) -> list[str]:
        """Give the addresses of people whom nobody has touched."""
        return [f"u{one:04}@example.com" for one in itertools.islice(self._numbers, number)]


def desk_at(address: DemoAddress, files: StorePaths | None = None) -> Desk:
    """Give a desk whose stores lie in the home folder of the test, where commands look for them too."""
    config = DirectoryConfig(urls=(address.url,), base=address.base, bind_dn=address.bind_dn)
    desk = Desk(Config(directory=config), files=files)
    desk.give_password(OPERATOR, address.password)
    return desk


class World:
    """Some people of a place, seen from a desk that may have a proxy in front of it."""

    def __init__(
        self,
        place: Place,
        address: DemoAddress | None = None,
        *,
        people: Sequence[str] = (),
        files: StorePaths | None = None,
    ) -> None:
        self._place = place
        self.desk = desk_at(address or place.address, files)
        if not self.desk.cache_file.exists():
            self.desk.cache_file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place.mirror, self.desk.cache_file)
        self.mails = tuple(people or place.people())
        with closing(self.desk.mirror()) as mirror:
            self.ids = [mirror.exact(mail)[0].id for mail in self.mails]
        self._straight = desk_at(place.address)
        self.before = self.entries()
        self._counted = place.times()

    def entries(self) -> dict[str, Entry]:
        """Read the people as they are in the directory, by id."""
        with self._straight.connected() as directory:
            return directory.read_ids(self.ids, self.desk.attributes[EntryKind.ACCOUNT])

    @property
    def times(self) -> list[int]:
        """How often each of the people was modified since this world began."""
        now = self._place.times()
        names = [entry.dn.lower() for entry in self.before.values()]
        return [now[name] - self._counted[name] for name in names]

    def disable(self) -> Plan:
        """Plan to disable them all."""
        return self.desk.plans.prepare("disable", self.ids, {})

    def start(self, plan: Plan, **happening: object) -> tuple[Runner, str]:
        """Begin a batch; something happens to its runner where that is named."""
        runner = Runner(self.desk, dying(**happening)) if happening else Runner(self.desk)
        return runner, runner.start(plan)

    def done(self, plan: Plan) -> str:
        """Carry a plan out, and give the batch's id."""
        runner, batch = self.start(plan)
        assert runner.wait(batch, 30)
        return batch

    def dead(self, death: tuple[str, str, int], plan: Plan | None = None, batch: str = "", **more: object) -> str:
        """Begin with a plan, or go on with a batch, until its runner is killed; give the batch's id."""
        mark = self.desk.files.journal.with_name("killed")
        mark.unlink(missing_ok=True)
        runner = Runner(self.desk, dying(die=death, mark=mark, **more))
        with suppress(StoreError):
            if plan is not None:
                runner.start(plan)
            else:
                runner.resume(batch)
        batch = batch or self.desk.batches(1)[0].id
        assert runner.wait(batch, 30)
        assert mark.exists(), f"no such step: {death}"
        return batch

    def cut_short(self, plan: Plan, kind: type[MailtuiError], **happening: object) -> str:
        """Carry a plan out until that fails; give the batch's id."""
        runner, batch = self.start(plan, **happening)
        assert runner.wait(batch, 30)
        until(lambda: runner.failure(batch) is not None, "the failure to be told")
        assert isinstance(runner.failure(batch), kind)
        assert runner.summary(batch).state is BatchState.INTERRUPTED
        return batch

    def finish(self, batch: str) -> None:
        """Do what an operator does after a crash."""
        runner = Runner(self.desk)
        runner.settle()
        runner.resume(batch)
        assert runner.wait(batch, 30)

    def read_anew(self) -> None:
        """Fill the cache from the directory."""
        self.desk.sync(lambda _progress: None, Event(), is_full=True)

    def assert_disabled(self, batch: str, times: int | None = 1) -> None:
        """Assert that a batch disabled everybody, and each once."""
        self._assert_whole(self.desk.batch(batch), times)
        self.assert_is_mirrored()
        for one, entry in self.entries().items():
            assert dict(entry.attributes) == _without_empty({**self.before[one].attributes, **_DISABLED})

    def assert_as_before(self, batch: str) -> None:
        """Assert that a second batch took everything back, and each once."""
        self._assert_whole(self.desk.batch(batch), 2)
        self.assert_is_mirrored()
        assert self.entries() == self.before

    def _assert_whole(self, batch: Batch, times: int | None) -> None:
        assert batch.counts == {**dict.fromkeys(batch.counts, 0), RowState.VERIFIED: len(self.ids)}, batch
        assert batch.state is BatchState.DONE
        assert batch.ended
        assert times is None or self.times == [times] * len(self.ids)
        self.assert_journal()

    def assert_journal(self) -> None:
        """Assert that the chain is whole."""
        with closing(self.desk.journal()) as journal:
            assert journal.verify().ok

    def assert_is_mirrored(self) -> None:
        """Assert that the cache says of these people what the directory says."""
        with closing(self.desk.mirror()) as mirror:
            accounts = mirror.by_ids(self.ids)
        entries = self.entries()
        assert [account.id for account in accounts] == self.ids
        for account in accounts:
            entry = entries[account.id]
            is_disabled = entry.get(STATUS) == (b"noaccess",)
            assert (account.standing is Standing.DISABLED) is is_disabled, account
            assert [mail.encode() for mail in account.forwards] == list(entry.get(FORWARDS))

    def assert_second_time_changes_nothing(self, batch: str) -> None:
        """Assert that what an operator may do once more does nothing."""
        times, runner = self.times, Runner(self.desk)
        assert runner.settle() == []
        assert runner.resume(batch) is False
        assert runner.retry(batch) == 0
        self.finish(batch)
        assert self.times == times


def _without_empty(attributes: dict[str, tuple[bytes, ...]]) -> dict[str, tuple[bytes, ...]]:
    return {name: values for name, values in attributes.items() if values}
