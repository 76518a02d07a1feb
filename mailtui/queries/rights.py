"""The groups that an operator is in, whose own entry the mirror need not hold."""

from mailtui.cache.rows import dn_key
from mailtui.domain.account import Reference
from mailtui.queries.mirror import Mirror

_MEMBER_OF = (
    "SELECT g.id, g.name, g.dn FROM membership m JOIN directory_group g ON g.row = m.group_row"
    " WHERE m.dn_key = :member AND m.role = 'member' ORDER BY g.row"
)


def groups_with(mirror: Mirror, dn: str) -> tuple[Reference, ...]:
    """Give the groups that a DN is a member of by its own name."""
    found = mirror.ask(_MEMBER_OF, {"member": dn_key(dn)})
    return tuple(Reference(row["id"], row["name"], row["dn"]) for row in found)
