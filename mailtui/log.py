"""The log: a file of the operator's own, never with a secret or a value from the directory in it."""

import logging
import logging.handlers
from pathlib import Path

from mailtui import paths

log = logging.getLogger("mailtui")


def start(file: Path) -> None:
    """Write the log to a file of at most 1 MiB, with one older beside it; where that cannot be, go without."""
    logging.raiseExceptions = False
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        paths.make_private(file.parent)
        file.touch(mode=0o600)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=1 << 20, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        log.addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    log.addHandler(handler)
