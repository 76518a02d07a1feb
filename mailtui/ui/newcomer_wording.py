"""Newcomers in words: what the rules would give them, and what speaks against it."""

from collections.abc import Iterator, Mapping, Sequence

from mailtui.domain.account import Account
from mailtui.domain.allocation import Allocation, What, value_text
from mailtui.domain.newcomer import Draft, Newcomer, Problem, Sketch
from mailtui.domain.policy import UNLIMITED
from mailtui.domain.quota import format_size
from mailtui.texts import _, clean, fit, width
from mailtui.ui import ages
from mailtui.ui.widgets.spans import Line, wrap

_BETWEEN = " · "
_LINE, _NAME, _GAP = 7, 16, 2


def known_by(account: Account) -> str:
    """Say how an account would be known; empty where that cannot be told yet."""
    return _BETWEEN.join(filter(None, (account.login, account.mail)))


def given(account: Account, rules: Allocation, *, is_brief: bool = False) -> str:
    """Say what an account would get, and by which rule; in brief without the units above its department."""
    told = (
        _("profile {name}").format(name=account.profile) if account.profile else _("no profile"),
        _room(account, rules),
        _("in {groups}").format(groups=", ".join(rules.groups.value)) if rules.groups else "",
        _("until {day}").format(day=ages.date(account.expires)) if account.expires else "",
        " › ".join(account.department_path[-1:] if is_brief else account.department_path),
    )
    return _BETWEEN.join(filter(None, told))


def _room(account: Account, rules: Allocation) -> str:
    """Say how much room an account would have, and which rule says so where it is not the profile's."""
    limit = UNLIMITED if account.quota.unlimited else account.quota.limit_bytes
    if limit is None:
        return _("the server's default room")
    size, rule = value_text(What.QUOTA, limit), rules.quota_bytes
    if rule is None or rule.value != limit:
        return _("{size} as told").format(size=size)
    return size if rule.said == _("profile") else f"{size} ({rule.rule})"


def against(sketch: Sketch) -> str:
    """Say what speaks against it, but for what was not said yet."""
    return " ".join(said(problem) for problem in sketch.problems if not problem.is_open)


def namesakes(sketch: Sketch) -> str:
    """Say who is called the same already: it may be the same person."""
    names = ", ".join(reference.dn for reference in sketch.namesakes)
    return _("Called the same: {names}").format(names=names) if names else ""


def said(problem: Problem) -> str:
    """Give a problem with what to do about it."""
    return " ".join(filter(None, (f"{problem.text}.", problem.hint)))


def proposed(sketch: Sketch) -> Mapping[str, str]:
    """Give what is proposed where nothing was answered, by the names of the questions."""
    account = sketch.account
    size = format_size(account.quota.limit_bytes) if account.quota.limit_bytes else ""
    values = {"name": account.name, "login": account.login, "address": account.mail, "profile": account.profile,
              "quota": size, "expires": ages.date(account.expires) if account.expires else ""}  # fmt: skip
    return {name: f"({value})" if value else "" for name, value in values.items()}


def of_lines(drafts: Sequence[Draft], problems: Sequence[Problem], cells: int) -> list[Line]:
    """Lay the lines of a table out: those that cannot be first, each with all that speaks against it."""
    by_line: dict[int, list[Problem]] = {}
    for problem in problems:
        by_line.setdefault(problem.newcomer.line, []).append(problem)
    lines = [line for number in sorted(by_line) for line in _bad(by_line[number], cells)]
    if lines and drafts:
        lines.append(())
    told = [
        (_head("✓", one.newcomer), known_by(one.account), given(one.account, one.allotted, is_brief=True))
        for one in drafts
    ]
    # All on one line each, or none: ragged lines cannot be read down.
    is_broad = all(width(clean("".join(texts))) + _GAP <= cells for texts in told)
    return [*lines, *(line for texts in told for line in _good(*texts, 0 if is_broad else cells))]


def _bad(problems: Sequence[Problem], cells: int) -> Iterator[Line]:
    head = _head("✗", problems[0].newcomer)
    for problem in problems:
        first, *rest = wrap(said(problem), max(20, cells - _LINE - _NAME - 1))
        yield ((head, "bad"), (first, ""))
        head = " " * (_LINE + _NAME + 1)
        yield from (((head, ""), (piece, "")) for piece in rest)


def _good(head: str, known: str, got: str, cells: int) -> Iterator[Line]:
    """Give the line of a newcomer, or the lines for so many cells; 0 where it fits."""
    if not cells:
        yield ((head, "good"), (known + " " * _GAP, ""), (got, "muted"))
        return
    yield ((head, "good"), (known, ""))
    indent = " " * width(head)
    yield from (((indent, ""), (piece, "muted")) for piece in wrap(got, max(20, cells - width(head))))


def _head(sign: str, newcomer: Newcomer) -> str:
    return fit(f"{sign} {newcomer.line}", _LINE) + fit(newcomer.said, _NAME) + " "
