"""How far a batch is and how long it will take, by what is seen of it; it may have been begun anywhere."""

from mailtui.domain.batch import Batch, BatchState
from mailtui.texts import _
from mailtui.ui import ages


class Progress:
    """Follows one batch; the pace is that since it was first seen running, or seen to go on."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._open_then = 0

    def text(self, batch: Batch, now_s: float) -> str:
        """Say how far a running batch is, and how long it will take; nothing of others. Times by a monotonic clock."""
        if batch.state is not BatchState.RUNNING:
            self._since_s = None
            return ""
        text = _("{done} of {total}").format(done=f"{batch.total - batch.open_rows:,}", total=f"{batch.total:,}")
        if batch.is_paused or self._since_s is None:
            self._since_s, self._open_then = (None if batch.is_paused else now_s), batch.open_rows
            return text
        done = self._open_then - batch.open_rows
        if done <= 0:
            return text
        seconds = (now_s - self._since_s) / done * batch.open_rows
        return _("{progress}, {time} left").format(progress=text, time=ages.duration(seconds))
