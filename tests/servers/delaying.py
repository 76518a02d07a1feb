"""A proxy in a process of its own, for measuring: `python -m tests.servers.delaying PORT SECONDS`.

It prints the port it listens on and ends with its standard input. In a thread of a busy program each message would wait
for the interpreter too, up to 5 ms.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mailtui.demo.address import DemoAddress
from mailtui.domain.secret import Secret
from tests.servers.proxy import proxied

_ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run until the standard input ends."""
    port, delay_s = int(sys.argv[1]), float(sys.argv[2])
    server = DemoAddress(f"ldap://127.0.0.1:{port}", "", "", Secret(""), Path())
    with proxied(server, delay_s=delay_s, framed=False) as proxy:
        print(proxy.address.port, flush=True)
        sys.stdin.read()


@contextmanager
def delayed(address: DemoAddress, delay_s: float) -> Iterator[DemoAddress]:
    """Give a directory another address, over which each byte takes so long in each direction; throughput is kept."""
    command = [sys.executable, "-m", "tests.servers.delaying", str(address.port), str(delay_s)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "the proxy did not start"
        # Leaving the block closes the process's standard input and waits for its end.
        yield replace(address, url=f"ldap://127.0.0.1:{port}")


if __name__ == "__main__":
    main()
