"""The desk: the stores and the directory opened from a Config, and the few verbs that need more than one of them.

What is heavy (ldap3, SQLModel) is imported where it is first used, so that looking something up stays quick.
"""

from __future__ import annotations

import os
import pwd
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from mailtui import paths
from mailtui.desk.access import OPERATOR, SYNC, Access
from mailtui.domain.entries import EntryKind
from mailtui.domain.operator import Operator, ssh_client
from mailtui.errors import ConfigError, Refused, StoreError
from mailtui.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

    from mailtui.apply.means import Means
    from mailtui.config import Config
    from mailtui.config.sections import MailStoreConfig
    from mailtui.desk.creating import Creating
    from mailtui.desk.permits import Permits
    from mailtui.desk.planning import Planning
    from mailtui.directory.port import Directory, Entry
    from mailtui.domain.account import Account
    from mailtui.domain.batch import Batch
    from mailtui.domain.protection import Protection
    from mailtui.domain.schema import Schema
    from mailtui.domain.secret import Secret
    from mailtui.journal.log import Journal
    from mailtui.mailstore.port import MailStore
    from mailtui.mailstore.values import Usage
    from mailtui.paths import StorePaths
    from mailtui.queries.causes import Cause
    from mailtui.queries.mirror import Mirror
    from mailtui.sync.keeping import Keeper
    from mailtui.sync.reading import Progress
    from mailtui.sync.sampling import Sampler, SampleReport
    from mailtui.sync.searches import Scheme
    from mailtui.sync.syncing import SyncReport


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

    @property
    def is_sample(self) -> bool:
        """Whether it is the sample company, where nothing real is changed."""
        return self.directory_config.schema == "demo"

    @cached_property
    def schema(self) -> Schema:
        """How the directory spells things."""
        from mailtui.directory.schemas import load_schema

        return load_schema(self.directory_config.schema)

    @cached_property
    def _access(self) -> Access:
        return Access(self)

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
        self._access.give_password(identity, password, is_made=is_made)

    def forget_passwords(self) -> None:
        """Forget every password that was given."""
        self._access.forget()

    def lock(self) -> None:
        """Forget every password that a person gave."""
        self._access.lock()

    def unlock(self, password: Secret) -> None:
        """Have the directory accept the operator's password; where nobody knows one, nothing is asked.

        Raises:
            CredentialsRefused: It does not.
            Unreachable: It cannot be asked.
        """
        if self.asks_password_to_write:
            self._access.prove(password)

    def connected(self, identity: str = OPERATOR) -> AbstractContextManager[Directory]:
        """Give a bound connection, closed at the end.

        Raises:
            PasswordNeeded: Only a person knows the password: ask, `give_password`, and come again.
            CredentialsRefused: The directory does not accept it; a password given by hand is forgotten.
        """
        return self._access.connected(identity)

    def connect(self, identity: str = OPERATOR) -> Directory:
        """Open a bound connection that the caller closes; see `connected`."""
        return self._access.connect(identity)

    def log_in_to_write(self) -> Secret | None:
        """See that the directory lets the operator in; gives the password, for a process that binds on its own.

        None where a bind needs none. It raises what `connected` does.
        """
        return self._access.log_in_to_write()

    # Read-only by hand

    def stop_writing(self) -> None:
        """Let nothing be changed from now on."""
        self.policy = replace(self.policy, read_only=True)

    @property
    def asks_password_to_write(self) -> bool:
        """Whether it takes the operator's password to let changes be made again."""
        return self._access.asks_password

    def allow_writing(self, password: Secret | None = None) -> None:
        """Let changes be made again, once the directory has accepted the password in a bind of its own.

        Raises:
            Refused: It is read-only by policy or by an option.
            CredentialsRefused: The directory does not accept the password; it stays read-only.
        """
        if self.is_always_read_only:
            raise Refused(_("It is read-only by policy or --read-only"), hint=_("Nothing ends that from here."))
        if self.asks_password_to_write:
            self._access.prove(password)
        self.policy = replace(self.policy, read_only=False)

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

        connect = partial(self.connect, SYNC)
        is_shared = not self.renews_mirror
        return Keeper(self.cache_file, self.scheme, connect, is_shared=is_shared, sampler=self.sampler)

    @property
    def scheme(self) -> Scheme:
        """What is mirrored, and as whom."""
        from mailtui.sync.searches import Scheme

        return Scheme(self.schema, self.directory_config.base, self._access.identity(SYNC).bind_dn)

    def sync(self, progress: Progress, stop: Event, *, is_full: bool = False) -> SyncReport:
        """Bring the mirror up to date; a failure is noted there and passed on, and the mirror stays as it was."""
        from mailtui.sync.syncing import Wish

        return self.keeper().sync(Wish.FULL if is_full else Wish.USUAL, progress, stop)

    # The mail store

    def mailstore(self) -> MailStore | None:
        """Give the mail store, opened once; None where none is configured.

        Raises:
            CredentialsRefused: There is no key for it.
        """
        return self._mailstore if self.config.mailstore else None

    @property
    def sampler(self) -> Sampler | None:
        """What takes samples of how full the mailboxes are; None where no mail store is configured."""
        return self._sampler if self.config.mailstore else None

    def sample(self, progress: Progress, stop: Event) -> SampleReport:
        """Ask the mail store how full all mailboxes are; a failure is noted with the mirror, and passed on.

        Raises:
            ConfigError: No mail store is configured.
        """
        return self._sampler.sample(progress, stop)

    def live_usage(self, account: Account) -> Usage:
        """Ask the mail store how full a mailbox is now; the mirror knows it from then on.

        Raises:
            ConfigError: No mail store is configured.
            MailStoreError: It cannot tell.
            UsageError: The account has no name that the store could know it by.
        """
        return self._sampler.look(account)

    @cached_property
    def _mailstore(self) -> MailStore:
        from mailtui.mailstore.opening import open_store

        return open_store(self.required_mailstore())

    @cached_property
    def _sampler(self) -> Sampler:
        from mailtui.cache.writing import Cache
        from mailtui.sync.sampling import Sampler

        open_cache = partial(Cache, self.cache_file, is_shared=not self.renews_mirror)
        return Sampler(open_cache, self.files.history, lambda: self._mailstore, self.required_mailstore())

    def required_mailstore(self) -> MailStoreConfig:
        """Give the mail store's config.

        Raises:
            ConfigError: There is none.
        """
        if self.config.mailstore is None:
            raise ConfigError(_("No mail store is configured"), hint=_("Add a section [mailstore] to the config."))
        return self.config.mailstore

    # Plans

    @cached_property
    def plans(self) -> Planning:
        """What makes plans here."""
        from mailtui.desk.planning import Planning

        return Planning(self)

    @cached_property
    def creating(self) -> Creating:
        """What makes the plans by which newcomers get accounts."""
        from mailtui.desk.creating import Creating

        return Creating(self)

    @cached_property
    def permits(self) -> Permits:
        """What tells what the operator may do."""
        from mailtui.desk.permits import Permits

        return Permits(self)

    @property
    def attributes(self) -> dict[EntryKind, tuple[str, ...]]:
        """The attributes that entries of each kind are mirrored from."""
        return {search.kind: search.attributes for search in self.scheme.searches}

    def mend(self, entries: Sequence[tuple[EntryKind, Entry]], as_of: datetime, gone: Sequence[str] = ()) -> None:
        """Bring single entries of the mirror up to what was read of them from a moment on."""
        from mailtui.sync.mending import mend

        mend(self.cache_file, self.scheme, entries, gone, as_of)

    def protection(self, ids: Sequence[str]) -> Protection:
        """Tell which accounts `policy.protected` protects, as the mirror has them now."""
        from mailtui.queries.protection import protection

        with closing(self.mirror()) as mirror:
            return protection(mirror, ids, self.policy.protected)

    def holds(self, ids: Sequence[str]) -> Protection:
        """Tell for which accounts `policy.holds` is, as the mirror has them now."""
        from mailtui.queries.protection import protection

        with closing(self.mirror()) as mirror:
            return protection(mirror, ids, self.policy.holds)

    def causes(self, account: Account) -> tuple[Cause, ...]:
        """Tell what keeps somebody from logging in or from getting mail, by the mirror and the journal."""
        from mailtui.domain.account import Standing
        from mailtui.queries.causes import causes

        disabled_by = ""
        if account.standing is Standing.DISABLED:
            with suppress(StoreError), closing(self.journal()) as journal:
                last = journal.last_disable([account.id], self.schema.account.switching).get(account.id)
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

    def journal_mark(self) -> tuple[int, tuple[str, ...]]:
        """Give what is another as soon as `batches` would be; see `Journal.mark`."""
        with closing(self.journal()) as journal:
            return journal.mark()

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
