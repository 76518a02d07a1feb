"""What the site allows and asks for, what accounts are allotted, and who is protected."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mailtui.domain.account import Account, Delivery, Kind
from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.texts import _

ANY_TICKET = ".+"

UNLIMITED = 0
"""The `quota_bytes` of who may fill as much as there is."""
EXTERNAL_FORWARDS = ("allow", "warn", "deny")
PASSWORD_STYLES = ("words", "characters")
UMLAUTS = ("ae", "a")
SHORTEST_PASSWORD = 8
RESERVED_NAMES = (
    "postmaster", "abuse", "hostmaster", "webmaster", "noc", "security", "usenet", "news", "www", "uucp", "ftp",
    "root", "admin", "administrator", "mailer-daemon", "noreply", "no-reply", "nobody", "daemon", "operator", "system",
    "mail", "all", "everyone",
)  # fmt: skip
"""Names that nobody is given: RFC 2142's (but for those of business needs), and what machines send from."""


@dataclass(frozen=True, slots=True)
class Profile:
    """An allocation policy: whom it is for, and what holds for them; None and empty where it does not say.

    `when` names attributes of an account, or `group`, with patterns any of which fits; `kind` narrows to the accounts
    of that kind, and is the kind of those made by it. `quota_bytes` may be `UNLIMITED`; `services` are as the
    directory spells them, in lower case; `delivery` is what becomes of mail once an account is disabled, unless
    somebody says otherwise; `retention_days` is for how long a disabled account is kept, `expires_days` how long a new
    one lasts. `min_seats` is how many who can work a shared mailbox has at least.
    """

    name: str
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    quota_bytes: int | None = None
    protected: bool = False
    kind: Kind | None = None
    services: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    delivery: Delivery | None = None
    retention_days: int | None = None
    expires_days: int | None = None
    min_seats: int | None = None

    def fits(self, account: Account) -> bool:
        """Tell whether every condition holds for an account; patterns are caseless, `*` stands for any text."""
        if not self.when and self.kind is None:
            return False
        return self.kind in {None, account.kind} and all(
            any(
                fnmatchcase(value.casefold(), pattern.casefold()) for value in _held(account, name) for pattern in given
            )
            for name, given in self.when
        )


def _held(account: Account, name: str) -> list[str]:
    if name == "group":
        return [group.name for group in account.groups]
    return [str(getattr(account, name) or "")]


@dataclass(frozen=True, slots=True)
class Department:
    """What holds for the accounts in an org unit and below it; None and empty where it does not say.

    `unit` is the name of a unit, or several from the upper one down with slashes between. `owner` is the address or
    log-in of who is asked; `min_seats` is of the shared mailboxes there.
    """

    unit: str
    groups: tuple[str, ...] = ()
    quota_bytes: int | None = None
    domain: str = ""
    owner: str = ""
    min_seats: int | None = None

    def depth(self, path: tuple[str, ...]) -> int | None:
        """Tell how deep in the path of an account's units this one lies; None where the account is not below it.

        Of two units of that name the deeper one is meant.
        """
        held = [name.strip().casefold() for name in path]
        ways = ([self.unit.strip().casefold()], [name.strip().casefold() for name in self.unit.strip("/").split("/")])
        ends = [
            end for wanted in ways for end in range(len(wanted), len(held) + 1)
            if held[end - len(wanted) : end] == wanted
        ]  # fmt: skip
        return max(ends, default=None)


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits within which staff work; `protected` are rules, see `protection`, any of which protects."""

    ticket_required: bool = False
    ticket_pattern: str = ANY_TICKET
    batch_limit: int = 200
    protected: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    """Rules as those of `protected`: whoever any of them is for cannot be deleted, whatever the reason."""
    read_only: bool = False
    lock_after_minutes: int = 10
    journal_dir: Path | None = None
    journal_days: int = 0
    domains: tuple[str, ...] = ()
    """The domains whose mail is ours, as A-labels; none named means those of the addresses in the mirror."""
    external_forward: str = "warn"
    """Whether mail may be forwarded to other domains: `allow`, `warn` or `deny`."""
    address_reuse_days: int = 0
    """For how long nobody else gets an address that was given up."""
    reserved_names: tuple[str, ...] = RESERVED_NAMES
    """Log-ins that are never proposed."""
    naming: tuple[str, ...] = ("{given}.{surname}",)
    """How log-ins are made of names, the most wanted first; see `patterns`."""
    umlauts: str = "ae"
    """Whether ä, ö and ü become two letters (`ae`) or one (`a`)."""
    password_style: str = "words"  # noqa: S105 - not one
    """Whether new passwords are of `words` or of `characters`."""
    password_length: int = 16
    """How many characters a new password has at least."""
    profiles: tuple[Profile, ...] = ()
    departments: tuple[Department, ...] = ()

    def profile_of(self, account: Account) -> Profile | None:
        """Give the first profile that fits an account."""
        return next((profile for profile in self.profiles if profile.fits(account)), None)

    def departments_of(self, account: Account) -> tuple[Department, ...]:
        """Give the departments that an account is in, the deepest first; of one unit, the first in the file."""
        return self.departments_at(account.department_path)

    def departments_at(self, path: tuple[str, ...]) -> tuple[Department, ...]:
        """Give those of an account whose units these are."""
        depths = [(department, department.depth(path)) for department in self.departments]
        found = [(depth, department) for department, depth in depths if depth]
        return tuple(department for _depth, department in sorted(found, key=lambda each: -each[0]))

    def protecting_profile(self, account: Account) -> Profile | None:
        """Give the profile of an account where that protects it: by its own word, or by a rule that names it."""
        profile = self.profile_of(account)
        if profile is None or profile.protected or _names(self.protected, profile):
            return profile
        return None

    def holding_profile(self, account: Account) -> Profile | None:
        """Give the profile of an account where a rule of `holds` names it."""
        profile = self.profile_of(account)
        return profile if profile and _names(self.holds, profile) else None

    @property
    def ticket_form(self) -> str:
        """What to say of the form of tickets; where any text is one, nothing but that one is needed."""
        if self.ticket_pattern == ANY_TICKET:
            return _("Give the ticket it is done for.")
        return _("The site's tickets look like {pattern}").format(pattern=self.ticket_pattern)

    def accepts_ticket(self, ticket: str) -> bool:
        """Tell whether a ticket has the form the site uses."""
        return re.fullmatch(self.ticket_pattern, ticket) is not None


def _names(rules: Iterable[str], profile: Profile) -> bool:
    """Tell whether one of some rules names a profile."""
    named = {rule.value.casefold() for rule in map(parse_rule, rules) if rule.kind is RuleKind.PROFILE}
    return profile.name.casefold() in named
