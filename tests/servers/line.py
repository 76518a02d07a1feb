"""One connection through a proxy: two directions, each with a queue of what is on its way."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass

from tests.servers.rules import Action, At, End, Frames, Message, Rules

CHUNK = 256 * 1024
_LINGER_NOT = struct.pack("ii", 1, 0)
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Flow:
    """Whether anything is forwarded at all, and what is held back."""

    def __init__(self) -> None:
        self.is_on = asyncio.Event()
        self.is_on.set()
        self._held: list[tuple[Direction, bytes]] = []

    def stop(self, seconds: float | None = None) -> None:
        """Forward nothing more, for some time or until the release."""
        self.is_on.clear()
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, self.is_on.set)

    def hold(self, direction: "Direction", data: bytes, seconds: float | None) -> None:
        """Keep bytes back, for some time or until the release."""
        if seconds is None:
            self._held.append((direction, data))
        else:
            asyncio.get_running_loop().call_later(seconds, direction.put, data)

    def release(self) -> None:
        """Forward all that was kept back, and go on."""
        held, self._held = self._held, []
        for direction, data in held:
            direction.put(data)
        self.is_on.set()


@dataclass(frozen=True, slots=True)
class _Item:
    """Bytes on their way, when they are due, and whether the connection ends behind them."""

    due: float
    data: bytes
    ends: End | None = None
    is_last: bool = False


class Direction:
    """One direction of a connection; whatever is put in comes out in order, after the delay."""

    def __init__(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay_s: float) -> None:
        self.source, self._sink, self._delay_s = source, sink, delay_s
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()

    def put(self, data: bytes, *, ends: End | None = None, is_last: bool = False) -> None:
        """Send bytes on their way; with them or behind them the connection may end."""
        due = asyncio.get_running_loop().time() + self._delay_s
        self._queue.put_nowait(_Item(due, data, ends, is_last))

    async def deliver(self, flow: Flow) -> End | None:
        """Write what is due, until the end of the connection; give how it is cut, if it is."""
        now = asyncio.get_running_loop().time
        while True:
            item = await self._queue.get()
            if (left := item.due - now()) > 0:
                await asyncio.sleep(left)
            await flow.is_on.wait()
            self._sink.write(item.data)
            if item.ends or item.is_last:
                return item.ends


class Line:
    """A client's connection and the proxy's own to the server, as one."""

    def __init__(self, client: Ends, server: Ends, rules: Rules, flow: Flow, delay_s: float, *, framed: bool) -> None:
        self._writers = (client[1], server[1])
        self._both = (Direction(client[0], server[1], delay_s), Direction(server[0], client[1], delay_s))
        self._rules, self._flow, self._is_framed = rules, flow, framed
        # Requests, by number, at whose answer the connection is cut.
        self._doomed: dict[int, End] = {}
        self._is_over = False
        for writer in self._writers:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def carry(self) -> None:
        """Forward until one side hangs up, or the connection is cut."""
        tasks = [asyncio.create_task(self._forward(one)) for one in self._both]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if ends := task.result():
                    self.cut(ends)
            await self._close()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for writer in self._writers:
                writer.transport.abort()

    async def _close(self) -> None:
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def cut(self, ends: End) -> None:
        """End the connection towards both sides now."""
        self._is_over = True
        for writer in self._writers:
            if ends is End.RESET:
                reset(writer)
            else:
                writer.close()
        for direction in self._both:
            direction.put(b"", is_last=True)

    async def _forward(self, direction: Direction) -> End | None:
        reading = asyncio.create_task(self._read(direction))
        # However it came to its end: what was read before is delivered first.
        reading.add_done_callback(lambda _task: self._end(direction))
        try:
            ends = await direction.deliver(self._flow)
        finally:
            is_read = reading.done()
            reading.cancel()
        if is_read:
            # What a rule's call raised is raised here.
            reading.result()
        return ends

    def _end(self, direction: Direction) -> None:
        if not self._is_over:
            direction.put(b"", is_last=True)

    async def _read(self, direction: Direction) -> None:
        frames = Frames()
        with contextlib.suppress(ConnectionError):
            while received := await direction.source.read(CHUNK):
                if self._is_framed:
                    self._pass(frames.split(received), direction)
                else:
                    direction.put(received)
        direction.put(frames.rest())

    def _pass(self, messages: list[Message], direction: Direction) -> None:
        passing = bytearray()
        for message in messages:
            rule = None if self._is_over else self._judged(message, direction)
            if rule:
                direction.put(bytes(passing))
                passing.clear()
                self._obey(rule, message, direction)
            elif not self._is_over:
                passing += message.data
        direction.put(bytes(passing))

    def _judged(self, message: Message, direction: Direction) -> At | None:
        rule = self._rules.judge(message.kind)
        if rule and rule.call:
            rule.call()
        if direction is self._both[1] and message.number in self._doomed:
            return At(message.kind, None, Action.CUT_BEFORE, ends=self._doomed[message.number])
        return rule

    def _obey(self, rule: At, message: Message, direction: Direction) -> None:
        match rule.do:
            case Action.PASS:
                direction.put(message.data)
            case Action.DROP:
                pass
            case Action.TWICE:
                direction.put(message.data * 2)
            case Action.HOLD:
                self._flow.hold(direction, message.data, rule.seconds)
            case Action.HANG:
                self._flow.stop(rule.seconds)
                direction.put(message.data)
            case Action.CUT_AT_ANSWER:
                self._doomed[message.number] = rule.ends
                direction.put(message.data)
            case Action.CUT_BEFORE | Action.CUT_INSIDE:
                self._is_over = True
                half = len(message.data) // 2 if rule.do is Action.CUT_INSIDE else 0
                direction.put(message.data[:half], ends=rule.ends)


def reset(writer: asyncio.StreamWriter) -> None:
    """End one side of a connection as a crash does (RST)."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    writer.transport.abort()
