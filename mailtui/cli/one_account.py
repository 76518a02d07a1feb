"""The one account that a verb is about, by what it was called."""

from mailtui.domain.account import Account
from mailtui.errors import Refused
from mailtui.queries.mirror import Mirror
from mailtui.texts import _


def the_account(mirror: Mirror, key: str) -> Account:
    """Give the one account that an exact address, log-in or employee number names.

    Raises:
        Refused: There is none, or it names several.
    """
    found = mirror.exact(key)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(account.login for account in found)
        raise Refused(
            _("“{key}” names several accounts: {names}").format(key=key, names=names), hint=_("Use the address.")
        )
    raise Refused(
        _("There is no account “{key}”").format(key=key), hint=_("`mailtui find {key}` looks wider.").format(key=key)
    )
