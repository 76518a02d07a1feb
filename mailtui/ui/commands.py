"""Everything that can be done, to be found by typing: the tasks, and what else has a key on the first screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from textual.dom import DOMNode

from mailtui.cache.folding import apart, fold, words
from mailtui.cache.keys import text_of_keys
from mailtui.domain.account import Account
from mailtui.domain.rights import Rights
from mailtui.domain.schema import Schema
from mailtui.plans.catalogue import TASKS
from mailtui.plans.tasks import About, Task
from mailtui.texts import _
from mailtui.ui import keys
from mailtui.ui.keys import Key

_LIKE = 70.0
_OWN = frozenset({"show.palette", "leave.back"})
_WHY_NOT = {
    "undo.last": _("there is nothing that you may undo"),
    "show.copy": _("the account has no address"),
    "show.addresses": _("it is of the account at hand, while none is marked"),
    "mark.clear": _("nothing is marked"),
    "show.tour": _("the tour is of the sample company: `mailtui demo`"),
    "do.read_only": _("read-only by policy or by option"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done: by `action` of `node`; `why_not` says why not now, and is empty where it can."""

    id: str
    title: str
    summary: str
    key: str
    action: str
    node: DOMNode
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What tells which tasks can be done: how many accounts are chosen, whether anything may be changed, the schema.

    `account` is the one that is chosen, None where that are several or none.
    """

    chosen: int
    can_write: bool
    schema: Schema
    rights: Rights = field(default_factory=Rights)
    account: Account | None = None


def commands(
    screen: DOMNode, active: Mapping[str, tuple[DOMNode, bool]], situation: Situation, table: Iterable[Key]
) -> list[Command]:
    """Give all commands: the tasks of a screen, then its other keys.

    `table` are the keys of the screen as the site has them, `active` those that hold now by their ids, each with the
    node whose action it is and whether that can be done.
    """
    known = {key.id: key for key in table}
    tasks = [_of_task(task, screen, situation, known.get(f"task.{task.name}")) for task in TASKS]
    screens = [key.id for group in (keys.MAIN, keys.SEE, keys.MARKS) for key in group if key.id not in _OWN]
    return tasks + [_of_key(known[name], screen, active.get(name), situation) for name in screens]


def _of_task(task: Task, screen: DOMNode, situation: Situation, key: Key | None) -> Command:
    return Command(
        f"task.{task.name}", task.title, task.summary, keys.shown(key.keys[0]) if key else "",
        f"task('{task.name}')", screen, why_not(task, situation),
    )  # fmt: skip


def why_not(task: Task, situation: Situation) -> str:
    """Say why a task cannot be done now; empty where it can."""
    if not situation.can_write:
        return _("read-only")
    if task.about is About.ACCOUNTS and not situation.chosen:
        return _("no account is chosen")
    if task.one_account and task.about is About.ACCOUNTS and situation.chosen > 1:
        return _("one account at a time, {count} are marked").format(count=f"{situation.chosen:,}")
    if not task.is_held_by(situation.schema):
        return _("the schema {schema} has no attribute for it").format(schema=situation.schema.name)
    if situation.account is not None and task.about is About.ACCOUNTS:
        return situation.rights.may(task.name, situation.account)
    return situation.rights.may_anywhere(task.name)


def _of_key(key: Key, screen: DOMNode, active: tuple[DOMNode, bool] | None, situation: Situation) -> Command:
    node, is_possible = active or (screen, False)
    reason = "" if is_possible else _WHY_NOT.get(key.id, _("not now"))
    if key.id == "undo.last" and not situation.can_write:
        reason = _("read-only")
    return Command(key.id, key.title.capitalize(), key.help, keys.shown(key.keys[0]), key.action, node, reason)


def found(table: Sequence[Command], query: str) -> list[Command]:
    """Give the commands that a text may mean, the likeliest first; all of them where there is none."""
    wanted = words(apart(fold(query)))
    if not wanted:
        return list(table) if not query.strip() else [one for one in table if one.key == query.strip()]
    scored = [(_likeness(one, wanted), place) for place, one in enumerate(table)]
    return [table[place] for score, place in sorted(scored, key=lambda each: (-each[0], each[1])) if score >= _LIKE]


def _likeness(command: Command, wanted: Sequence[str]) -> float:
    names, about = _words(command.id, command.title, command.summary)
    if wanted[0] == fold(command.key) and len(wanted) == 1:
        return 500.0
    if _begin(wanted, names):
        return 400.0 if set(wanted) <= names else 300.0
    if _begin(wanted, names | about):
        return 250.0 if _begin(wanted[:1], names) else 200.0
    from rapidfuzz import fuzz

    text = " ".join(wanted)
    likeness = max((fuzz.ratio(text, name) for name in names), default=0.0)
    return max(likeness, fuzz.token_sort_ratio(text, " ".join(sorted(names))))


def _begin(wanted: Iterable[str], known: Iterable[str]) -> bool:
    known = tuple(known)
    return all(any(word.startswith(one) for word in known) for one in wanted)


@cache
def _words(name: str, title: str, summary: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of a command's names, in Chinese also as they are said, and those of its summary."""
    said = text_of_keys(title, name.partition(".")[2], None, None, None, ())
    return frozenset(words(apart(fold(f"{said} {title}")))), frozenset(words(apart(fold(summary))))
