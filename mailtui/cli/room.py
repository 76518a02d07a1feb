"""What `mailtui quota` tells besides limit and use: growth, days to full, figures of this moment, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

from mailtui.cli import output
from mailtui.cli.context import notice
from mailtui.domain.account import Account
from mailtui.domain.outlook_words import full_text, growth_text
from mailtui.domain.quota import format_size
from mailtui.domain.room import Room, summed
from mailtui.errors import MailStoreError, UsageError
from mailtui.queries.views import View
from mailtui.texts import _, clean

if TYPE_CHECKING:
    from mailtui.desk import Desk

_ONE_BY_ONE = 50
GROWTH_COLUMNS = ("source", "messages", "growth_week_bytes", "full_early", "full_likely", "full_late", "reason")
"""The headings of `growth_csv`."""


def ask_store(desk: Desk, view: View) -> None:
    """Have the mail store say how full the mailboxes of a view are now: one by one where they are few.

    Raises:
        ConfigError: No mail store is configured.
        MailStoreError: It cannot be asked about all of them.
    """
    desk.required_mailstore()
    with closing(desk.mirror()) as mirror:
        accounts = mirror.accounts(view, _ONE_BY_ONE + 1)
    if len(accounts) > _ONE_BY_ONE:
        from threading import Event

        desk.sample(lambda _progress: None, Event())
        return
    for account in accounts:
        try:
            desk.live_usage(account)
        except (MailStoreError, UsageError) as error:
            notice(f"{clean(account.login)}: {error.message}")


def growth_row(account: Account) -> tuple[str, str]:
    """Give growth and days to full as a table has them."""
    outlook = account.outlook
    if outlook is None:
        return "?", "?"
    return growth_text(outlook.last_week), full_text(outlook.full, outlook.reason, _today())


def growth_csv(account: Account) -> tuple[object, ...]:
    """Give GROWTH_COLUMNS of an account."""
    outlook, quota = account.outlook, account.quota
    days: tuple[date | None, ...] = (outlook.full if outlook else None) or (None, None, None)
    return (
        quota.source, quota.messages, outlook.last_week if outlook else None, *days,
        outlook.reason.value if outlook and outlook.reason else None,
    )  # fmt: skip


def print_rooms(accounts: Sequence[Account], by_profile: bool, *, is_json: bool, is_csv: bool) -> None:
    """Print what is promised and used, by profile or by department."""
    rooms = summed(accounts, lambda account: (account.profile if by_profile else _path(account)) or _("none"))
    if is_json:
        output.print_json([_shape(room) for room in rooms])
    elif is_csv:
        output.print_csv(tuple(_shape(Room(""))), (tuple(_shape(room).values()) for room in rooms))
    else:
        header = (
            _("Profile") if by_profile else _("Department"), _("Accounts"), _("Promised"), _("Used"), _("Percent"),
            _("Nearly full"), _("Unlimited"), _("No limit known"), _("A week"),
        )  # fmt: skip
        output.print_table(header, list(map(_row, rooms)), right=tuple(range(1, 9)))


def _path(account: Account) -> str:
    return "/".join(account.department_path)


def _row(room: Room) -> tuple[str, ...]:
    return (
        room.name, f"{room.accounts:,}", format_size(room.limit_bytes), format_size(room.used_bytes),
        "?" if room.percent is None else f"{room.percent:.0f}%", f"{room.near_full:,}", f"{room.unlimited:,}",
        f"{room.no_limit_known:,}", growth_text(room.growth),
    )  # fmt: skip


def _shape(room: Room) -> dict[str, object]:
    return {
        "name": room.name, "accounts": room.accounts, "limit_bytes": room.limit_bytes, "used_bytes": room.used_bytes,
        "percent": room.percent, "near_full": room.near_full, "unlimited": room.unlimited,
        "no_limit_known": room.no_limit_known, "used_without_limit_bytes": room.other_bytes,
        "use_unknown": room.unknown, "growth_week_bytes": room.growth,
    }  # fmt: skip


def _today() -> date:
    return datetime.now().astimezone().date()
