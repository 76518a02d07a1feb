"""A batch carried out: each row journalled, sent, read back, journalled again, and mirrored."""

from collections.abc import Callable
from enum import StrEnum
from threading import Event

from mailtui.apply.heeding import Heeding
from mailtui.apply.means import Means
from mailtui.apply.settling import settle_locked
from mailtui.apply.window import Window
from mailtui.domain.batch import Batch, RowState
from mailtui.errors import DirectoryError
from mailtui.texts import _


class How(StrEnum):
    """What is to be done about a batch: send its planned rows, or its failed ones again too."""

    GO_ON = "go on"
    RETRY = "retry"


def carry_out(
    batch_id: str,
    means: Means,
    *,
    how: How = How.GO_ON,
    pid: int = 0,
    stop: Event | None = None,
    begun: Callable[[], None] = lambda: None,
) -> Batch:
    """Send the open rows of a batch, and give the batch as it is then. Once more changes nothing.

    Rows that a crash left open are settled first. Batches that were begun before and touch the same accounts are
    waited for. A wish in the journal pauses or cancels it between rows; `stop` leaves it interrupted. `begun` is called
    when it stands in the journal that `pid` is at work.

    Raises:
        Refused: There is no such batch, or somebody else works on it.
        DirectoryError: The directory cannot be reached any more, or be read. The batch is left interrupted, with the
            reason among its warnings: rows in flight stay `sent`, those behind them planned.
        StoreError: The journal cannot be written; what was sent by then stays `sent`.
    """
    journal = means.journal
    with journal.batch_lock(batch_id):
        batch = settle_locked(batch_id, means)
        if how is How.RETRY:
            failed = [row.number for row in batch.rows if row.state is RowState.FAILED]
            journal.withdraw(batch.id, failed, means.clock())
            batch = journal.batch(batch.id)
        journal.start_batch(batch.id, means.operator, pid, means.clock())
        begun()
        _carry_out(batch, means, Heeding(batch.id, means, stop or Event()))
    return journal.batch(batch.id)


def _carry_out(batch: Batch, means: Means, heeding: Heeding) -> None:
    try:
        heeding.await_others()
        window = Window(batch, means, heeding)
        window.carry_out([row for row in batch.rows if row.state is RowState.PLANNED])
    except DirectoryError as error:
        means.journal.note(batch.id, error.message, means.clock())
        raise
    if heeding.is_told_to_end:
        means.journal.note(batch.id, _("The runner was told to end"), means.clock())
    else:
        means.journal.close_batch(batch.id, means.clock(), cancelled=heeding.is_cancelled)
