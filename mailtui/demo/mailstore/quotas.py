"""How full mailboxes are, as `quotaGet` tells it: strings, and KiB."""

from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import Parameters

_KIB = 1024
_ROOT = "User quota"


def quota_get(office: Office, owner: Owner, _given: Parameters) -> list[dict[str, str]]:
    """Tell what is used of how much; a part of a KiB counts as a whole one."""
    box = office.mailbox(owner)
    used, limit = -(-box.size // _KIB), owner.limit // _KIB
    percent = used * 100 // limit if limit else 0
    return [_row("STORAGE", used, str(limit) if limit else "-", percent), _row("MESSAGE", box.messages, "-", 0)]


def _row(kind: str, value: int, limit: str, percent: int) -> dict[str, str]:
    return {"root": _ROOT, "type": kind, "value": str(value), "limit": limit, "percent": str(percent)}
