"""The commands that the store knows: what each may be given, and what carries it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailtui.demo.mailstore import folders, logins, mails, quotas, scripts, seats
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.owners import Owner
from mailtui.demo.mailstore.parameters import NO_USER, Died, Failed, Parameters

Run = Callable[[Office, Parameters], object]
_Mail = Callable[[Office, Owner, Parameters], list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Form:
    """One command: the names of its parameters, and what gives its answer."""

    parameters: frozenset[str]
    run: Run


def _service(run: Run, *parameters: str) -> Form:
    return Form(frozenset(parameters), run)


def _mail(run: _Mail, *parameters: str) -> Form:
    """Make a command for a mailbox, or for all that a mask fits."""

    def for_users(office: Office, given: Parameters) -> object:
        if given.flag("allUsers"):
            return _for_many(office.owners.all(), office, given)
        if "user" not in given:
            raise Died
        name = given.text("user")
        if set(name) & set("*?"):
            return _for_many(office.owners.matching(name), office, given)
        owner = office.owners.find(name)
        if owner is None:
            raise Failed(NO_USER)
        return run(office, owner, given)

    def _for_many(owners: list[Owner], office: Office, given: Parameters) -> object:
        return [{"username": owner.name, **row} for owner in owners for row in run(office, owner, given)]

    return Form(frozenset({"user", "allUsers", *parameters}), for_users)


def _user(office: Office, given: Parameters) -> object:
    """Tell what the directory has of accounts, or which there are."""
    masks = given.texts("userMask")
    if any(set(mask) & set("*?") for mask in masks):
        return {"userList": [owner.name for mask in masks for owner in office.owners.matching(mask)]}
    found = [office.owners.find(name) for name in masks]
    if None in found:
        raise Failed(NO_USER)
    return {owner.name: _fields(owner) for owner in found if owner}


def _fields(owner: Owner) -> dict[str, str]:
    local, _at, domain = owner.name.partition("@")
    rule = {"quota_rule": f"*:bytes={owner.limit}"}
    return {"uid": "5000", "gid": "5000", "home": f"/sample/{domain}/{local}", "mail": "sdbox:~/mail", **rule}


COMMANDS: Mapping[str, Form] = {
    "who": _service(logins.who, "separateConnections", "mask"),
    "kick": _service(logins.kick, "mask"),
    "authCacheFlush": _service(logins.auth_cache_flush, "user"),
    "dictIter": _service(logins.dict_iter, "dictUri", "prefix", "recurse"),
    "user": _service(_user, "userMask"),
    "quotaGet": _mail(quotas.quota_get),
    "mailboxStatus": _mail(folders.mailbox_status, "field", "mailboxMask", "totalSum"),
    "mailboxCreate": _mail(folders.mailbox_create, "mailbox"),
    "mailboxRename": _mail(folders.mailbox_rename, "mailbox", "newName"),
    "mailboxDelete": _mail(folders.mailbox_delete, "mailbox"),
    "copy": _mail(mails.copy, "destinationMailbox", "sourceType", "sourceUser", "query"),
    "expunge": _mail(mails.expunge, "query"),
    "backup": _mail(mails.backup, "destination"),
    "sieveList": _mail(scripts.sieve_list),
    "sieveGet": _mail(scripts.sieve_get, "scriptname"),
    "sievePut": _mail(scripts.sieve_put, "scriptname", "file", "activate"),
    "sieveActivate": _mail(scripts.sieve_activate, "scriptname"),
    "sieveDeactivate": _mail(scripts.sieve_deactivate),
    "sieveDelete": _mail(scripts.sieve_delete, "scriptname"),
    "aclGet": _mail(seats.acl_get, "mailbox"),
    "aclSet": _mail(seats.acl_set, "mailbox", "id", "right"),
    "aclDelete": _mail(seats.acl_delete, "mailbox", "id"),
}
FORBIDDEN = frozenset(
    {
        *("aclAdd", "aclRemove", "altmove", "batch", "dictGet", "dictSet", "dictUnset", "fetch", "flagsAdd"),
        *("fsDelete", "fsGet", "fsPut", "import", "logErrors", "mailboxList", "move", "quotaRecalc", "reload"),
        *("save", "search", "sieveRename", "statsDump", "stop", "sync"),
    }
)
"""What Dovecot knows, and no key of a help desk should be allowed."""
