"""A past for the sample company: how full its mailboxes were until today, written into a history."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from mailtui.demo.histories import history
from mailtui.demo.mailstore.settings import DEFAULT_LIMIT
from mailtui.directory.port import ENTRY_UUID, Directory, Entry
from mailtui.domain.rules import decode_integer, decode_time
from mailtui.domain.usage import Sample

ACCOUNTS = "(&(objectClass=mailUser)(mailQuotaUsed=*))"
ATTRIBUTES = (ENTRY_UUID, "uid", "mailQuota", "mailQuotaUsed", "mailLastLogin")
# A sample a day of the last weeks, and one a week before: that is what is looked at, and soon written.
_DAILY_DAYS = 21
_MONDAY = 0


def remember(path: Path, directory: Directory, base: str, today: date) -> int:
    """Fill a history with the past of the accounts that a directory has; gives how many samples that were.

    Raises:
        StoreError: It cannot be written; then nothing is in it.
    """
    from mailtui.history.store import History

    by_day: dict[date, list[Sample]] = {}
    for day, sample in _samples(directory.search(base, ACCOUNTS, ATTRIBUTES), today):
        by_day.setdefault(day, []).append(sample)
    with closing(History(path)) as store:
        return store.backfill(by_day)


def _samples(entries: Iterable[Entry], today: date) -> Iterator[tuple[date, Sample]]:
    for entry in entries:
        identity, login = entry.text(ENTRY_UUID), entry.text("uid")
        last_login = decode_time(b"".join(entry.get("mailLastLogin")))
        limit = decode_integer(b"".join(entry.get("mailQuota")))
        room = DEFAULT_LIMIT if limit is None else limit or None
        for day, used in history(login or "", decode_integer(entry.get("mailQuotaUsed")[0]), today):
            if identity and (day.weekday() == _MONDAY or (today - day).days < _DAILY_DAYS):
                yield day, Sample(identity, used, None, room, limit == 0, last_login if day == today else None)
