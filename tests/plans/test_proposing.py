"""A proposal follows the profile and the department of who is new, and else the policy."""

from mailtui.domain.allocation import Allocation, Allotted
from mailtui.domain.policy import Policy
from mailtui.plans.proposing import propose_by

POLICY = Policy(domains=("a.example", "b.example"), naming=("{surname}",), umlauts="a", reserved_names=("muller",))
INTERN = Allocation(
    naming=Allotted(("{g}{surname}",), "profile intern", "profile"),
    domain=Allotted("labs.example", "department Labs", "department Labs"),
)


def proposed(policy: Policy, allotted: Allocation) -> str:
    return propose_by(policy, allotted, "Änne", "Müller", "mirror.example", lambda _key: False, {}).address


def test_the_most_specific_rule_names_patterns_and_domain() -> None:
    assert proposed(POLICY, INTERN) == "amuller@labs.example"
    assert proposed(POLICY, Allocation()) == "muller2@a.example"
    assert proposed(Policy(), Allocation()) == "aenne.mueller@mirror.example"
