"""The desk: the stores and the directory opened from a Config, and the few verbs that need more than one of them.

What is heavy (ldap3, SQLModel) is imported where it is first used, so that looking something up stays quick.
"""

from __future__ import annotations

import os
import pwd
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from mailtui import paths
from mailtui.credentials import find_password
from mailtui.domain.account import Reference
from mailtui.domain.batch import BatchState, RowState
from mailtui.domain.entries import SECRET_ATTRIBUTES, Act, EntryKind
from mailtui.domain.operator import Operator, ssh_client
from mailtui.domain.plan import Facts, GroupTarget, Plan, Target
from mailtui.errors import ConfigError, CredentialsRefused, NothingToDo, Refused, StoreError, Unreachable
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from threading import Event

    from mailtui.apply.means import Means
    from mailtui.config import Config, DirectoryConfig, SyncConfig
    from mailtui.directory.port import Directory, Entry
    from mailtui.domain.account import Account
    from mailtui.domain.batch import Batch
    from mailtui.domain.protection import Protection
    from mailtui.domain.schema import Schema
    from mailtui.domain.secret import Secret
    from mailtui.journal.log import Journal
    from mailtui.paths import StorePaths
    from mailtui.plans.tasks import Answers, Task
    from mailtui.queries.causes import Cause
    from mailtui.queries.mirror import Mirror
    from mailtui.sync.keeping import Keeper
    from mailtui.sync.reading import Progress
    from mailtui.sync.searches import Scheme
    from mailtui.sync.syncing import SyncReport

OPERATOR, SYNC = "operator", "sync"


class Desk:
    """Everything behind the fronts; its methods may be called from any thread, each opens what it needs."""

    def __init__(self, config: Config, *, files: StorePaths | None = None, read_only: bool = False) -> None:
        """Open nothing yet; the files of the stores are named after the directory unless they are given."""
        self.config = config
        self.directory_config = config.required_directory()
        self.policy = replace(config.policy, read_only=config.policy.read_only or read_only)
        first = self.directory_config
        self._name = f"{first.urls[0].partition('//')[2]}_{first.base}"
        self.files = files or paths.stores(self._name)
        self.cache_file = config.cache.path or self.files.cache
        self.is_always_read_only = self.policy.read_only
        """Whether policy or an option said read-only from the start: then nothing ends that."""
        self._passwords: dict[str, Secret] = {}
        self._is_password_made = False
        self._schema: Schema | None = None

    @property
    def schema(self) -> Schema:
        """How the directory spells things."""
        if self._schema is None:
            from mailtui.directory.schemas import load_schema

            self._schema = load_schema(self.directory_config.schema)
        return self._schema

    def mirror(self) -> Mirror:
        """Open the mirror for the calling thread.

        Raises:
            StoreError: There is none yet.
        """
        from mailtui.queries.mirror import Mirror

        return Mirror(self.cache_file, self.policy)

    @property
    def has_mirror(self) -> bool:
        """Whether there is a mirror that can be looked into: made by this version, from a load that was whole."""
        if not self.cache_file.exists():
            return False
        try:
            with closing(self.mirror()) as mirror:
                return mirror.state().as_of is not None
        except StoreError:
            return False

    # The directory

    def give_password(self, identity: str, password: Secret, *, is_made: bool = False) -> None:
        """Keep a password for the rest of the session, in memory alone; the identity is `operator` or `sync`.

        One that the program itself has made is known to nobody who could be asked for it.
        """
        self._passwords[identity] = password
        if identity == OPERATOR:
            self._is_password_made = is_made

    @contextmanager
    def connected(self, identity: str = OPERATOR) -> Iterator[Directory]:
        """Give a bound connection, closed at the end.

        Raises:
            PasswordNeeded: Only a person knows the password: ask, `give_password`, and come again.
            CredentialsRefused: The directory does not accept it; a password given by hand is forgotten.
        """
        with closing(self.connect(identity)) as directory:
            yield directory

    def connect(self, identity: str = OPERATOR) -> Directory:
        """Open a bound connection that the caller closes; see `connected`."""
        who = self._identity(identity)
        self._check(who)
        identity = OPERATOR if who is self.directory_config else identity
        return self._bound(identity, who, self._password(identity, who))

    def _check(self, who: DirectoryConfig | SyncConfig) -> None:
        from mailtui.directory.connection import check_addresses

        check_addresses(self.directory_config)
        if who.bind == "simple" and not who.bind_dn:
            raise ConfigError(
                _("The config names nobody to log in as"), hint=_('Set `bind_dn`, or bind = "anonymous".')
            )

    def _bound(self, identity: str, who: DirectoryConfig | SyncConfig, password: Secret | None) -> Directory:
        from mailtui.directory.connection import Login, connect

        try:
            login = Login(who.bind, who.bind_dn, password)
            directory = connect(self.directory_config, login, id_attribute=self.schema.id)
        except CredentialsRefused:
            self._passwords.pop(identity, None)
            raise
        if password and not who.password_command:
            self._passwords[identity] = password
        return directory

    def _password(self, identity: str, who: DirectoryConfig | SyncConfig) -> Secret | None:
        if who.bind != "simple":
            return None
        return self._passwords.get(identity) or find_password(identity, who.bind_dn, who.password_command)

    def log_in_to_write(self) -> Secret | None:
        """See that the directory lets the operator in; gives the password, for a process that binds on its own.

        None where a bind needs none. It raises what `connected` does.
        """
        self._check(self.directory_config)
        password = self._password(OPERATOR, self.directory_config)
        self._bound(OPERATOR, self.directory_config, password).close()
        return password

    # Read-only by hand

    def stop_writing(self) -> None:
        """Let nothing be changed from now on."""
        self.policy = replace(self.policy, read_only=True)

    @property
    def asks_password_to_write(self) -> bool:
        """Whether it takes the operator's password to let changes be made again."""
        return self.directory_config.bind == "simple" and not self._is_password_made

    def allow_writing(self, password: Secret | None = None) -> None:
        """Let changes be made again, once the directory has accepted the password in a bind of its own.

        Raises:
            Refused: It is read-only by policy or by an option.
            CredentialsRefused: The directory does not accept the password; it stays read-only.
        """
        if self.is_always_read_only:
            raise Refused(_("It is read-only by policy or --read-only"), hint=_("Nothing ends that from here."))
        if self.asks_password_to_write:
            self._prove(password)
        self.policy = replace(self.policy, read_only=False)

    def _prove(self, password: Secret | None) -> None:
        from mailtui.directory.connection import Login, connect

        bind_dn = self.directory_config.bind_dn
        # Without either, a simple bind is an anonymous one (RFC 4513 section 5.1), which many servers accept.
        if not bind_dn or password is None or not password.reveal():
            raise CredentialsRefused(_("Nobody can log in without a name and a password"))
        connect(self.directory_config, Login("simple", bind_dn, password), id_attribute=self.schema.id).close()
        if not self.directory_config.password_command:
            self._passwords[OPERATOR] = password

    def _identity(self, identity: str) -> DirectoryConfig | SyncConfig:
        config = self.directory_config
        return config.sync if identity == SYNC and config.sync else config

    # The mirror

    @property
    def renews_mirror(self) -> bool:
        """Whether a console keeps the mirror up to date; a shared one is kept by a service alone."""
        return self.config.cache.path is None

    def log_in(self) -> None:
        """See that the directory lets whoever reads the mirror in; see `connected`."""
        self.connect(SYNC).close()

    def keeper(self) -> Keeper:
        """Give what keeps the mirror up to date."""
        from mailtui.sync.keeping import Keeper

        return Keeper(self.cache_file, self.scheme, partial(self.connect, SYNC), is_shared=not self.renews_mirror)

    @property
    def scheme(self) -> Scheme:
        """What is mirrored, and as whom."""
        from mailtui.sync.searches import Scheme

        return Scheme(self.schema, self.directory_config.base, self._identity(SYNC).bind_dn)

    def sync(self, progress: Progress, stop: Event, *, is_full: bool = False) -> SyncReport:
        """Bring the mirror up to date; a failure is noted there and passed on, and the mirror stays as it was."""
        from mailtui.sync.syncing import Wish

        return self.keeper().sync(Wish.FULL if is_full else Wish.USUAL, progress, stop)

    # Plans

    def prepare(self, task: str, ids: Sequence[str], answers: Answers, *, ticket: str = "", reason: str = "") -> Plan:
        """Make the plan of a task for accounts, from what the directory holds at this moment.

        Raises:
            Refused: An account is no longer in the directory, or the task cannot be done to one.
            UsageError: An answer is missing or cannot be used.
        """
        from mailtui.plans.catalogue import by_name

        ids = list(dict.fromkeys(ids))
        targets = self._targets(ids, is_whole=by_name(task).moves_entries)
        gone = len(ids) - len(targets)
        if gone:
            said = ngettext("{n} account is gone from the directory", "{n} accounts are gone from the directory", gone)
            raise Refused(said.format(n=gone), hint=_("The mirror was mended; choose again."))
        return replace(self._planned(by_name(task), targets, answers), ticket=ticket, reason=reason)

    def prepare_unread(
        self, task: str, ids: Sequence[str], answers: Answers, *, ticket: str = "", reason: str = ""
    ) -> Plan:
        """Make a plan from the mirror alone, to be saved until the directory can be reached and asked.

        Raises:
            Refused: The task cannot be done to an account.
            UsageError: An answer is missing or cannot be used.
        """
        from mailtui.plans.catalogue import by_name
        from mailtui.queries.targets import mirrored_targets

        if by_name(task).needs_directory:
            raise Unreachable(
                _("“{task}” is planned from what the directory holds now: it cannot be saved").format(task=task),
                hint=_("Do it once the directory can be reached."),
            )
        with closing(self.mirror()) as mirror:
            targets = mirrored_targets(mirror, list(dict.fromkeys(ids)), self.schema)
        return replace(self._planned(by_name(task), targets, answers), ticket=ticket, reason=reason)

    def _planned(self, task: Task, targets: Mapping[str, Target], answers: Answers) -> Plan:
        answers = task.dated(task.answered(answers), datetime.now().astimezone().date())
        facts = self._facts(task, list(targets), answers)
        return task.plan(list(targets.values()), answers, facts, self.schema, self.policy)

    def prepare_undo(self, batch_id: str, *, ticket: str = "", reason: str = "") -> Plan:
        """Make the plan that takes a batch back, each entry to its own prior values.

        Raises:
            Refused: There is no such batch, it is being carried out, or it changed nothing.
        """
        return replace(self._undoing(self._settled(batch_id), ()), ticket=ticket, reason=reason)

    def prepare_again(self, batch_id: str, *, conflicts: bool = False) -> Plan:
        """Make the plan of a batch again, from what the directory holds at this moment, under its own ticket.

        It is about the accounts of the rows that are planned; with `conflicts` about those that somebody else has
        changed, whose new values it starts from.

        Raises:
            Refused: There is no such batch, it is being carried out, or no such row is left of it.
        """
        from mailtui.plans.catalogue import by_name
        from mailtui.plans.group_rows import plan_members_again
        from mailtui.plans.rows import as_planned

        batch = self._settled(batch_id)
        wanted = RowState.CONFLICT if conflicts else RowState.PLANNED
        left = [row for row in batch.rows if row.state is wanted]
        ids = [row.account_id for row in left]
        if not ids:
            raise NothingToDo(_("Batch {batch} has no such rows any more").format(batch=batch.id))
        if any(row.act is not Act.MODIFY for row in batch.rows):
            return as_planned(batch, left, conflicts=conflicts)
        if batch.undoes:
            plan = self._undoing(self.batch(batch.undoes), ids if conflicts else ())
        elif all(row.kind is EntryKind.GROUP for row in left):
            plan = plan_members_again(batch, left, self._groups(ids), self.schema, self.policy)
        else:
            again = by_name(batch.task)
            plan = self._planned(again, self._targets(ids, is_whole=again.moves_entries), batch.answers)
        rows = tuple(row for row in plan.rows if row.account_id in ids)
        return replace(plan, rows=rows, ticket=batch.ticket, reason=batch.reason)

    def _settled(self, batch_id: str) -> Batch:
        """Give a batch of whose rows it is known what became."""
        batch = self.batch(batch_id)
        if batch.state is BatchState.RUNNING:
            raise Refused(
                _("Batch {batch} is being worked on").format(batch=batch.id), hint=_("Wait until it has ended.")
            )
        if not batch.counts.get(RowState.SENT):
            return batch
        from mailtui.apply.settling import settle

        with self.connected() as directory, closing(self.journal()) as journal:
            return settle(batch.id, self.means(journal, directory, self.operator()))

    def _undoing(self, batch: Batch, overwriting: Sequence[str]) -> Plan:
        from mailtui.plans.undo import plan_undo

        accounts = [row for row in batch.rows if row.kind is EntryKind.ACCOUNT and row.account_id]
        is_whole = any(row.act is Act.ADD for row in accounts)
        targets = self._targets(list(dict.fromkeys(row.account_id for row in accounts)), is_whole=is_whole)
        groups = self._groups([row.account_id for row in batch.rows if row.kind is EntryKind.GROUP])
        facts = Facts(protection=self.protection(list(targets)))
        return plan_undo(batch, targets, facts, self.schema, self.policy, groups=groups, overwriting=overwriting)

    def _targets(self, ids: Sequence[str], *, is_whole: bool = False) -> dict[str, Target]:
        """Read accounts as they are now, mend the mirror with them, and leave out those that are gone."""
        fields = self.schema.account
        # What is read for tasks alone is no part of the mirror.
        besides = filter(None, (fields.notes, fields.must_change, *fields.password_changed))
        attributes = tuple(dict.fromkeys((*self.attributes[EntryKind.ACCOUNT], *besides)))
        as_of = datetime.now(UTC)
        with self.connected() as directory:
            found = directory.read_ids(ids, attributes)
            whole = directory.read_ids(ids, ["*"]) if is_whole else {}
        self._mirror_now(list(found.values()), as_of, [one for one in ids if one not in found])
        with closing(self.mirror()) as mirror:
            accounts = {account.id: account for account in mirror.by_ids(ids)}
        return {
            one: Target(accounts[one], {name: found[one].get(name) for name in attributes}, self._whole(whole.get(one)))
            for one in ids
            if one in found and one in accounts
        }

    def _whole(self, entry: Entry | None) -> dict[str, tuple[bytes, ...]]:
        hidden = {self.schema.id.lower()} | SECRET_ATTRIBUTES
        return {name: values for name, values in entry.attributes.items() if name not in hidden} if entry else {}

    def _mirror_now(self, entries: Sequence[Entry], as_of: datetime, gone: Sequence[str]) -> None:
        """See to it that the mirror shows accounts as they were just read."""
        from mailtui.sync.mending import await_service

        seen = [(EntryKind.ACCOUNT, entry) for entry in entries]
        self.mend(seen, as_of, gone)
        if not self.renews_mirror:
            await_service(self.mirror, self.scheme, seen, gone)

    @property
    def attributes(self) -> dict[EntryKind, tuple[str, ...]]:
        """The attributes that entries of each kind are mirrored from."""
        return {search.kind: search.attributes for search in self.scheme.searches}

    def mend(self, entries: Sequence[tuple[EntryKind, Entry]], as_of: datetime, gone: Sequence[str] = ()) -> None:
        """Bring single entries of the mirror up to what was read of them from a moment on."""
        from mailtui.sync.mending import mend

        mend(self.cache_file, self.scheme, entries, gone, as_of)

    def _facts(self, task: Task, ids: Sequence[str], answers: Answers) -> Facts:
        from mailtui.domain.days import end_of
        from mailtui.queries.holders import with_holders
        from mailtui.queries.impact import impact

        with closing(self.mirror()) as mirror:
            facts = with_holders(impact(mirror, ids), mirror, task.looked_up(answers), self.policy.domains)
        redirect_to = facts.named.get("redirect_to", ())
        restorable = {}
        if task.name == "enable":
            with closing(self.journal()) as journal:
                restorable = journal.last_disable(ids)
        return replace(
            facts,
            redirect_target=redirect_to[0] if len(redirect_to) == 1 else None,
            restorable=restorable,
            protection=self.protection(ids),
            group=self._group(task, answers),
            **(self._surroundings(ids) if task.moves_entries else {}),
            unit=self._unit(task, answers),
            unknown=self._unknown() if task.makes_passwords else frozenset(),
            now=datetime.now(UTC),
            ends={name: end_of(day) for name, day in task.days(answers).items()},
        )

    def _group(self, task: Task, answers: Answers) -> GroupTarget | None:
        """Read the group that a task changes, as the directory holds it now; None where it changes none.

        Raises:
            Refused: There is none of that name, or several.
        """
        from mailtui.plans.tasks import AnswerKind
        from mailtui.queries.groups import group_named, seats_named

        question = task.group_question
        if question is None:
            return None
        named = seats_named if question.kind is AnswerKind.MAILBOX else group_named
        with closing(self.mirror()) as mirror:
            group = named(mirror, str(answers[question.name]))
        held = next(iter(self._groups([group.id or ""]).values()), None)
        if held is None:
            raise Refused(_("The group {name} is gone from the directory").format(name=group.name))
        return held

    def _unknown(self) -> frozenset[str]:
        """Name the attribute that asks for another password, where the directory has no policy that heeds it."""
        attribute = self.schema.account.must_change
        with self.connected() as directory:
            is_heeded = directory.capabilities.password_policy and not directory.unknown([attribute])
        return frozenset() if is_heeded else frozenset({attribute})

    def _unit(self, task: Task, answers: Answers) -> Reference | None:
        """Give the org unit that a task moves accounts to."""
        from mailtui.plans.tasks import AnswerKind
        from mailtui.queries.units import unit_named

        question = next((one for one in task.questions if one.kind is AnswerKind.UNIT), None)
        if question is None:
            return None
        with closing(self.mirror()) as mirror:
            return unit_named(mirror, str(answers[question.name]))

    def _surroundings(self, ids: Sequence[str]) -> dict[str, Any]:
        """Read what names accounts elsewhere, as it is now: their groups, and those whom they manage."""
        from mailtui.queries.groups import groups_of
        from mailtui.queries.impact import managed_by

        with closing(self.mirror()) as mirror:
            named, managed = groups_of(mirror, ids), managed_by(mirror, ids)
        groups = self._groups(sorted({one for held in named.values() for one in held}))
        targets = self._targets(sorted({one for held in managed.values() for one in held}))
        return {
            "groups_of": {one: tuple(groups[g] for g in held if g in groups) for one, held in named.items()},
            "managed": {one: tuple(targets[m] for m in held if m in targets) for one, held in managed.items()},
        }

    def _groups(self, ids: Sequence[str]) -> dict[str, GroupTarget]:
        """Read groups as they are now, by id; those that are gone are left out."""
        from mailtui.queries.groups import worked_by

        attributes = self.attributes[EntryKind.GROUP]
        with self.connected() as directory:
            found = directory.read_ids(ids, attributes) if ids else {}
        with closing(self.mirror()) as mirror:
            return {
                one: GroupTarget(
                    one,
                    entry.dn,
                    entry.text(self.schema.group.name) or entry.dn,
                    {name: entry.get(name) for name in attributes},
                    worked_by(mirror, one),
                )
                for one, entry in found.items()
            }

    def protection(self, ids: Sequence[str]) -> Protection:
        """Tell which accounts `policy.protected` protects, as the mirror has them now."""
        from mailtui.queries.protection import protection

        with closing(self.mirror()) as mirror:
            return protection(mirror, ids, self.policy.protected)

    def causes(self, account: Account) -> tuple[Cause, ...]:
        """Tell what keeps somebody from logging in or from getting mail, by the mirror and the journal."""
        from mailtui.domain.account import Standing
        from mailtui.queries.causes import causes

        disabled_by = ""
        if account.standing is Standing.DISABLED:
            with suppress(StoreError), closing(self.journal()) as journal:
                last = journal.last_disable([account.id]).get(account.id)
                disabled_by = last.batch if last else ""
        with closing(self.mirror()) as mirror:
            return causes(mirror, account, self.policy, datetime.now(UTC), disabled_by)

    # Batches

    def journal(self) -> Journal:
        """Open the journal; the caller closes it."""
        from mailtui.journal.log import Journal

        folder = self.policy.journal_dir
        if folder is None:
            return Journal(self.files.journal)
        return Journal(paths.site_journal(folder, self._name), is_shared=True)

    def means(self, journal: Journal, directory: Directory, operator: Operator) -> Means:
        """Give what a batch is carried out and settled with."""
        from mailtui.apply.means import Means

        return Means(journal, directory, self.schema, self.attributes, self.mend, operator)

    def batches(self, limit: int = 100) -> list[Batch]:
        """Give the batches, newest first, without their rows."""
        with closing(self.journal()) as journal:
            return journal.batches(limit)

    def batch(self, batch_id: str) -> Batch:
        """Give one batch, whole.

        Raises:
            Refused: There is no such batch.
        """
        with closing(self.journal()) as journal:
            return journal.batch(batch_id)

    def batch_summary(self, batch_id: str) -> Batch:
        """Give one batch without its rows.

        Raises:
            Refused: There is no such batch.
        """
        with closing(self.journal()) as journal:
            return journal.summary(batch_id)

    def operator(self) -> Operator:
        """Tell who is working here."""
        user = pwd.getpwuid(os.getuid()).pw_name
        return Operator(self.directory_config.bind_dn or user, user, ssh_client(os.environ))
