"""The person who does something, as the journal names them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """Who the directory was told that we are, who the system says, and where the SSH session came from.

    `name` is the bind DN or the user's name; `ssh_client` is an address, empty without SSH.
    """

    name: str
    os_user: str
    ssh_client: str = ""


def ssh_client(environment: Mapping[str, str]) -> str:
    """Give the address that sshd put into a session's environment; the session itself could have changed it."""
    connection = environment.get("SSH_CONNECTION") or environment.get("SSH_CLIENT") or ""
    return connection.partition(" ")[0]
