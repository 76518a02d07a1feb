"""The shared directory's data on disk: a log of changes, one a line, that a start boils down to one entry a line.

The first line says which company it began as. A change names the DNs that go and the entries that come, so that
replaying it needs no rules, and the change sequence number after it. A last line that was cut short is a change that
was never answered.
"""

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from mailtui.demo.entries import Entry
from mailtui.demo.files import write_private
from mailtui.demo.naming import name
from mailtui.demo.origin import Company, first_line
from mailtui.demo.results import Code, Refusal
from mailtui.demo.tree import Tree


class Log:
    """The file that every change is appended to before it is made."""

    def __init__(self, file: Path, company: Company, tree: Tree) -> None:
        entries = tree.subtree(tree.base.key)
        write_private(file, chain([first_line(company)], (_line(_change((), (entry,), tree.csn)) for entry in entries)))
        self._stream = io.FileIO(file, "ab")

    def append(self, gone: Sequence[Entry], come: Sequence[Entry], csn: str) -> None:
        """Write a change down.

        Raises:
            Refusal: The disk does not take it; nothing was written.
        """
        size = os.fstat(self._stream.fileno()).st_size
        data = _line(_change(gone, come, csn))
        try:
            _write_whole(self._stream, data)
        except OSError as error:
            self._stream.truncate(size)
            raise Refusal(Code.OTHER, f"the change cannot be written down: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def load(file: Path, tree: Tree) -> None:
    """Fill an empty tree with what a log leaves."""
    records: dict[str, Mapping[str, Sequence[str]]] = {}
    csn = ""
    for change in _changes(file):
        for dn in change["gone"]:
            records.pop(dn)
        records.update(change["come"])
        csn = change["csn"]
    entries = [
        tree.numbered(name(tree.schema, dn), {k: tuple(map(_bytes, values)) for k, values in attributes.items()})
        for dn, attributes in records.items()
    ]
    tree.load(entries, csn)


def _changes(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as stream:
        stream.readline()
        for line in stream:
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)


def _change(gone: Sequence[Entry], come: Sequence[Entry], csn: str) -> dict[str, object]:
    return {
        "csn": csn,
        "gone": [entry.dn for entry in gone],
        "come": {entry.dn: {k: [_text(value) for value in v] for k, v in entry.attributes.items()} for entry in come},
    }


def _line(record: Mapping[str, object]) -> bytes:
    return json.dumps(record).encode("ascii") + b"\n"


def _write_whole(stream: io.FileIO, data: bytes) -> None:
    """Write all of it: a full disk takes a part first, and refuses only the rest."""
    while data:
        data = data[stream.write(data) :]


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")
