"""What the mail store says of one mailbox now, as one line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mailtui.domain.quota import format_size
from mailtui.errors import MailtuiError
from mailtui.texts import _, clean

if TYPE_CHECKING:
    from mailtui.desk import Desk
    from mailtui.domain.account import Account
    from mailtui.mailstore.values import Usage


async def asked(desk: Desk, account: Account) -> str:
    """Ask, in a thread, and give what to say of it; why not, where the mail store does not tell."""
    try:
        usage = await asyncio.to_thread(desk.live_usage, account)
    except MailtuiError as error:
        return " ".join(filter(None, (f"{error.message}.", error.hint)))
    return _said(account, usage)


def _said(account: Account, usage: Usage) -> str:
    name = clean(account.name)
    if usage.used_bytes is None:
        return _("{name}: the mail store does not know how full it is: {why}").format(name=name, why=usage.why_unknown)
    limit = _("no limit") if usage.is_unlimited else format_size(usage.limit_bytes)
    percent = "" if usage.percent is None else f" · {usage.percent:g} %"
    messages = "?" if usage.messages is None else f"{usage.messages:,}"
    return _("{name}: {used} of {limit}{percent} · {messages} messages · now").format(
        name=name, used=format_size(usage.used_bytes), limit=limit, percent=percent, messages=messages
    )
