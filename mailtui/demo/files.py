"""Files that only their owner may read."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_private(file: Path, parts: Iterable[bytes]) -> None:
    """Write a file with mode 0600, at one stroke: whoever reads it finds the old one or the new one whole."""
    new = file.with_name(file.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.writelines(parts)
    new.replace(file)
