"""The desk: the stores and the directory opened from a Config, and the few verbs that need more than one of them.

What is heavy (ldap3, SQLModel) is imported where it is first used, so that looking something up stays quick.
"""

from __future__ import annotations

import os
import pwd
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from mailtui import paths
from mailtui.credentials import find_password
from mailtui.domain.operator import Operator, ssh_client
from mailtui.domain.plan import Facts, Plan, Target
from mailtui.errors import ConfigError, CredentialsRefused, Refused, StoreError
from mailtui.texts import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from threading import Event

    from mailtui.config import Config, DirectoryConfig, SyncConfig
    from mailtui.directory.port import Directory, Entry
    from mailtui.domain.batch import Batch
    from mailtui.domain.schema import Schema
    from mailtui.domain.secret import Secret
    from mailtui.journal.log import Journal
    from mailtui.paths import StorePaths
    from mailtui.plans.tasks import Answers
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
        self.files = files or paths.stores(f"{first.urls[0].partition('//')[2]}_{first.base}")
        self.cache_file = config.cache.path or self.files.cache
        self._passwords: dict[str, Secret] = {}
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

    def give_password(self, identity: str, password: Secret) -> None:
        """Keep a password for the rest of the session, in memory alone; the identity is `operator` or `sync`."""
        self._passwords[identity] = password

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
        from mailtui.directory.connection import Login, check_addresses, connect

        check_addresses(self.directory_config)
        who = self._identity(identity)
        if who.bind == "simple" and not who.bind_dn:
            raise ConfigError(
                _("The config names nobody to log in as"), hint=_('Set `bind_dn`, or bind = "anonymous".')
            )
        identity = OPERATOR if who is self.directory_config else identity
        password = None
        if who.bind == "simple":
            password = self._passwords.get(identity) or find_password(identity, who.bind_dn, who.password_command)
        try:
            login = Login(who.bind, who.bind_dn, password)
            directory = connect(self.directory_config, login, id_attribute=self.schema.id)
        except CredentialsRefused:
            self._passwords.pop(identity, None)
            raise
        if password and not who.password_command:
            self._passwords[identity] = password
        return directory

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

        declared = by_name(task)
        answers = declared.answered(answers)
        ids = list(dict.fromkeys(ids))
        targets = self._targets(ids)
        gone = len(ids) - len(targets)
        if gone:
            said = ngettext("{n} account is gone from the directory", "{n} accounts are gone from the directory", gone)
            raise Refused(said.format(n=gone), hint=_("The mirror was mended; choose again."))
        plan = declared.plan(list(targets.values()), answers, self._facts(task, ids, answers), self.schema, self.policy)
        return replace(plan, ticket=ticket, reason=reason)

    def prepare_undo(self, batch_id: str, *, ticket: str = "", reason: str = "") -> Plan:
        """Make the plan that takes a batch back, each entry to its own prior values.

        Raises:
            Refused: There is no such batch, or it changed nothing.
        """
        from mailtui.plans.undo import plan_undo

        batch = self.batch(batch_id)
        targets = self._targets([row.account_id for row in batch.rows])
        return replace(plan_undo(batch, targets, self.schema, self.policy), ticket=ticket, reason=reason)

    def _targets(self, ids: Sequence[str]) -> dict[str, Target]:
        """Read accounts as they are now, mend the mirror with them, and leave out those that are gone."""
        attributes, as_of = self.attributes, datetime.now(UTC)
        with self.connected() as directory:
            found = directory.read_ids(ids, attributes)
        self._mirror_now(list(found.values()), as_of, [one for one in ids if one not in found])
        with closing(self.mirror()) as mirror:
            accounts = {account.id: account for account in mirror.by_ids(ids)}
        return {
            one: Target(accounts[one], {name: found[one].get(name) for name in attributes})
            for one in ids
            if one in found and one in accounts
        }

    def _mirror_now(self, entries: Sequence[Entry], as_of: datetime, gone: Sequence[str]) -> None:
        """See to it that the mirror shows what was just read."""
        from mailtui.sync.mending import await_service

        self.mend(entries, as_of, gone)
        if not self.renews_mirror:
            await_service(self.mirror, self.scheme, entries, gone)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that accounts are mirrored from."""
        from mailtui.sync.mapping import account_attributes

        return account_attributes(self.schema)

    def mend(self, entries: Sequence[Entry], as_of: datetime, gone: Sequence[str] = ()) -> None:
        """Bring single accounts of the mirror up to what was read of them from a moment on."""
        from mailtui.sync.mending import mend

        mend(self.cache_file, self.scheme, entries, gone, as_of)

    def _facts(self, task: str, ids: Sequence[str], answers: Answers) -> Facts:
        from mailtui.queries.impact import impact

        redirect_to = answers.get("redirect_to")
        with closing(self.mirror()) as mirror:
            facts = impact(mirror, ids)
            named = mirror.exact(str(redirect_to)) if redirect_to else []
        restorable = {}
        if task == "enable":
            with closing(self.journal()) as journal:
                restorable = journal.last_disable(ids)
        return replace(facts, redirect_target=named[0] if len(named) == 1 else None, restorable=restorable)

    # Batches

    def journal(self) -> Journal:
        """Open the journal; the caller closes it."""
        from mailtui.journal.log import Journal

        return Journal(self.files.journal)

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

    def operator(self) -> Operator:
        """Tell who is working here."""
        user = pwd.getpwuid(os.getuid()).pw_name
        return Operator(self.directory_config.bind_dn or user, user, ssh_client(os.environ))
