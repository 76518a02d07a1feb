"""A mirror kept up to date: once, or for as long as it is let; one process at a time works on one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Self

from mailtui import locks
from mailtui.cache.writing import Cache
from mailtui.credentials import PasswordNeeded
from mailtui.errors import CredentialsRefused, DirectoryError, MailtuiError, Refused, Stopped, StoreError
from mailtui.log import log
from mailtui.sync.following import Rhythm
from mailtui.sync.reading import SyncProgress
from mailtui.sync.syncing import Wish, go_on, read_anew
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.directory.port import Directory
    from mailtui.sync.following import Following
    from mailtui.sync.reading import Progress
    from mailtui.sync.sampling import Sampler, SampleReport
    from mailtui.sync.searches import Scheme
    from mailtui.sync.syncing import SyncReport

_WAIT_S = 0.25


class Keeper:
    """Keeps one mirror: `connect` opens a directory bound as whoever reads it.

    The group of its file may read a mirror that `is_shared`. Where there is a mail store, a `sampler` asks it.
    """

    def __init__(
        self,
        file: Path,
        scheme: Scheme,
        connect: Callable[[], Directory],
        *,
        is_shared: bool = False,
        sampler: Sampler | None = None,
    ) -> None:
        self._file, self._scheme, self._connect, self._sampler = file, scheme, connect, sampler
        self._open_cache = partial(Cache, file, is_shared=is_shared)

    def sync(self, wish: Wish, progress: Progress, stop: Event) -> SyncReport:
        """Bring the mirror up to date, after waiting for whoever does so already.

        Raises:
            Stopped: `stop` was set; the mirror is as it was.
            DirectoryError: The read failed or was cut short; the mirror is as it was, and knows why.
        """
        with self._noting(), _Open(self._open_cache, self._connect) as open_:
            return self._sync(open_, wish, progress, stop)

    def follow(
        self,
        following: Following,
        progress: Progress,
        told: Callable[[SyncReport | MailtuiError], None],
        sampled: Callable[[SampleReport | MailtuiError], None] = lambda _news: None,
    ) -> None:
        """Bring the mirror up to date every few seconds; stand by while another process does.

        A directory that cannot be reached is tried again, at growing intervals. `told` hears of each sync and failure,
        `sampled` of what came of the mail store's sample of the day.

        Raises:
            CredentialsRefused: The directory does not accept who we are.
            PasswordNeeded: Only a person knows the password.
        """
        with ExitStack() as held, suppress(Stopped):
            turns = _Turns(self._file.with_name(self._file.name + ".follow"), held)
            open_ = held.enter_context(_Open(self._open_cache, self._connect))
            rhythm = Rhythm()
            is_asked = False
            while not following.stop.is_set():
                if is_asked or turns.are_ours:
                    news = self._step(open_, rhythm, rhythm.wish(is_asked=is_asked), progress, following.stop)
                    told(news)
                    if self._sampler and not isinstance(news, MailtuiError):
                        usage = self._sampler.take_turn(lambda _progress: None, following.stop)
                        if usage is not None:
                            sampled(usage)
                is_asked = following.pause(rhythm.pause_s)

    def _step(
        self, open_: _Open, rhythm: Rhythm, wish: Wish, progress: Progress, stop: Event
    ) -> SyncReport | MailtuiError:
        try:
            with self._noting():
                report = self._sync(open_, wish, progress, stop)
        except CredentialsRefused:
            raise
        except (DirectoryError, StoreError) as error:
            # Whatever it was, nothing that was open is to be trusted now.
            open_.close()
            rhythm.note_failure()
            return error
        rhythm.note(report)
        return report

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Keep with the mirror why it could not be brought up to date; its age stands."""
        try:
            yield
        except PasswordNeeded:
            # Nothing was tried yet.
            raise
        except DirectoryError as error:
            with closing(self._open_cache()) as cache:
                cache.note_failure(error.message, datetime.now(UTC))
            raise

    def _sync(self, open_: _Open, wish: Wish, progress: Progress, stop: Event) -> SyncReport:
        cache, scheme = open_.cache, self._scheme
        with self._turn(progress, stop):
            report = go_on(open_.directory, cache, scheme, wish, progress, stop)
            if report is None:
                open_.hang_up()
                report = read_anew(open_, cache, scheme, wish, progress, stop)
            return report

    @contextmanager
    def _turn(self, progress: Progress, stop: Event) -> Iterator[None]:
        """Hold the file for one sync, waiting for whoever holds it."""
        begun = monotonic()
        path = self._file.with_name(self._file.name + ".sync")
        with ExitStack() as held:
            while True:
                with suppress(Refused):
                    held.enter_context(locks.hold(path, _("Another mailtui is syncing"), _WAIT_S))
                    break
                if stop.is_set():
                    raise Stopped(_("The sync was stopped; the mirror is as it was"))
                progress(SyncProgress(0, 0, monotonic() - begun, is_waiting=True))
            yield


class _Open:
    """The directory and the cache, each opened when it is needed, and again after both were closed."""

    def __init__(self, open_cache: Callable[[], Cache], connect: Callable[[], Directory]) -> None:
        self._open_cache, self._connect = open_cache, connect
        self._directory: Directory | None = None
        self._cache: Cache | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def directory(self) -> Directory:
        """The bound connection."""
        if self._directory is None:
            self._directory = self._connect()
        return self._directory

    @property
    def cache(self) -> Cache:
        """The cache."""
        if self._cache is None:
            self._cache = self._open_cache()
            if self._cache.was_rebuilt:
                log.info("the cache was rebuilt")
        return self._cache

    def hang_up(self) -> None:
        """Close the directory: a search that was given up has left the line unusable."""
        directory, self._directory = self._directory, None
        if directory is not None:
            directory.close()

    def close(self) -> None:
        """Close both."""
        cache, self._cache = self._cache, None
        if cache is not None:
            cache.close()
        self.hang_up()


class _Turns:
    """The lock of the one process that follows; whoever comes later takes it over when it is let go."""

    def __init__(self, path: Path, held: ExitStack) -> None:
        self._path, self._held = path, held
        self._is_ours = False

    @property
    def are_ours(self) -> bool:
        """Whether this process is the one, as of now."""
        if not self._is_ours:
            with suppress(Refused):
                self._held.enter_context(locks.hold(self._path, "", 0))
                self._is_ours = True
        return self._is_ours
