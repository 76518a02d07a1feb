"""The array `[[operators]]`: who may do what to which accounts."""

from collections.abc import Iterator
from typing import Any

from mailtui.config.checking import check_one_of, known, tables, wrong
from mailtui.config.table_reader import TableReader
from mailtui.domain import dn
from mailtui.domain.rights import KNOWN_TASKS, OperatorRule, Role
from mailtui.texts import _

OPERATOR_KEYS = ("who", "group", "role", "units", "tasks")
"""The keys of one of `[[operators]]`."""


def operators(held: Any, source: str) -> Iterator[OperatorRule]:
    """Give the rules in the order of the file.

    Raises:
        ConfigError: A key or value cannot be taken.
    """
    for number, (where, each) in enumerate(tables(held, source, "operators"), 1):
        known(each, OPERATOR_KEYS, source, where)
        read = TableReader(each, source, where)
        role = read.choice("role", tuple(Role))
        tasks = read.names("tasks") if "tasks" in each else None
        for place, task in enumerate(tasks or (), 1):
            check_one_of(KNOWN_TASKS, task, source, f"{where}.tasks[{place}]")
        if not role and tasks is None:
            raise wrong(source, f"{where}.role", _("is missing"), _("It is one of: {known}").format(known=_roles()))
        units = read.names("units")
        if "units" in each and not units:
            raise wrong(source, f"{where}.units", _("names no unit"), _("Leave it out where everywhere is meant."))
        who, group = _whom(read, source, where)
        yield OperatorRule(number, who, group, Role(role) if role else None, units, tasks)


def _roles() -> str:
    return ", ".join(Role)


def _whom(read: TableReader, source: str, where: str) -> tuple[str, str]:
    """Give who or which group a rule is for: one of them, or it would be read in two ways."""
    who, group = ((read.typed(str, name) or "").strip() for name in ("who", "group"))
    if bool(who) == bool(group):
        what = _("goes without group") if who else _("is missing")
        raise wrong(source, f"{where}.who", what, _('Name a bind DN, or a group, or write who = "*" for everybody.'))
    for name, value in (("who", who), ("group", group)):
        if "=" in value and not _is_dn(value):
            raise wrong(source, f"{where}.{name}", _("is no DN"), _("Write it as the directory does."))
    return who, group


def _is_dn(text: str) -> bool:
    try:
        return bool(dn.parse(text))
    except ValueError:
        return False
