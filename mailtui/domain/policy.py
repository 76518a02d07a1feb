"""What the site allows and asks for, and who is protected."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mailtui.domain.account import Account
from mailtui.domain.protection import RuleKind, parse_rule


@dataclass(frozen=True, slots=True)
class Profile:
    """An allocation policy: whom it is for (attribute of an account -> patterns, any of which fits), and what holds."""

    name: str
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    quota_bytes: int | None = None
    protected: bool = False

    def fits(self, account: Account) -> bool:
        """Tell whether every condition holds for an account; patterns are caseless, `*` stands for any text."""
        return bool(self.when) and all(
            any(fnmatchcase(str(getattr(account, name) or "").casefold(), p.casefold()) for p in patterns)
            for name, patterns in self.when
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits within which staff work; `protected` are rules, see `protection`, any of which protects."""

    ticket_required: bool = False
    ticket_pattern: str = ".+"
    batch_limit: int = 200
    protected: tuple[str, ...] = ()
    read_only: bool = False
    lock_after_minutes: int = 10
    journal_dir: Path | None = None
    journal_days: int = 0
    domains: tuple[str, ...] = ()
    """The domains whose mail is ours; none named means those of the addresses in the mirror."""
    external_forward: str = "warn"
    """Whether mail may be forwarded to other domains: `allow`, `warn` or `deny`."""
    address_reuse_days: int = 0
    """For how long nobody else gets an address that was given up."""
    profiles: tuple[Profile, ...] = ()

    def profile_of(self, account: Account) -> Profile | None:
        """Give the first profile that fits an account."""
        return next((profile for profile in self.profiles if profile.fits(account)), None)

    def protecting_profile(self, account: Account) -> Profile | None:
        """Give the profile of an account where that protects it: by its own word, or by a rule that names it."""
        profile = self.profile_of(account)
        if profile is None or profile.protected or profile.name.casefold() in self._protected_profiles:
            return profile
        return None

    @property
    def _protected_profiles(self) -> set[str]:
        rules = map(parse_rule, self.protected)
        return {rule.value.casefold() for rule in rules if rule.kind is RuleKind.PROFILE}

    def accepts_ticket(self, ticket: str) -> bool:
        """Tell whether a ticket has the form the site uses."""
        return re.fullmatch(self.ticket_pattern, ticket) is not None
