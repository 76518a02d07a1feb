"""The mail store's figures of all mailboxes: taken once a day into the history, and from there into the mirror.

What is told of a mailbox's growth rests on the history; the mirror has it ready, so that lists can be sorted by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from mailtui.cache.folding import identifier_key, stored_address_key
from mailtui.domain.forecast import project
from mailtui.domain.mirror import MailboxRecord
from mailtui.domain.outlook import Outlook
from mailtui.domain.usage import Sample
from mailtui.errors import ConfigError, MailStoreForbids, MailtuiError, Stopped, StoreError
from mailtui.history.store import History
from mailtui.log import log
from mailtui.mailstore.names import user_name
from mailtui.queries.usage import UsageHistory
from mailtui.sync.reading import Reading

if TYPE_CHECKING:
    from pathlib import Path
    from threading import Event

    from mailtui.cache.writing import Cache
    from mailtui.config.sections import MailStoreConfig
    from mailtui.domain.account import Account
    from mailtui.domain.mirror import Target
    from mailtui.domain.usage import Weekly
    from mailtui.mailstore.port import MailStore
    from mailtui.mailstore.values import Usage
    from mailtui.sync.reading import Progress

_AGAIN_S = 600.0
"""So long after a failure the mail store is asked again."""

_REMEMBERED_DAYS = 365
"""So long after its last sample an account is forgotten."""


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What a look at all mailboxes gave.

    `accounts` is of how many accounts the use is known now, `unknown` of how many it is not, and `without_account` how
    many mailboxes belong to nobody in the mirror.
    """

    accounts: int
    unknown: int
    without_account: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Told:
    """What the mail store said, by the key of the name that it knows an account by; no log-ins where it tells none."""

    usage: Mapping[str, Usage]
    logins: Mapping[str, datetime] | None
    as_of: datetime


class Sampler:
    """Takes samples of one directory's mailboxes: `store` opens what is asked, `open_cache` the mirror."""

    def __init__(
        self,
        open_cache: Callable[[], Cache],
        history: Path,
        store: Callable[[], MailStore],
        config: MailStoreConfig,
    ) -> None:
        self._open_cache, self._history, self._store, self._config = open_cache, history, store, config
        self._done_on: date | None = None
        self._not_before = float("-inf")

    def is_due(self) -> bool:
        """Tell whether no sample was taken today."""
        with closing(self._open_cache()) as cache:
            as_of = cache.usage_as_of()
        return as_of is None or as_of.astimezone().date() != _today()

    def take_turn(self, progress: Progress, stop: Event) -> SampleReport | MailtuiError | None:
        """Take the sample of the day where it is due; give what came of it.

        Raises:
            Stopped: `stop` was set.
        """
        if self._done_on == _today() or monotonic() < self._not_before:
            return None
        try:
            report = self.sample(progress, stop) if self.is_due() else None
        except Stopped:
            raise
        except MailtuiError as error:
            self._not_before = monotonic() + _AGAIN_S
            return error
        self._done_on = _today()
        return report

    def sample(self, progress: Progress, stop: Event) -> SampleReport:
        """Ask the mail store about everybody; what it says goes into the history and the mirror.

        Raises:
            Stopped: `stop` was set; the mirror is as it was.
            MailStoreError: It could not be asked; the mirror is as it was, and knows why.
            StoreError: The history or the mirror cannot be written.
        """
        with closing(self._open_cache()) as cache:
            try:
                return self._sample(cache, progress, stop)
            except Stopped:
                raise
            except MailtuiError as error:
                with suppress(StoreError):
                    cache.note_usage_failure(error.message)
                raise

    def look(self, account: Account) -> Usage:
        """Ask the mail store about one mailbox, and tell the mirror; the history is of whole days.

        Raises:
            MailStoreError: It could not be asked.
            UsageError: The account has no name that the store could know it by.
        """
        usage = self._store().usage(user_name(account, self._config))
        # Whoever asked sees the figure, whether or not others can.
        with suppress(StoreError), closing(self._open_cache()) as cache:
            cache.take_live(
                MailboxRecord(account.id, usage.as_of, usage.used_bytes, usage.messages, _limit_of(usage))
            )  # fmt: skip
        return usage

    def _sample(self, cache: Cache, progress: Progress, stop: Event) -> SampleReport:
        begun = monotonic()
        told = self._asked()
        day = told.as_of.astimezone().date()
        targets = cache.targets()
        reading = Reading(len(targets), progress, stop)
        names = [self._name(target) for target in targets]
        with closing(History(self._history)) as history:
            history.record(day, _samples(targets, names, told))
            history.thin(day)
            history.forget(day - timedelta(days=_REMEMBERED_DAYS))
        with closing(UsageHistory(self._history)) as past:
            weekly = past.weekly(day)
        records = reading.watch(_records(targets, names, told, weekly, day))
        cache.take_usage(records, told.as_of)
        known = sum(name in told.usage and told.usage[name].used_bytes is not None for name in names)
        strangers = len(told.usage.keys() - set(names))
        return SampleReport(known, len(targets) - known, strangers, monotonic() - begun)

    def _asked(self) -> _Told:
        store, as_of = self._store(), datetime.now(UTC)
        usage = {self._key(name): one for name, one in store.usage_of_all().items()}
        return _Told(usage, self._logins(store), as_of)

    def _logins(self, store: MailStore) -> dict[str, datetime] | None:
        try:
            return {self._key(name): when for name, when in store.last_logins().items()}
        except (ConfigError, MailStoreForbids) as error:
            # A site may have good reasons not to note them, or not to tell.
            log.info("the mail store tells no log-ins: %s", error.message)
            return None

    def _key(self, name: str) -> str:
        return stored_address_key(name) if self._config.user_name == "address" else identifier_key(name)

    def _name(self, target: Target) -> str:
        return (target.address_key if self._config.user_name == "address" else target.login_key) or ""


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _limit_of(usage: Usage) -> int | None:
    # As with the directory's, 0 is none; one that is only called 0 is not believed.
    return 0 if usage.is_unlimited else usage.limit_bytes or None


def _samples(targets: Iterable[Target], names: Iterable[str], told: _Told) -> Iterator[Sample]:
    for target, name in zip(targets, names, strict=True):
        usage = told.usage.get(name)
        if usage:
            when = told.logins.get(name) if told.logins else None
            used, unlimited = usage.used_bytes, usage.is_unlimited
            yield Sample(target.id, used, usage.messages, usage.limit_bytes, unlimited, when)


def _records(
    targets: Iterable[Target], names: Iterable[str], told: _Told, weekly: Weekly, day: date
) -> Iterator[MailboxRecord]:
    for target, name in zip(targets, names, strict=True):
        usage, used = told.usage.get(name), weekly.used.get(target.id)
        if usage is None and used is None:
            continue
        kept = _limit_of(usage) if usage else None
        rests_on = kept if target.limit is None else target.limit
        outlook = _outlook(weekly.days if used else (), used or (), rests_on, day)
        when = told.logins.get(name) if told.logins else None
        is_unused = None if usage is None or told.logins is None else when is None
        as_of, size, messages = told.as_of, None, None
        if usage:
            as_of, size, messages = usage.as_of, usage.used_bytes, usage.messages
        yield MailboxRecord(target.id, as_of, size, messages, kept, when, is_unused, outlook, rests_on)


def _outlook(days: tuple[int, ...], used: tuple[int | None, ...], limit: int | None, day: date) -> Outlook:
    said = project(days, used, limit, day.toordinal(), unlimited=limit == 0)
    full = None
    if said.days:
        early, likely, late = (day + timedelta(days=n) for n in (said.days.early, said.days.likely, said.days.late))
        full = (early, likely, late)
    return Outlook(said.last_week, said.pace, full, said.reason)
