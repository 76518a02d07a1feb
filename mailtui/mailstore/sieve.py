"""Sieve scripts written from values (RFC 5228, vacation by RFC 5230)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailtui.domain.address import is_address
from mailtui.errors import UsageError
from mailtui.texts import _, clean


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is sent by itself, to each sender once in so many days.

    Only mail to the account's own `addresses` is answered; the main one need not be among them.
    """

    subject: str
    text: str
    days: int = 7
    addresses: tuple[str, ...] = ()


def written(forward_to: Sequence[str] = (), *, keeps_copy: bool = True, reply: Reply | None = None) -> str:
    """Write a script that forwards mail, keeps it or not, and answers it.

    Raises:
        UsageError: An address is none, or there is nothing for the script to do.
    """
    if not forward_to and reply is None:
        raise UsageError(_("The sieve script would do nothing"), hint=_("Name an address, or write a reply."))
    for address in (*forward_to, *(reply.addresses if reply else ())):
        if not is_address(address) or not clean(address) == address:
            raise UsageError(_("“{text}” is no address").format(text=clean(address)), hint=_("Write name@domain."))
    needed = [*(["copy"] if forward_to and keeps_copy else []), *(["vacation"] if reply else [])]
    lines = [f"require [{', '.join(map(_quoted, needed))}];"] if needed else []
    lines += [_vacation(reply)] if reply else []
    lines += [f"redirect {':copy ' if keeps_copy else ''}{_quoted(address)};" for address in forward_to]
    return "\r\n".join(lines) + "\r\n"


def _vacation(reply: Reply) -> str:
    addresses = f" :addresses [{', '.join(map(_quoted, reply.addresses))}]" if reply.addresses else ""
    subject = _quoted(" ".join(reply.subject.split()))
    return f"vacation :days {max(1, reply.days)} :subject {subject}{addresses} {_quoted(reply.text)};"


def _quoted(text: str) -> str:
    """Write a string of any characters but NUL (RFC 5228 section 2.4.2)."""
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\r\n") + '"'
