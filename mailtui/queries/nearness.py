"""Names that are near a written one: misspelt, in another order, without its marks, or in other letters."""

from collections.abc import Iterator
from itertools import combinations

from mailtui.cache.folding import fold, han_runs, romanised, spelled_out, words
from mailtui.queries.mirror import Mirror

_LEAST_LIKE = 86.0
_MOST = 12
_CANDIDATES = 3000
_WORDS = 4
_FIND = """
    SELECT row, sort_key FROM account WHERE row IN (SELECT rowid FROM search WHERE search MATCH :match LIMIT :most)
"""


def near_names(mirror: Mirror, name: str) -> list[int]:
    """Give the row ids of accounts whose name may be meant by another spelling, the nearest first."""
    from rapidfuzz import fuzz

    scores: dict[int, float] = {}
    for written in _spellings(name):
        match = _match(written)
        if match is None:
            continue
        for row in mirror.ask(_FIND, {"match": match, "most": _CANDIDATES}):
            held = " ".join(words(row["sort_key"]))
            score = max(
                fuzz.token_sort_ratio(written, held),
                fuzz.ratio(written.replace(" ", ""), held.replace(" ", "")),
                95.0 if _is_part(written, held) else 0.0,
            )
            scores[row["row"]] = max(score, scores.get(row["row"], 0.0))
    near = [(score, row) for row, score in scores.items() if score >= _LEAST_LIKE]
    return [row for _score, row in sorted(near, key=lambda pair: (-pair[0], pair[1]))[:_MOST]]


def _spellings(name: str) -> set[str]:
    folded = fold(name)
    if han_runs(folded):
        from mailtui.cache.keys import sort_key

        return {" ".join(words(sort_key(name)))}
    return {" ".join(words(text)) for text in (romanised(folded), spelled_out(name))}


def _is_part(left: str, right: str) -> bool:
    """Tell whether all words of the shorter name, two at least, are in the longer one."""
    shorter, longer = sorted((set(left.split()), set(right.split())), key=len)
    return len(shorter) > 1 and shorter <= longer


def _match(written: str) -> str | None:
    """Give the FTS5 expression for those who may be near: two words that begin alike, or one equal and one alike.

    What a single word may stand for is a whole name without blanks.
    """
    found = written.split()[:_WORDS]
    if len(found) == 1:
        return f'"{found[0][:3]}" *' if len(found[0]) > 3 else None
    return " OR ".join(_pairs(found)) or None


def _pairs(found: list[str]) -> Iterator[str]:
    for left, right in combinations(found, 2):
        yield f'("{left[:2]}" * AND "{right[:2]}" *)'
        yield f'("{left}" AND "{right[:1]}" *)'
        yield f'("{right}" AND "{left[:1]}" *)'
