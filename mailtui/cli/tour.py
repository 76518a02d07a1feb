"""The tour: mailtui's main job, done on a fresh embedded directory without a keyboard, each step with its result."""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

from mailtui.cli.carrying import watch
from mailtui.cli.context import Options, demo_config
from mailtui.cli.output import print_table
from mailtui.cli.reading import limit_text, percent_text
from mailtui.cli.tasks import show_plan
from mailtui.desk import Desk
from mailtui.directory.port import Directory
from mailtui.domain.account import Account, Standing
from mailtui.domain.quota import format_size
from mailtui.paths import StorePaths
from mailtui.queries.views import Sort, View
from mailtui.runner.front import Runner
from mailtui.texts import _

_LEAVERS = 5


def run_tour(options: Options, people: int, seed: int) -> int:
    """Walk through sync, find, quota, dry run, disable, verify and undo; exit 1 where a step did not come out right."""
    from mailtui.demo import service

    with service.temporary(people, seed) as address, tempfile.TemporaryDirectory(prefix="mailtui-") as folder:
        files = StorePaths(*(Path(folder) / name for name in ("cache.db", "journal.db", "history.db")))
        desk = Desk(demo_config(options.load_config(), address), files=files)
        desk.give_password("operator", address.password)
        return _Tour(options, desk).run()


class _Tour:
    """The steps, one after the other, each saying what it does and what came of it."""

    def __init__(self, options: Options, desk: Desk) -> None:
        self._options = Options(read_only=options.read_only)
        self._desk = desk
        self._runner = Runner(desk)

    def run(self) -> int:
        """Do all the steps."""
        self._say(_("Sync: the directory is read into the mirror"), "mailtui sync")
        report = self._desk.sync(lambda _progress: None, Event())
        print(_("{n} accounts in {seconds:.1f} s").format(n=report.counts.total, seconds=report.seconds))
        if report.counts.total < _LEAVERS:
            print(_("The company is too small to go on; leave out --people."))
            return 0
        self._find("zhang wei")
        self._quota()
        leavers = self._choose_leavers()
        before = self._values(leavers)
        self._say(_("Dry run: what a disable would change"), "mailtui disable … --dry-run")
        plan = self._desk.plans.prepare("disable", [leaver.id for leaver in leavers], {}, ticket="HD-1", reason="tour")
        show_plan(self._options, self._desk, plan)
        self._say(_("Disable, with a journal, and read back"), "mailtui disable … --ticket HD-1 --yes")
        batch = self._runner.start(plan)
        failed = watch(self._options, self._runner, batch)
        changed = sum(self._values([leaver]) != {leaver.id: before[leaver.id]} for leaver in leavers)
        print(_("{n} entries of the directory are now different").format(n=changed))
        self._say(_("Undo: each entry gets its own prior values again"), f"mailtui undo {batch} --yes")
        undo = self._desk.plans.prepare_undo(batch, ticket="HD-1", reason="tour")
        failed += watch(self._options, self._runner, self._runner.start(undo))
        restored = self._values(leavers) == before
        print(_("The entries are as they were.") if restored else _("The entries are NOT as they were."))
        return int(bool(failed) or not restored or changed != len(leavers))

    def _say(self, what: str, command: str) -> None:
        print(f"\n== {what}\n   $ {command}", flush=True)

    def _find(self, query: str) -> None:
        self._say(_("Find: by name, in any spelling"), f"mailtui find {query}")
        self._table(self._accounts(View(query), 5))

    def _quota(self) -> None:
        self._say(_("Quota: who is nearly full"), "mailtui quota --over 90 --sort percent")
        self._table(self._accounts(View("quota>90", sort=Sort.PERCENT, reverse=True), 5))

    def _accounts(self, view: View, limit: int) -> Sequence[Account]:
        with closing(self._desk.mirror()) as mirror:
            return mirror.accounts(view, limit)

    def _table(self, accounts: Sequence[Account]) -> None:
        header = (_("Name"), _("Log-in"), _("Department"), _("Used"), _("Limit"), _("Percent"))
        rows = [
            (a.name, a.login, a.department or "", format_size(a.quota.used_bytes), limit_text(a), percent_text(a))
            for a in accounts
        ]  # fmt: skip
        print_table(header, rows, right=(3, 4, 5))

    def _choose_leavers(self) -> Sequence[Account]:
        candidates = self._accounts(View("kind:person", sort=Sort.LOGIN), 200)
        return [a for a in candidates if a.standing is Standing.ACTIVE and not self._desk.policy.protecting_profile(a)][
            :_LEAVERS
        ]

    def _values(self, accounts: Sequence[Account]) -> dict[str, tuple[object, ...]]:
        attributes = (self._desk.schema.account.status, self._desk.schema.account.forwards)
        with self._desk.connected() as directory:
            return _read(directory, accounts, attributes)


def _read(
    directory: Directory, accounts: Sequence[Account], attributes: Sequence[str]
) -> dict[str, tuple[object, ...]]:
    found = directory.read_ids([account.id for account in accounts], attributes)
    return {one: tuple(sorted(entry.get(name)) for name in attributes) for one, entry in found.items()}
