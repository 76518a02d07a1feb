"""The shared embedded directory's own process: `python -m mailtui.demo FOLDER --people N --seed S`.

It returns once it answers and leaves a detached process behind, which ends by itself when nobody used it for a while.
"""

import argparse
import fcntl
import gc
import os
import signal
import threading
from pathlib import Path
from typing import TextIO

from mailtui.demo import address, company, origin, store
from mailtui.demo.hosting import Host, new_tree
from mailtui.demo.origin import Company
from mailtui.demo.store import Log
from mailtui.demo.tree import Tree

_LOOK_S = 5.0


def main() -> None:
    """Start the directory of a folder."""
    asked = _arguments()
    folder = Path(asked.folder)
    lock = _take(folder / "server.lock")
    tree, log = _opened(folder / "data.log", Company(asked.people, asked.seed))
    # What is loaded stays; looking through it for garbage again and again would make everybody wait.
    gc.freeze()
    file = folder / "address.json"
    host = Host(tree, folder, before=address.read(file))
    address.write(file, host.listen())
    _detach(lock)
    _serve(host, asked.idle, file)
    log.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mailtui.demo")
    parser.add_argument("folder")
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--idle", type=float, required=True, metavar="SECONDS")
    return parser.parse_args()


def _take(file: Path) -> TextIO:
    """Take the lock that is held as long as the directory runs."""
    lock = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.truncate(0)
    return lock


def _opened(file: Path, wanted: Company) -> tuple[Tree, Log]:
    tree = new_tree()
    if origin.read(file) == wanted:
        store.load(file, tree)
    else:
        company.populate(tree, wanted.people, wanted.seed)
    log = Log(file, wanted, tree)
    tree.listener = log.append
    return tree, log


def _detach(lock: TextIO) -> None:
    """Go on in a process that no terminal and no parent holds; whoever waits for this one knows that all is ready."""
    pid = os.fork()
    if pid:
        lock.write(str(pid))
        lock.flush()
        os._exit(0)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _serve(host: Host, idle_s: float, file: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with host.running():
        while _is_wanted(host, idle_s, file):
            if stop.wait(min(idle_s - host.idle_s(), _LOOK_S) + 0.01):
                return


def _is_wanted(host: Host, idle_s: float, file: Path) -> bool:
    """Tell whether somebody is connected or may still come; without its file nobody finds the way."""
    idle = host.idle_s()
    return not idle or (idle < idle_s and file.exists())


if __name__ == "__main__":
    main()
