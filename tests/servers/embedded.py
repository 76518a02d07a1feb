"""The embedded directory with chosen entries, behind the same interface as the real slapd."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mailtui.demo.address import BIND_DN, DemoAddress
from mailtui.demo.checks import structural_class
from mailtui.demo.hosting import Host, new_tree
from mailtui.demo.naming import name
from mailtui.demo.session import Session
from mailtui.demo.tree import Tree
from tests.servers.ldif import Record
from tests.servers.slapd import BASE_ENTRY


@contextmanager
def embedded(
    records: Iterable[Record] = (BASE_ENTRY,),
    *,
    size_limits: Mapping[str, int] | None = None,
    session: type[Session] = Session,
) -> Iterator[DemoAddress]:
    """Run an embedded directory that holds these entries, in threads of this process."""
    with tempfile.TemporaryDirectory(prefix="mailtui-embedded-") as folder:
        tree = new_tree()
        for dn, attributes in records:
            load(tree, dn, attributes)
        host = Host(tree, Path(folder), size_limits=size_limits, session=session)
        address = host.listen()
        with host.running():
            yield address


def load(tree: Tree, dn: str, attributes: Mapping[str, Iterable[str | bytes]]) -> None:
    """Put an entry into a tree as slapadd would: attributes that only servers write are taken as they are."""
    where = name(tree.schema, dn)
    raw = {
        attribute: tuple(value.encode() if isinstance(value, str) else value for value in values)
        for attribute, values in attributes.items()
    }
    raw["structuralObjectClass"] = (structural_class(tree.schema, where, raw).encode(),)
    tree.commit((), (tree.born(where, raw, BIND_DN),))
