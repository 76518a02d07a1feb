"""One change of one entry, and what became of it: what a test does that needs no pipelining."""

from collections.abc import Sequence

from mailtui.directory.port import Directory, Modification, Written
from mailtui.domain.change import Change, Values


def modify(
    directory: Directory,
    dn: str,
    changes: Sequence[Change],
    *,
    expecting: Sequence[Values] = (),
    entry_id: str = "",
    reading: Sequence[str] = (),
) -> Written:
    """Change an entry and wait for the answer; a failure that the port gives is raised.

    Raises:
        DirectoryError: The server refused; nothing else was under way on the connection.
    """
    (number,) = directory.send([Modification(dn, tuple(changes), tuple(expecting), entry_id=entry_id)], reading)
    answered, answer = directory.answer()
    assert answered == number
    if isinstance(answer, Written):
        return answer
    raise answer
