"""Records that are not as they were written: named where they would have to be read, with what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from mailtui.errors import StoreError
from mailtui.texts import _

# What it takes to read text that is no JSON, or JSON that is not as we write it.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


@contextmanager
def naming(seq: int) -> Iterator[None]:
    """Name a record that cannot be read inside the block.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        yield
    except _UNREADABLE as error:
        raise damaged(seq) from error


def damaged(seq: int) -> StoreError:
    """Give the failure that names a record which cannot be read, by itself or for want of one before it."""
    return StoreError(_("Record {seq} of the journal cannot be read").format(seq=seq), hint=what_to_do())


def what_to_do() -> str:
    """Tell what to do about a record that cannot be read."""
    return _(
        "`mailtui journal verify` names the first record that is not as it was written. "
        "Keep the file: put back a copy from your backup beside it, and say so to your administrator."
    )
