"""How much room a mailbox has, and how much of it is used; sizes are bytes, powers of 1024."""

import re
from dataclasses import dataclass
from datetime import datetime

from mailtui.errors import UsageError
from mailtui.texts import _

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([KMGT]?)(?:I?B)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quota:
    """The limit and use of one mailbox.

    `limit_bytes` None and not `unlimited` means that the server's own default holds; `default_bytes` is that, where
    the mail store tells it. `as_of` and `source` (`directory` or `mailstore`) are of the use, not of the limit.
    """

    limit_bytes: int | None = None
    unlimited: bool = False
    used_bytes: int | None = None
    as_of: datetime | None = None
    source: str | None = None
    messages: int | None = None
    default_bytes: int | None = None

    @property
    def percent(self) -> float | None:
        """The part of the limit that is used; see `percent`."""
        return percent(self.used_bytes, self.default_bytes if self.limit_bytes is None else self.limit_bytes)


def percent(used_bytes: int | None, limit_bytes: int | None) -> float | None:
    """Give the part of a limit that is used, in percent with one decimal; None where either is unknown."""
    return round(100 * used_bytes / limit_bytes, 1) if used_bytes is not None and limit_bytes else None


def parse_size(text: str) -> int:
    """Give the bytes that a size such as `10GiB`, `512 MB` or `1.5g` means.

    Raises:
        UsageError: The text is no size.
    """
    match = _SIZE.fullmatch(text)
    if not match:
        raise UsageError(_("“{text}” is not a size").format(text=text), hint=_("Write 10GiB, 512MiB or 1.5GB."))
    return int(float(match[1].replace(",", ".")) * _UNITS[match[2].upper()])


def format_size(size: int | None) -> str:
    """Give a size as people read it: `9.5 GiB`, `512 MiB`; `?` where it is unknown."""
    if size is None:
        return "?"
    for unit, factor in (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if abs(size) >= factor:
            number = f"{size / factor:.1f}".removesuffix(".0")
            return f"{number} {unit}"
    return f"{size} B"
