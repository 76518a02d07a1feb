"""The main block of a mail: the entries its sender lists, as against whoever else it names.

Where some entries are bulleted or numbered, they are the list. Else it is the first run of entry lines below the
introduction: it ends at a line that is none, at the first line that names nobody, and at a blank line. Where a closing
follows, entries that are all set apart by as many blank lines are one run.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from mailtui.queries.doubts import casts_doubt, negates
from mailtui.queries.mailtext import Entry, Place, is_sentence

Said = tuple[Entry, bool]
"""An entry, and whether it counts as one of a list: it names somebody, or is marked as an item."""


def headings_of_main_block(said: Sequence[Said]) -> Mapping[int, tuple[str, ...]]:
    """Give the lines of the main block, each with the headings that decide whether those below them are meant."""
    body = [each for each in said if each[0].place is Place.BODY]
    lists = [entry for entry, counts in body if counts and not entry.is_talk]
    if not lists:
        return {}
    marked = [entry for entry in lists if entry.is_marked]
    block = marked or _run(body)
    lines = {entry.line for entry in block}
    revoked = _revoked(body, lines)
    headings = _headings(body, lines)
    return {line: headings[line] for line in lines if line not in revoked}


def _run(body: Sequence[Said]) -> list[Entry]:
    lines = _by_line(body)
    greeted = next((place for place, (entry, _counts) in enumerate(lines) if entry.is_greeting), -1)
    lines = lines[greeted + 1 :]
    starts = [place for place, each in enumerate(lines) if _is_item(each)]
    if not starts or _is_addressed(lines, starts[0]):
        return []
    run = [lines[starts[0]][0]]
    after: Entry | None = None
    for each in lines[starts[0] + 1 :]:
        if not _is_item(each):
            after = each[0]
            break
        run.append(each[0])
    return _together(run, is_closed=after is not None and after.is_closing and not after.text.startswith("--"))


def _by_line(body: Sequence[Said]) -> list[Said]:
    return list({entry.line: (entry, counts) for entry, counts in body}.values())


def _is_item(said: Said) -> bool:
    entry, counts = said
    return counts and not entry.is_talk


def _is_addressed(lines: Sequence[Said], start: int) -> bool:
    """Tell whether what the first run names may be whom the mail is written to: an introduction follows it."""
    is_introduced = start > 0
    later = [place for place in range(start + 1, len(lines)) if not _is_item(lines[place])]
    return not is_introduced and any(
        _introduces(lines[place][0]) and any(map(_is_item, lines[place + 1 :])) for place in later
    )


def _introduces(entry: Entry) -> bool:
    return _is_label(entry) or is_sentence(entry.text)


def _together(run: Sequence[Entry], *, is_closed: bool) -> list[Entry]:
    gaps = [right.line - left.line for left, right in pairwise(run)]
    first = gaps[0] if gaps and is_closed else 1
    apart = next((place for place, gap in enumerate(gaps) if gap != first), len(gaps))
    kept = list(run[: apart + 1])
    if not is_closed and len(kept) > 1 and "|" in kept[-1].text and "|" not in kept[0].text:
        return kept[:-1]
    return kept


def _revoked(body: Sequence[Said], block: set[int]) -> set[int]:
    """Give the lines right below which another denies them."""
    return {
        entry.line - 1
        for entry, _counts in body
        if entry.line not in block and entry.line - 1 in block and not _is_label(entry) and negates(entry.text)
    }


def _headings(body: Sequence[Said], block: set[int]) -> dict[int, tuple[str, ...]]:
    """Give what stands above each line of the block: of the introduction what denies, within the block any heading."""
    found: dict[int, tuple[str, ...]] = {}
    headings: tuple[str, ...] = ()
    before = 0
    for entry, _counts in _by_line(body):
        if entry.line in block:
            found[entry.line] = headings
        elif (found and _is_heading(entry, is_apart=entry.line > before + 1)) or (not found and _denies(entry)):
            headings = (*headings, entry.text)
        before = entry.line
    return found


def _denies(entry: Entry) -> bool:
    is_short = len(entry.text.split()) <= 4 and not is_sentence(entry.text.rstrip(":： "))
    return not entry.is_greeting and (casts_doubt(entry.text) if is_short else negates(entry.text))


def _is_label(entry: Entry) -> bool:
    return entry.text.endswith((":", "："))


def _is_heading(entry: Entry, *, is_apart: bool) -> bool:
    return is_apart or _is_label(entry) or casts_doubt(entry.text)
