"""The log-in and address proposed for somebody new, by the rules that hold for them."""

from collections.abc import Callable, Mapping

from mailtui.domain.allocation import Allocation
from mailtui.domain.naming import Proposal, propose
from mailtui.domain.policy import Policy


def propose_by(
    policy: Policy,
    allotted: Allocation,
    given: str,
    surname: str,
    domain: str,
    is_taken: Callable[[str], bool],
    readings: Mapping[str, str],
) -> Proposal:
    """Propose by the profile's patterns, else the policy's, at the department's domain, else the policy's first.

    `domain` is that of a site whose rules name none; for `is_taken` and `readings` see `naming`.

    Raises:
        UsageError: The name must be spelled in Latin letters by a person.
        Refused: Thousands of such log-ins are taken.
    """
    patterns = allotted.naming.value if allotted.naming else policy.naming
    ours = allotted.domain.value if allotted.domain else (*policy.domains, domain)[0]
    return propose(
        given, surname, patterns, ours, is_taken,
        reserved=policy.reserved_names, readings=readings, umlauts=policy.umlauts,
    )  # fmt: skip
