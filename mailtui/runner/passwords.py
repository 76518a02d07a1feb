"""New passwords by batch: made for the rows that set them, and held until somebody has taken them to hand them over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.domain.batch import RowState
from mailtui.domain.entries import Act
from mailtui.domain.passwords import new_password

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailtui.domain.batch import Batch, BatchRow
    from mailtui.domain.policy import Policy
    from mailtui.domain.secret import Secret


class Passwords:
    """Passwords that this process has made and that nobody has seen yet, by batch and number of the row."""

    def __init__(self) -> None:
        self._held: dict[str, dict[int, Secret]] = {}

    @property
    def batches(self) -> tuple[str, ...]:
        """The batches that some are held for."""
        return tuple(self._held)

    def hold(self, batch: str, made: Mapping[int, Secret]) -> None:
        """Hold passwords of a batch, beside those of rows that it has done before."""
        if made:
            self._held[batch] = {**self._held.get(batch, {}), **made}

    def take(self, batch: Batch) -> list[tuple[BatchRow, Secret]]:
        """Give those that a batch has set, with their rows: once, then all of the batch are forgotten."""
        made = self._held.pop(batch.id, {})
        # Of an entry that the batch itself added, the id stands in the row that did.
        added = {row.dn: row.account_id for row in batch.rows if row.act is Act.ADD}
        return [
            (replace(row, account_id=row.account_id or added.get(row.dn, "")), made[row.number])
            for row in batch.rows
            if row.number in made and row.state is RowState.VERIFIED
        ]


def lacking(batch: Batch) -> list[int]:
    """Number the rows that were to set a password and did not: what they were to set is known to nobody."""
    return [row.number for row in batch.rows if row.act is Act.PASSWORD and row.state is not RowState.VERIFIED]


def made_for(numbers: Iterable[int], policy: Policy) -> dict[int, Secret]:
    """Make a password for each of these rows, as policy wants them."""
    return {number: new_password(policy.password_style, policy.password_length) for number in numbers}
