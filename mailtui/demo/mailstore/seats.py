"""Who else may do what in a folder: rights of it, given, listed and taken."""

from mailtui.demo.mailstore.folders import Rows, existing
from mailtui.demo.mailstore.mailbox import Folder
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import Died, Parameters
from mailtui.mailstore.values import Right

_RIGHTS = frozenset(map(str, Right))
_KINDS = ("user=", "group=", "group-override=")
_WORDS = frozenset({"owner", "anyone", "authenticated"})


def acl_get(office: Office, owner: Owner, given: Parameters) -> Rows:
    """List who may do what."""
    rights = _folder(office, owner, given).rights
    return [{"id": each, "global": "", "rights": " ".join(sorted(held))} for each, held in rights.items()]


def acl_set(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Give somebody these rights and no others; what is no right ends the process."""
    rights, identity = frozenset(given.some("right")), _identity(given)
    if not rights <= _RIGHTS:
        raise Died
    _folder(office, owner, given).rights[identity] = rights
    return []


def acl_delete(office: Office, owner: Owner, given: Parameters) -> Rows:
    """Take all rights from somebody, whether or not there were any."""
    _folder(office, owner, given).rights.pop(_identity(given), None)
    return []


def _folder(office: Office, owner: Owner, given: Parameters) -> Folder:
    return existing(office.mailbox(owner), given.text("mailbox"))


def _identity(given: Parameters) -> str:
    identity = given.text("id")
    if identity not in _WORDS and not identity.startswith(_KINDS):
        raise Died
    return identity
