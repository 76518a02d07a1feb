"""Log-ins and addresses that somebody had until lately: nobody else is to get them yet."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from mailtui.domain.address import address_key
from mailtui.domain.batch import RowState
from mailtui.domain.given_up import GivenUp
from mailtui.domain.rules import decode_text

if TYPE_CHECKING:
    from datetime import datetime

    from mailtui.desk.desk import Desk

_DONE = (RowState.VERIFIED, RowState.DRIFTED)
_MOST_BATCHES = 100_000


def given_up(desk: Desk, now: datetime) -> dict[str, GivenUp]:
    """Give, by their keys, those that batches took from somebody in the last `policy.address_reuse_days`."""
    days, fields, groups = desk.policy.address_reuse_days, desk.schema.account, desk.schema.group
    if not days:
        return {}
    holding = (fields.login, fields.mail, fields.aliases, groups.mail, groups.aliases)
    attributes = {name.lower() for name in holding if name}
    kept = timedelta(days=days)
    found: dict[str, GivenUp] = {}
    with closing(desk.journal()) as journal:
        # What an undo takes away was somebody's by mistake.
        lately = [one for one in journal.batches(_MOST_BATCHES) if one.started >= now - kept and not one.undoes]
        for batch in reversed(lately):
            for row in journal.batch(batch.id).rows:
                changes = row.changes if row.state in _DONE else ()
                values = [value for one in changes if one.attribute.lower() in attributes for value in one.remove]
                last = GivenUp(row.account_id, row.login, row.name, batch.started + kept)
                found |= {address_key(decode_text(value)): last for value in values}
    return found
