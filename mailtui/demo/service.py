"""The embedded directory for the rest of the program: the shared one found or started, or one for a while."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import mailtui
from mailtui import paths
from mailtui.demo import address, origin
from mailtui.demo.address import DemoAddress
from mailtui.demo.client import answers
from mailtui.demo.origin import Company
from mailtui.errors import StoreError, UsageError
from mailtui.texts import _

if TYPE_CHECKING:
    from mailtui.demo.hosting import Host
    from mailtui.demo.session import Session

PEOPLE, SEED = 2000, 1
IDLE_S = 30 * 60.0
_START_S, _STOP_S = 300, 20


def ensure(people: int | None = None, seed: int | None = None, *, idle_s: float = IDLE_S) -> DemoAddress:
    """Find the shared directory, or start it; another number of people or seed than it has makes it begin anew.

    Raises:
        StoreError: It cannot be started, or its folder cannot be written.
    """
    try:
        folder = paths.make_private(paths.demo_folder())
        with _locked(folder / "start.lock"):
            kept = origin.read(folder / "data.log")
            wanted = _wanted(kept, people, seed)
            there = _running(folder)
            if there and wanted == kept:
                return there
            _end(folder)
            return _start(folder, wanted, idle_s)
    except (OSError, subprocess.TimeoutExpired) as error:
        message = _("The demo's folder cannot be used: {error}").format(error=error)
        raise StoreError(message, hint=_("Set XDG_DATA_HOME to a folder you may write to.")) from error


def company() -> str:
    """Give a short name of the company that the shared directory began as, for files; another one has another."""
    kept = origin.read(paths.demo_folder() / "data.log")
    return f"{kept.people}-{kept.seed}" if kept else "none"


def _wanted(kept: Company | None, people: int | None, seed: int | None) -> Company:
    if kept and people in {None, kept.people} and seed in {None, kept.seed}:
        return kept
    return Company(PEOPLE if people is None else people, SEED if seed is None else seed)


def _running(folder: Path) -> DemoAddress | None:
    there = address.read(folder / "address.json") if is_held(folder / "server.lock") else None
    # One of an older version has no mail store.
    return there if there and there.mailstore and answers(there) else None


def _start(folder: Path, wanted: Company, idle_s: float) -> DemoAddress:
    command = [sys.executable, "-m", "mailtui.demo", str(folder)]
    options = ["--people", str(wanted.people), "--seed", str(wanted.seed), "--idle", str(idle_s)]
    done = subprocess.run(
        [*command, *options],
        # Wherever we are: the package must be found, and no folder of the user's be held.
        cwd=Path(mailtui.__file__).parent.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        timeout=_START_S,
        check=False,
    )
    there = address.read(folder / "address.json")
    if done.returncode or there is None:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise StoreError(
            _("The demo's directory did not start: {reason}").format(reason=reason),
            hint=_("Remove {folder} and try again.").format(folder=folder),
        )
    return there


def _end(folder: Path) -> None:
    """End the server that holds the lock, if one does."""
    lock = folder / "server.lock"
    deadline = time.monotonic() + _STOP_S
    told = False
    while is_held(lock):
        pid = lock.read_text(encoding="ascii").strip()
        if pid and not told:
            os.kill(int(pid), signal.SIGTERM)
            told = True
        if time.monotonic() > deadline:
            raise StoreError(_("The demo's directory does not end."), hint=_("End process {pid}.").format(pid=pid))
        time.sleep(0.02)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def is_held(file: Path) -> bool:
    """Tell whether a process holds a lock."""
    with file.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def temporary(
    people: int = PEOPLE,
    seed: int = SEED,
    *,
    port: int = 0,
    size_limits: Mapping[str, int] | None = None,
    session: "type[Session] | None" = None,
) -> Iterator[DemoAddress]:
    """Run a fresh directory in threads of this process; nothing of it is left at the end.

    `size_limits` and `session` are those of `DirectoryServer`.

    Raises:
        UsageError: The port is taken.
    """
    # A server is much to load for those who only look for the shared one.
    from mailtui.demo import company
    from mailtui.demo.hosting import Host, new_tree

    with tempfile.TemporaryDirectory(prefix="mailtui-demo-") as folder:
        tree = new_tree()
        company.populate(tree, people, seed)
        host = Host(tree, Path(folder), size_limits=size_limits, session=session)
        there = _listen(host, port)
        with host.running():
            yield there


def _listen(host: "Host", port: int) -> DemoAddress:
    try:
        return host.listen(port)
    except OSError as error:
        message = _("Port {port} cannot be used: {error}").format(port=port, error=error.strerror)
        raise UsageError(message, hint=_("Take another --port, or none.")) from error


def serve(people: int, seed: int, port: int, on_ready: Callable[[DemoAddress], None], stop: threading.Event) -> None:
    """Run a fresh directory in the foreground until `stop` is set, or SIGTERM, SIGINT or SIGHUP comes.

    Raises:
        UsageError: The port is taken.
    """
    with _stopped_by_signals(stop), temporary(people, seed, port=port) as there:
        on_ready(there)
        stop.wait()


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Let signals set the event; only the main thread can ask for them."""

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
