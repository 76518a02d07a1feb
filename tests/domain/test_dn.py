"""DNs taken apart, put together and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.domain import dn


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("Smith, John", "Smith\\, John"),
        ("#1", "\\#1"),
        (" a ", "\\ a\\ "),
        (" ", "\\ "),
        ("", ""),
        ("a+b=c", "a\\+b\\=c"),
        ('say "hi"', 'say \\"hi\\"'),
        ("back\\slash", "back\\\\slash"),
        ("nul\0", "nul\\00"),
        ("<x>;", "\\<x\\>\\;"),
        ("张伟", "张伟"),
    ],
)
def test_values_are_escaped_as_rfc_4514_says(value: str, escaped: str) -> None:
    assert dn.escape(value) == escaped
    assert dn.parse(dn.join("cn", value, "dc=x")) == ((("cn", value),), (("dc", "x"),))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_what_is_joined_can_be_taken_apart(value: str) -> None:
    joined = dn.join("ou", value, "dc=example,dc=com")
    assert dn.parse(joined)[0] == (("ou", value),)
    assert dn.parent(joined) == "dc=example,dc=com"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ou=Research\\, Development,dc=x", "OU=research\\2C development, DC=X"),
        ('ou="Research, Development",dc=x', "ou=Research\\, Development,dc=x"),
        ("cn=a + sn=b,dc=x", "SN=b+CN=a,dc=x"),
        ("cn=Caf\\C3\\A9,dc=x", "cn=café,dc=x"),
        ("cn=a  b,dc=x", "cn=A b,dc=x"),
        ("cn=a;dc=x", "cn=a,dc=x"),
    ],
)
def test_spellings_of_one_dn_are_equal(left: str, right: str) -> None:
    assert dn.key(left) == dn.key(right)


def test_different_dns_are_not_equal() -> None:
    assert dn.key("cn=a\\,b,dc=x") != dn.key("cn=a,b=,dc=x")


def test_below_is_told_by_whole_names() -> None:
    assert dn.is_below("uid=a,OU=People,dc=x", "ou=people,dc=x")
    assert dn.is_below("ou=people,dc=x", "ou=people,dc=x")
    assert not dn.is_below("uid=a,ou=morepeople,dc=x", "ou=people,dc=x")
    assert dn.is_below("uid=a", "")


def test_units_are_named_from_the_base_down() -> None:
    assert dn.units("uid=a,ou=Lab\\, West,ou=Research,ou=people,dc=x", "dc=x") == ("people", "Research", "Lab, West")
    assert dn.units("uid=a,dc=x", "dc=x") == ()


def test_what_is_no_dn_is_refused_and_is_its_own_key() -> None:
    with pytest.raises(ValueError, match="no attribute"):
        dn.parse("no dn")
    assert dn.key("No DN") == "no dn"


@pytest.mark.parametrize(
    ("name", "old", "new", "there"),
    [
        ("uid=a,ou=x,dc=z", "ou=x,dc=z", "ou=y,dc=z", "uid=a,ou=y,dc=z"),
        ("ou=x,dc=z", "OU=X, dc=z", "ou=y,dc=z", "ou=y,dc=z"),
        (r"uid=a\,b+cn=c\ ,ou=x\2C y,dc=z", r"ou=x\, y,dc=z", "dc=z", r"uid=a\,b+cn=c\ ,dc=z"),
    ],
)
def test_what_is_below_a_dn_goes_where_it_goes(name: str, old: str, new: str, there: str) -> None:
    assert dn.moved(name, old, new) == there


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("ou=x,dc=z", "y, z", ("x", r"ou=y\, z,dc=z")),
        (r"l=Berlin + OU=a\+b,dc=z", "#n ", ("a+b", r"l=Berlin +OU=\#n\ ,dc=z")),
        ("cn=x,dc=z", "y", ("", "")),
        ("2.5.4.11=x", "y", ("x", "2.5.4.11=y")),
    ],
)
def test_a_naming_value_is_replaced_by_another(name: str, value: str, found: tuple[str, str]) -> None:
    assert dn.renamed(name, dn.UNIT_NAMES, value) == found
