"""A desk with a mirror, a journal and a runner, on the directory of a world."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from mailtui.apply.batches import carry_out
from mailtui.config import Config, DirectoryConfig
from mailtui.demo.address import DemoAddress
from mailtui.desk import OPERATOR, Desk
from mailtui.domain.batch import Batch
from mailtui.domain.plan import Plan
from mailtui.domain.policy import Policy
from mailtui.paths import StorePaths
from mailtui.runner.front import Runner
from tests.apply.conftest import FORWARDS, STATUS, World

BEFORE = {STATUS: [b"active"], FORWARDS: [b"a@home.net"]}


@dataclass
class At:
    """A desk, and the people of a test."""

    desk: Desk
    world: World
    dns: list[str]

    @property
    def runner(self) -> Runner:
        return Runner(self.desk)

    @property
    def ids(self) -> list[str]:
        return [target.account.id for target in self.world.targets(self.dns)]

    def plan(self, task: str = "disable", **answers: Any) -> Plan:
        return self.desk.plans.prepare(task, self.ids, answers)

    def do(self, plan: Plan, *, days_ago: float = 0) -> Batch:
        """Journal a plan and carry it out, in this process."""
        at = datetime.now(UTC) - timedelta(days=days_ago)
        with closing(self.desk.journal()) as journal, self.desk.connected() as directory:
            means = replace(self.desk.means(journal, directory, self.desk.operator()), clock=lambda: at)
            return carry_out(journal.open_batch(plan, self.desk.operator(), at), means)

    def resumed(self, batch: str) -> Batch:
        """Wait for the process that carries a batch out."""
        assert self.runner.wait(batch, 30)
        return self.desk.batch(batch)

    def standing(self) -> list[tuple[set[bytes], set[bytes]]]:
        return [(self.world.values(dn, STATUS), self.world.values(dn, FORWARDS)) for dn in self.dns]


def desk_at(address: DemoAddress, folder: Path, policy: Policy | None = None) -> Desk:
    files = StorePaths(folder / "cache.db", folder / "journal.db", folder / "history.db")
    config = DirectoryConfig(urls=(address.url,), base=address.base, bind_dn=address.bind_dn)
    desk = Desk(Config(directory=config, policy=policy or Policy()), files=files)
    desk.give_password(OPERATOR, address.password)
    return desk


Opening = Callable[..., At]


def opening(world: World, folder: Path) -> Opening:
    """Give what opens a desk with so many people, all of them mirrored."""

    def open_desk(people: int, values: Any = BEFORE, *, policy: Policy | None = None, via: Any = None) -> At:
        dns = [world.person(values) for _ in range(people)]
        desk = desk_at(via or world.address, folder / "desk", policy)
        (folder / "desk").mkdir(mode=0o700)
        desk.sync(lambda _progress: None, Event())
        return At(desk, world, dns)

    return open_desk
