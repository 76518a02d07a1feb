"""Which accounts a command is about: named one by one, or in a file; anything but exact stops it."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailtui.cli.context import notice
from mailtui.desk import Desk
from mailtui.errors import Refused, UsageError
from mailtui.queries.lists import ListMatch, Verdict, match, read_list
from mailtui.queries.listtext import MOST_BYTES
from mailtui.queries.mirror import Mirror
from mailtui.texts import _, clean, ngettext


class Unmatched(Refused):
    """Some of what was named is not exactly one account; `rows` says what and why."""

    code = "unmatched"

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        count = len(rows)
        super().__init__(
            ngettext("{n} row names no account exactly; nothing was changed",
                     "{n} rows name no account exactly; nothing was changed", count).format(n=count),
            hint=_("Correct them, or add --skip-unmatched to go on with the rest."),
        )  # fmt: skip
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Naming:
    """What a command was told about whom it is for: keys, and the contents of lists."""

    keys: tuple[str, ...]
    lists: tuple[bytes, ...]

    def resolve(self, desk: Desk) -> "Chosen":
        """Find out whom it means, by the mirror as it is now."""
        with closing(desk.mirror()) as mirror:
            ids, problems = _by_keys(mirror, self.keys)
            headings = []
            for data in self.lists:
                listed = match(mirror, read_list(data))
                ids += [row.account.id for row in listed.rows if row.account]
                problems += _problems(listed)
                headings += [listed.header] if listed.header else []
        return Chosen(tuple(dict.fromkeys(ids)), tuple(problems), tuple(headings))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The accounts that are meant, what is not exactly one account, and the lines that were taken for headings."""

    ids: tuple[str, ...]
    problems: tuple[dict[str, Any], ...]
    headings: tuple[str, ...]


def read_naming(keys: Sequence[str], files: Sequence[Path]) -> Naming:
    """Read the lists that were named.

    Raises:
        UsageError: Nothing was named, or a file cannot be read.
    """
    if not keys and not files:
        raise UsageError(_("No account was named"), hint=_("Name accounts, or a file with --from."))
    return Naming(tuple(keys), tuple(read_file(file) for file in files))


def accepted(chosen: Chosen, *, skip_unmatched: bool) -> list[str]:
    """Give the ids of the accounts to go on with; says what is left out, and what was taken for headings.

    Raises:
        Unmatched: Something is not exactly one account, and is not to be skipped.
        UsageError: The lists name nobody.
    """
    problems = list(chosen.problems)
    for heading in chosen.headings:
        notice(_("taken for headings: {line}").format(line=clean(heading)))
    if problems and not (skip_unmatched and chosen.ids):
        raise Unmatched(problems)
    if not chosen.ids:
        raise UsageError(_("The list names nobody"), hint=_("Check the file."))
    for row in problems:
        notice(_("left out: {row}").format(row=clean(row_text(row))))
    return list(chosen.ids)


def check_unmoved(before: Chosen, after: Chosen) -> None:
    """Refuse to go on where the directory, just read again, gives somebody else the address or number that was named.

    Raises:
        Refused: The mirror was out of date.
    """
    if set(before.ids) != set(after.ids):
        raise Refused(
            _("The mirror was out of date: what you named is now somebody else's, or nobody's; nothing was changed"),
            hint=_("Run `mailtui sync`, and look again."),
        )


def row_text(row: dict[str, Any]) -> str:
    """Say what became of one line of a list."""
    candidates = f" ({', '.join(row['candidates'])})" if row["candidates"] else ""
    return _("line {line}: {verdict}: {text}{candidates}").format(**{**row, "candidates": candidates})


def _by_keys(mirror: Mirror, keys: Sequence[str]) -> tuple[list[str], list[dict[str, Any]]]:
    ids, problems = [], []
    for number, key in enumerate(keys, 1):
        found = mirror.exact(key)
        if len(found) == 1:
            ids.append(found[0].id)
        else:
            verdict = Verdict.AMBIGUOUS if found else Verdict.UNKNOWN
            problems.append(
                {"line": number, "text": key, "verdict": verdict.value, "candidates": [a.login for a in found]}
            )
    return ids, problems


def _problems(listed: ListMatch) -> list[dict[str, Any]]:
    return [
        {"line": row.line, "text": row.text, "verdict": row.verdict.value,
         "candidates": [candidate.login for candidate in row.candidates]}
        for row in listed.rows if row.verdict is not Verdict.EXACT
    ]  # fmt: skip


def read_file(file: Path) -> bytes:
    """Give the content of a list; `-` is standard input.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        # One byte more than is accepted: enough to refuse it, whatever follows.
        if str(file) == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            _("Cannot read {file}: {reason}").format(file=file, reason=error.strerror), hint=_("Check the path.")
        ) from error
