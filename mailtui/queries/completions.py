"""What an answer that is being typed may come to: units, groups, shared mailboxes and accounts, a few of each."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mailtui.cache.folding import apart, fold, words
from mailtui.domain import dn
from mailtui.domain.account import Account
from mailtui.errors import UsageError
from mailtui.queries.mirror import Mirror
from mailtui.queries.views import View

_UNITS = "SELECT name, dn, keys FROM org_unit ORDER BY sort_key, row"
_GROUPS = "SELECT name, dn, name_key AS keys FROM directory_group ORDER BY name_key, row"


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer in full, and what tells it from the others."""

    value: str
    detail: str = ""


def units(mirror: Mirror, text: str, most: int) -> list[Completion]:
    """Give units whose names, or the last names of whose paths, begin with the words of a text."""
    rows = mirror.ask(_UNITS, {})
    paths = [_path(row["dn"]) for row in rows]
    wanted = text.rpartition("/")[2]
    name = _shortest(paths)
    found = [(row, path) for row, path in zip(rows, paths, strict=True) if _fits(wanted, row["keys"])]
    return [Completion(name(path) or row["dn"], " / ".join(path[:-1])) for row, path in found[:most]]


def unit_name(mirror: Mirror, unit_dn: str) -> str:
    """Give what a unit is called, with as little of its path as tells it from all others."""
    paths = [_path(row["dn"]) for row in mirror.ask(_UNITS, {})]
    return _shortest(paths)(_path(unit_dn)) or unit_dn


def _path(unit_dn: str) -> tuple[str, ...]:
    return tuple(value for ((attribute, value), *_more) in reversed(dn.parse(unit_dn)) if attribute.lower() == "ou")


def _shortest(paths: Iterable[Sequence[str]]) -> Callable[[Sequence[str]], str]:
    """Give what names a unit by as little of its path as no other has; it gives nothing where only the DN will do."""
    ends = Counter(tuple(map(fold, path[start:])) for path in paths for start in range(len(path)))

    def name(path: Sequence[str]) -> str:
        for start in range(len(path) - 1, -1, -1):
            if ends[tuple(map(fold, path[start:]))] == 1:
                return "/".join(path[start:])
        return ""

    return name


def groups(mirror: Mirror, text: str, most: int) -> list[Completion]:
    """Give groups whose names have words that begin with those of a text."""
    rows = mirror.ask(_GROUPS, {})
    known = Counter(row["keys"] for row in rows)
    found = [row for row in rows if _fits(text, row["keys"])]
    return [Completion(row["name"] if known[row["keys"]] == 1 else row["dn"], row["dn"]) for row in found[:most]]


def _fits(text: str, keys: str) -> bool:
    held = words(apart(keys))
    return all(any(word.startswith(wanted) for word in held) for wanted in words(apart(fold(text))))


def mailboxes(mirror: Mirror, text: str, most: int) -> list[Completion]:
    """Give shared mailboxes that a search finds."""
    return _accounts(mirror, f"kind:shared {text}", most)


def accounts(mirror: Mirror, text: str, most: int) -> list[Completion]:
    """Give accounts that a search finds."""
    return _accounts(mirror, text, most)


def recipients(mirror: Mirror, text: str, most: int) -> list[Completion]:
    """Give the addresses of active accounts that a search finds."""
    return [one for one in _accounts(mirror, f"is:active {text}", most) if "@" in one.value]


def _accounts(mirror: Mirror, query: str, most: int) -> list[Completion]:
    try:
        found = mirror.accounts(View(query), most)
    except UsageError:
        return []
    return [Completion(account.mail or account.login, _who(account)) for account in found]


def _who(account: Account) -> str:
    return " · ".join(filter(None, (account.name, account.department)))
