"""A line that fails on request: a proxy on loopback, in a thread, in front of any directory."""

import asyncio
import selectors
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from mailtui.demo.address import DemoAddress
from tests.servers.line import CHUNK, Flow, Line, reset
from tests.servers.rules import Action, At, End, Kind, Rules

Given = TypeVar("Given")


class Proxy:
    """A proxy and the connections through it; its methods may be called from any thread, and from a rule's call."""

    def __init__(self, address: DemoAddress, rules: Rules, delay_s: float, *, framed: bool = True) -> None:
        self.address = address
        self._server = address
        self._rules = rules
        self._delay_s = delay_s
        self._is_framed = framed
        self._is_shut = False
        self._lines: set[Line] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._thread.start()
        self._ready.wait()

    def add(self, *rules: At) -> None:
        """Obey further rules."""
        self._in_loop(lambda: self._rules.rules.extend(rules))

    def on(self, kind: Kind, number: int | None, call: Callable[[], object], then: Action = Action.PASS) -> At:
        """Call something at the n-th message of a kind before it is forwarded; give the rule that was made of it."""
        rule = At(kind, number, then, call=call)
        self.add(rule)
        return rule

    def count(self, kind: Kind) -> int:
        """Tell how many messages of a kind came so far, whatever was done with them."""
        return self._rules.counts[kind]

    @property
    def met(self) -> tuple[At, ...]:
        """The rules that were met, in order, each as often as it was."""
        return tuple(self._rules.met)

    def hang(self) -> None:
        """Forward nothing more, on no connection, until the release."""
        self._in_loop(self._flow.stop)

    def release(self) -> None:
        """Go on after a hang, and forward what is held."""
        self._in_loop(self._flow.release)

    def cut(self, ends: End = End.RESET) -> None:
        """Cut all connections now."""
        self._in_loop(lambda: self._cut(ends))

    def shut(self) -> None:
        """Cut all connections, and every new one at once: the server cannot be reached."""
        self._in_loop(lambda: self._set_shut(is_shut=True))

    def open(self) -> None:
        """Take connections again."""
        self._in_loop(lambda: self._set_shut(is_shut=False))

    def close(self) -> None:
        """End all; what a rule's call raised is raised here."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        for task in self._tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error

    def _cut(self, ends: End) -> None:
        for line in tuple(self._lines):
            line.cut(ends)

    def _set_shut(self, *, is_shut: bool) -> None:
        self._is_shut = is_shut
        if is_shut:
            self._cut(End.RESET)

    def _in_loop(self, do: Callable[[], Given]) -> Given:
        if threading.current_thread() is self._thread:
            return do()
        done: Future[Given] = Future()
        self._loop.call_soon_threadsafe(lambda: done.set_result(do()))
        return done.result(20)

    def _run(self) -> None:
        # select() waits for microseconds, epoll for whole milliseconds: too coarse for delays of 5 ms.
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._over, self._flow = asyncio.get_running_loop(), asyncio.Event(), Flow()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=CHUNK)
        port = server.sockets[0].getsockname()[1]
        self.address = replace(self._server, url=f"ldap://127.0.0.1:{port}")
        self._ready.set()
        await self._over.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(self._loop.create_task(self._carry(reader, writer)))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_shut:
            reset(writer)
            return
        try:
            server = await asyncio.open_connection("127.0.0.1", self._server.port, limit=CHUNK)
        except OSError:
            reset(writer)
            return
        line = Line((reader, writer), server, self._rules, self._flow, self._delay_s, framed=self._is_framed)
        self._lines.add(line)
        try:
            await line.carry()
        finally:
            self._lines.discard(line)


@contextmanager
def proxied(address: DemoAddress, *rules: At, delay_s: float = 0, framed: bool = True) -> Iterator[Proxy]:
    """Run a proxy in front of a directory; `delay_s` is the time that a message takes in each direction.

    Without frames it looks at no message and obeys no rule, and is fast.
    """
    proxy = Proxy(address, Rules(rules), delay_s, framed=framed)
    try:
        yield proxy
    finally:
        proxy.close()
