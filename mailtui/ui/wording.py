"""The words, signs and tones of accounts; a sign and a word always stand beside the colour."""

from mailtui.domain.account import Account, Delivery, Kind, Standing
from mailtui.texts import _
from mailtui.ui.widgets.spans import Span

_STANDINGS = {
    Standing.ACTIVE: (" ", "", _("active")),
    Standing.DISABLED: ("✗", "muted", _("disabled")),
    Standing.LOCKED: ("!", "warning", _("locked")),
    Standing.EXPIRED: ("–", "warning", _("expired")),
    Standing.PENDING: ("·", "muted", _("pending")),
}
_DELIVERIES = {
    Delivery.RECEIVE: _("still receives mail"),
    Delivery.REDIRECT: _("mail is redirected"),
    Delivery.BOUNCE: _("mail bounces"),
}
_KINDS = {Kind.PERSON: _("person"), Kind.SHARED: _("shared mailbox"), Kind.SERVICE: _("service")}


def standing(value: Standing) -> Span:
    """Give the sign and word of a standing."""
    sign, tone, word = _STANDINGS[value]
    return f"{sign} {word}", tone


def standing_in_full(account: Account) -> Span:
    """Give the standing of an account and, while it is disabled, what becomes of its mail."""
    text, tone = standing(account.standing)
    if account.delivery is not None:
        text = f"{text}, {_DELIVERIES[account.delivery]}"
    return text.strip(), tone


def kind(value: Kind) -> str:
    """Give the word for a kind of account."""
    return _KINDS[value]


def source(name: str | None) -> str:
    """Name who told how full a mailbox is, in a word."""
    return {"directory": _("directory"), "mailstore": _("mail store")}.get(name or "", "?")
