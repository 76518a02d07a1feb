"""What else a plan would do: cautions from what the mirror knows, each with what it rests on."""

from collections.abc import Iterator, Mapping, Sequence

from mailtui.domain.account import Account, Kind, Reference
from mailtui.domain.address import address_key
from mailtui.domain.plan import Caution, Facts
from mailtui.domain.policy import Policy
from mailtui.domain.protection import Protection
from mailtui.plans.friction import why_protected
from mailtui.plans.staffing import below_least
from mailtui.texts import _, ngettext


def protected(accounts: Sequence[Account], protection: Protection, policy: Policy) -> Iterator[Caution]:
    """Warn of accounts that are protected, and of rules by which any of them may be; of every task."""
    basis = _("policy.protected and the profiles of the config, and the mirror")
    for account in accounts:
        why = why_protected(account, protection, policy)
        if why:
            text = _("{name} is protected: {why}").format(name=account.name, why=why)
            yield Caution("protected", text, basis, account.id)
    for rule in protection.unknown if accounts else ():
        text = _("Anybody may be protected: the mirror does not hold what policy.protected names ({rule})")
        yield Caution("protection-unknown", text.format(rule=rule), basis)


def of_disabling(accounts: Sequence[Account], facts: Facts) -> list[Caution]:
    """Warn of what breaks when accounts stop working."""
    domains = {_domain(address) for account in accounts for address in account.addresses}
    found: list[Caution] = []
    for account in accounts:
        found += _kind(account)
        found += _relations(account, facts)
        found += _managing(account, facts)
        found += _forwards(account, domains)
    return [*found, *(below_least(facts.staffing) if accounts else ())]


def _kind(account: Account) -> Iterator[Caution]:
    texts = {
        Kind.SHARED: _("{name} is a shared mailbox, not a person"),
        Kind.SERVICE: _("{name} is an account of a service, not a person"),
    }
    if account.kind in texts:
        yield Caution("kind", texts[account.kind].format(name=account.name), _("the schema's kinds"), account.id)


def _relations(account: Account, facts: Facts) -> Iterator[Caution]:
    members = _("members of the groups in the mirror")
    kinds: tuple[tuple[str, Mapping[str, tuple[Reference, ...]], str, str], ...] = (
        ("sole-owner", facts.sole_owner_of, _("{name} alone owns {things}"), _("owners of the groups in the mirror")),
        ("last-member", facts.last_member_of, _("{name} is the last active member of {things}"), members),
        ("last-seat", facts.last_seat_of, _("{name} has the last seat of {things}"), members),
        (
            "forwarded-from",
            facts.forwarded_from,
            _("Mail of {things} is forwarded to {name}"),
            _("forwards in the mirror"),
        ),
    )
    for kind, known, text, basis in kinds:
        things = known.get(account.id, ())
        if things:
            names = ", ".join(thing.name for thing in things)
            yield Caution(kind, text.format(name=account.name, things=names), basis, account.id)


def _managing(account: Account, facts: Facts) -> Iterator[Caution]:
    count = facts.manages.get(account.id, 0)
    if count:
        text = ngettext("{name} is the manager of {count} account", "{name} is the manager of {count} accounts", count)
        yield Caution("manager", text.format(name=account.name, count=count), _("managers in the mirror"), account.id)


def _forwards(account: Account, domains: set[str]) -> Iterator[Caution]:
    if not account.forwards:
        return
    basis = _("the account's own entry")
    text = _("{name} forwards mail to {addresses}").format(name=account.name, addresses=", ".join(account.forwards))
    yield Caution("forwards", text, basis, account.id)
    outside = [address for address in account.forwards if _domain(address) not in domains]
    if outside:
        text = _("{name} forwards mail outside, to {addresses}")
        yield Caution(
            "external-forwards", text.format(name=account.name, addresses=", ".join(outside)), basis, account.id
        )


def _domain(address: str) -> str:
    return address_key(address).rpartition("@")[2]
