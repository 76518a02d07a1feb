"""Which accounts a command is about: named one by one, or in a file; anything but exact stops it."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from mailtui.desk import Desk
from mailtui.errors import Refused, UsageError
from mailtui.queries.lists import ListMatch, Verdict, match, read_list
from mailtui.queries.mirror import Mirror
from mailtui.texts import _, ngettext


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


def chosen_accounts(desk: Desk, keys: Sequence[str], file: Path | None, *, skip_unmatched: bool) -> list[str]:
    """Give the ids of the accounts that were named, each once, in order.

    Raises:
        Unmatched: Something is not exactly one account, and is not to be skipped.
        UsageError: Nothing was named, or the file cannot be read.
    """
    if not keys and file is None:
        raise UsageError(_("no account was named"), hint=_("Name accounts, or a file with --from."))
    with closing(desk.mirror()) as mirror:
        ids, problems = _by_keys(mirror, keys)
        if file is not None:
            listed = match(mirror, read_list(_read(file)))
            ids += [row.account.id for row in listed.rows if row.verdict is Verdict.EXACT and row.account]
            problems += _problems(listed)
    if problems and not skip_unmatched:
        raise Unmatched(problems)
    if not ids:
        raise Unmatched(problems) if problems else UsageError(_("the list names nobody"), hint=_("Check the file."))
    return list(dict.fromkeys(ids))


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


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(
            _("cannot read {file}: {reason}").format(file=file, reason=error.strerror), hint=_("Check the path.")
        ) from error
