"""The rules of `policy.protected`, taken apart."""

import pytest

from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.errors import UsageError


@pytest.mark.parametrize(
    ("text", "kind", "value", "said"),
    [
        ("profile:executive", RuleKind.PROFILE, "executive", "executive"),
        ("Profile: two words", RuleKind.PROFILE, "two words", "two words"),
        ("group:board", RuleKind.GROUP, "board", "group board"),
        ("group:Supervisory  Board", RuleKind.GROUP, "Supervisory Board", "group Supervisory Board"),
        ('group:"Team: A > B"', RuleKind.GROUP, "Team: A > B", "group Team: A > B"),
        ("group:cn=board,dc=x", RuleKind.GROUP, "cn=board,dc=x", "group cn=board,dc=x"),
        ("-group:staff", RuleKind.SEARCH, "-group:staff", "-group:staff"),
        ("dept:Board is:active", RuleKind.SEARCH, "dept:Board is:active", "dept:Board is:active"),
        ("dept:Board group:staff", RuleKind.SEARCH, "dept:Board group:staff", "dept:Board group:staff"),
        ("ceo@example.com", RuleKind.SEARCH, "ceo@example.com", "ceo@example.com"),
    ],
)
def test_a_rule_goes_by_profile_group_or_search_words(text: str, kind: RuleKind, value: str, said: str) -> None:
    rule = parse_rule(text)
    assert (rule.kind, rule.value, rule.said) == (kind, value, said)


def test_a_group_is_named_by_its_dn_or_its_name() -> None:
    assert parse_rule("group:cn=board,ou=groups,dc=x").is_dn
    assert not parse_rule('group:"a=b"').is_dn
    assert not parse_rule("cn board").is_dn


@pytest.mark.parametrize(
    "text", ["", "  ", "*", "-", "profile:", 'group:""', "group:a is:active", "dept:", "dpt:a", "quota>much", "is:x"]
)
def test_what_could_never_protect_anybody_is_no_rule(text: str) -> None:
    with pytest.raises(UsageError) as failure:
        parse_rule(text)
    assert failure.value.hint
