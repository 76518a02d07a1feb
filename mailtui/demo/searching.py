"""Searches and compares: entries gathered while the tree is locked, then looked at in peace."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mailtui.demo import special
from mailtui.demo.controls import Asked, Page
from mailtui.demo.entries import SUBSCHEMA, Entry, Identity, Sight
from mailtui.demo.filters import Filter, Undefined, candidates, equality, want
from mailtui.demo.naming import Name, is_below
from mailtui.demo.questions import read_filter
from mailtui.demo.requests import Compare, Search
from mailtui.demo.results import Code, Refusal, Result
from mailtui.demo.selection import Selection
from mailtui.demo.tree import Tree
from mailtui.demo.writing import find, parse

BASE_OBJECT, ONE_LEVEL, SUBTREE = 0, 1, 2


@dataclass(slots=True)
class Paging:
    """The paged search that a connection is in: what is left of it, how much it has given, and its cookie."""

    cookie: bytes = b""
    left: Sequence[Entry] = ()
    given: int = 0


@dataclass(slots=True)
class Found:
    """What a search found: entries as messages' bodies, and how it ends once all were taken."""

    bodies: Iterator[bytes] = field(default_factory=lambda: iter(()))
    result: Result = field(default_factory=Result)


def search(tree: Tree, who: Identity, request: Search, asked: Asked, paging: Paging, limit: int | None) -> Found:
    """Search; `limit` is how many entries the server gives this identity in one search, paged or not.

    Raises:
        Refusal: The base is not there, or the cookie is not of this connection's search.
    """
    base = parse(tree.schema, request.base)
    question = read_filter(tree.schema, request.filter)
    page = asked.page
    if page and page.cookie:
        matching = _continued(tree, paging, page)
    else:
        matching = _matching(tree, who, base, request.scope, question, asked)
        paging.given = 0
    wanted = Selection(tree.schema, request.attributes, types_only=request.types_only)
    room = min((size for size in (request.size_limit, limit) if size), default=len(matching) + paging.given)
    shown, result = _cut(matching, page, paging, room)
    return Found((wanted.entry(Sight(entry, who, tree.virtual)) for entry in shown), result)


def _continued(tree: Tree, paging: Paging, page: Page) -> Sequence[Entry]:
    if not paging.cookie or len(page.cookie) != len(paging.cookie):
        raise Refusal(Code.PROTOCOL_ERROR, "paged results cookie is invalid")
    if page.cookie != paging.cookie:
        raise Refusal(Code.UNWILLING_TO_PERFORM, "paged results cookie is invalid or old")
    # What was deleted since the first page must not show; what was changed shows as it is now.
    return [fresh for entry in paging.left if (fresh := tree.get(entry.name.key))]


def _cut(matching: Sequence[Entry], page: Page | None, paging: Paging, room: int) -> tuple[Sequence[Entry], Result]:
    """Give what of the matching entries goes out now, and how the answer ends."""
    room -= paging.given if page else 0
    count = min(len(matching), page.size) if page else len(matching)
    if count > room:
        return matching[: max(room, 0)], Result(Code.SIZE_LIMIT_EXCEEDED)
    if page is None:
        return matching, Result()
    paging.left, paging.given = matching[count:], paging.given + count
    paging.cookie = secrets.token_bytes(8) if paging.left else b""
    return matching[:count], Result(controls=(page.answer(paging.cookie),))


def _matching(tree: Tree, who: Identity, base: Name, scope: int, question: Filter, asked: Asked) -> Sequence[Entry]:
    entries = _gather(tree, who, base, scope, question, asked)
    return [entry for entry in entries if question(Sight(entry, who, tree.virtual)) is True]


def _gather(tree: Tree, who: Identity, base: Name, scope: int, question: Filter, asked: Asked) -> Sequence[Entry]:
    if scope == BASE_OBJECT and base.key in {"", SUBSCHEMA.lower()}:
        return [special.root_dse(tree) if not base.keys else special.subschema(tree.schema)]
    with tree.lock:
        entry = find(tree, base)
        asked.check(Sight(entry, who, tree.virtual))
        if scope == BASE_OBJECT:
            return [entry]
        keys = candidates(question, tree)
        if keys is None:
            return tree.children(base.key) if scope == ONE_LEVEL else tree.subtree(base.key)
        found = [one for key in keys if (one := tree.get(key)) and _is_within(one.name, base, scope)]
    return sorted(found, key=lambda one: one.serial)


def _is_within(name: Name, base: Name, scope: int) -> bool:
    return name.above == base.key if scope == ONE_LEVEL else is_below(name.key, base.key)


def compare(tree: Tree, who: Identity, request: Compare, asked: Asked) -> Result:
    """Tell whether an entry has a value.

    Raises:
        Refusal: There is no such entry or attribute, or it may not be read.
    """
    kind, wanted = tree.schema.attribute(request.description), want(tree.schema, request.description)
    if kind is None or wanted is None:
        raise Refusal(Code.UNDEFINED_ATTRIBUTE_TYPE)
    if not kind.equality:
        raise Refusal(Code.INAPPROPRIATE_MATCHING, "inappropriate matching request")
    question = equality(tree.schema, request.description, request.value)
    if isinstance(question, Undefined):
        raise Refusal(Code.INVALID_ATTRIBUTE_SYNTAX, "value does not conform to assertion syntax")
    with tree.lock:
        entry = find(tree, parse(tree.schema, request.dn))
        sight = Sight(entry, who, tree.virtual)
        asked.check(sight)
    if not who.may_read(kind.name):
        raise Refusal(Code.INSUFFICIENT_ACCESS_RIGHTS)
    if not sight.values(wanted):
        raise Refusal(Code.NO_SUCH_ATTRIBUTE)
    return Result(Code.COMPARE_TRUE if question(sight) else Code.COMPARE_FALSE)
