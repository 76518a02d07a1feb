"""Accounts as a plan starts from them, where only the mirror can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailtui.domain.account import Standing
from mailtui.domain.plan import Target

if TYPE_CHECKING:
    from mailtui.domain.account import Account
    from mailtui.domain.schema import Schema


def mirrored_target(account: Account, schema: Schema) -> Target:
    """Give an account with the values that its entry had when it was mirrored, as far as the mirror tells them."""
    names, quota = schema.account, account.quota
    limit = b"0" if quota.unlimited else b"" if quota.limit_bytes is None else str(quota.limit_bytes).encode()
    told = {
        names.status: _status(account, schema),
        names.forwards: tuple(forward.encode() for forward in account.forwards),
        names.aliases: tuple(alias.encode() for alias in account.aliases),
        names.quota_limit: (limit,) if limit else (),
    }
    return Target(account, {name: values for name, values in told.items() if name})


def _status(account: Account, schema: Schema) -> tuple[bytes, ...]:
    if account.standing is not Standing.DISABLED:
        return ()
    return (schema.status_value(Standing.DISABLED, account.delivery).encode(),)
