"""The one question the program asks an embedded directory without ldap3: are you there, and is it you?"""

import socket

from mailtui.demo.address import DemoAddress
from mailtui.directory import ber

_TIMEOUT_S = 10


def answers(address: DemoAddress) -> bool:
    """Tell whether a directory answers at an address and takes the administrator's password."""
    password = ber.octets(address.password.reveal(), 0x80)
    bind = ber.encode(0x60, ber.integer(3), ber.octets(address.bind_dn), password)
    try:
        with socket.create_connection(("127.0.0.1", address.port), timeout=_TIMEOUT_S) as line:
            line.sendall(ber.encode(ber.SEQUENCE, ber.integer(1), bind))
            return line.recv(64) == _success()
    except OSError:
        return False


def _success() -> bytes:
    nothing = ber.octets("")
    return ber.encode(ber.SEQUENCE, ber.integer(1), ber.encode(0x61, ber.integer(0, ber.ENUMERATED), nothing, nothing))
