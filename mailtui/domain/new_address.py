"""An address that is about to be given to somebody: held to the standards, and written so that any server takes it.

The local part is a dot-string (RFC 5321 section 4.1.2), internationalised ones included (RFC 6531 section 3.3); quoted
local parts and address literals are not given out.
"""

import re
import unicodedata

from mailtui.errors import UsageError
from mailtui.texts import _

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\x80-\U0010ffff]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST, _LONGEST_LOCAL, _LONGEST_DOMAIN = 254, 64, 253
# IDNA 2003, which Python speaks, makes other letters of these than IDNA 2008 (RFC 5894 section 7.2).
_DEVIATING = frozenset("ßς\u200c\u200d")


def written_address(text: str) -> str:
    """Give an address as it is to be written: in Unicode's composed form, its domain as A-labels.

    Raises:
        UsageError: It is no address that could be given to anybody.
    """
    text = unicodedata.normalize("NFC", text.strip())
    local, at, domain = text.rpartition("@")
    if not at:
        raise _wrong(text, _("it has no @"))
    _check_local(text, local)
    written = f"{local}@{written_domain(domain)}"
    if len(written.encode()) > _LONGEST:
        raise _wrong(text, _("it is too long"))
    return written


def _check_local(text: str, local: str) -> None:
    if len(local.encode("utf-8", "replace")) > _LONGEST_LOCAL:
        raise _wrong(text, _("what stands before the @ is too long"))
    is_printed = all(unicodedata.category(character)[0] not in "CZ" for character in local)
    if not is_printed or not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        raise _wrong(text, _("what stands before the @ is no word, and no words with single dots between them"))


def written_domain(text: str) -> str:
    """Give a domain as A-labels (RFC 5891), in small letters.

    Raises:
        UsageError: It is no domain.
    """
    if _DEVIATING & set(text):
        raise _wrong(text, _("it can be read as two domains: write it as xn--…"))
    try:
        domain = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _wrong(text, _("this is no domain")) from None
    labels = domain.split(".")
    is_domain = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not is_domain or len(domain) > _LONGEST_DOMAIN:
        raise _wrong(text, _("this is no domain"))
    return domain


def _wrong(text: str, why: str) -> UsageError:
    return UsageError(
        _("“{text}” is not an address: {why}").format(text=text, why=why),
        hint=_("Write it like chen.jing@example.com."),
    )
