"""Whom the answers to a task name, and where mail for the addresses among them goes, as far as the mirror can tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mailtui.cache.folding import stored_address_key
from mailtui.domain.account import Account, Reference
from mailtui.domain.address import address_key
from mailtui.domain.plan import Facts
from mailtui.queries.addresses import groups_at
from mailtui.queries.mirror import Mirror

_FORWARDING = (
    "SELECT DISTINCT a.id, a.name, a.dn, a.sort_key, a.row FROM address f CROSS JOIN account a ON a.row = f.account_row"
    " WHERE f.key = :key AND f.kind = 'forward' ORDER BY a.sort_key, a.row"
)
# An account that is among its own forwards keeps a copy: there the mail stays.
_PASSED_ON = (
    "WITH RECURSIVE passing(row) AS ("
    " SELECT account_row FROM address WHERE key = :key AND kind <> 'forward'"
    " UNION"
    " SELECT own.account_row FROM passing p"
    " CROSS JOIN address f ON f.account_row = p.row AND f.kind = 'forward'"
    " CROSS JOIN address own ON own.key = f.key AND own.kind <> 'forward'"
    " WHERE NOT EXISTS (SELECT 1 FROM address copy CROSS JOIN address held ON held.key = copy.key"
    " WHERE copy.account_row = p.row AND copy.kind = 'forward' AND held.account_row = p.row AND held.kind <> 'forward')"
    ") SELECT a.id, a.name, a.dn FROM passing p CROSS JOIN account a ON a.row = p.row ORDER BY a.sort_key, a.row"
)
_DOMAINS = "SELECT name FROM mail_domain"


def with_holders(facts: Facts, mirror: Mirror, keys: Mapping[str, str], domains: Sequence[str]) -> Facts:
    """Add to facts what is known of answers, by the names of their questions; `domains` are ours by policy.

    Where policy names none, those in which accounts have addresses are ours.
    """
    if not keys:
        return facts
    with mirror.snapshot():
        ours = own_domains(mirror, domains)
        return replace(
            facts,
            named={question: tuple(_named(mirror, question, key, ours)) for question, key in keys.items()},
            forwarding_to={question: _ask(mirror, _FORWARDING, key) for question, key in keys.items()},
            passed_on_to={question: _ask(mirror, _PASSED_ON, key) for question, key in keys.items()},
            domains=ours,
            groups_at=_groups_at(mirror, keys, ours),
        )


def _named(mirror: Mirror, question: str, key: str, domains: Iterable[str]) -> list[Account]:
    """Give whom an answer names; with a new log-in, whoever has an address that could be made of it."""
    found = {account.id: account for one in _keys(question, key, domains) for account in mirror.exact(one)}
    return list(found.values())


def _groups_at(mirror: Mirror, keys: Mapping[str, str], domains: Iterable[str]) -> dict[str, Reference]:
    asked = [one for question, key in keys.items() for one in _keys(question, key, domains)]
    return {address_key(address): group for address, group in groups_at(mirror, asked).items()}


def _keys(question: str, key: str, domains: Iterable[str]) -> list[str]:
    return [key, *(f"{key}@{domain}" for domain in sorted(domains))] if question == "login" else [key]


def own_domains(mirror: Mirror, domains: Sequence[str]) -> frozenset[str]:
    """Give the domains whose mail is ours, as A-labels: those of policy, or else those of the addresses mirrored."""
    return _as_compared(domains) or _as_compared(row["name"] for row in mirror.ask(_DOMAINS, {}))


def _ask(mirror: Mirror, statement: str, address: str) -> tuple[Reference, ...]:
    found: Sequence[Mapping[str, Any]] = mirror.ask(statement, {"key": stored_address_key(address)})
    return tuple(Reference(row["id"], row["name"], row["dn"]) for row in found)


def _as_compared(domains: Iterable[str]) -> frozenset[str]:
    return frozenset(address_key(f"any@{domain}").rpartition("@")[2] for domain in domains)
