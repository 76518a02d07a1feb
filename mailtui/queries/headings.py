"""What the columns of a list are called, and what they then hold."""

from collections.abc import Sequence
from enum import IntEnum

from mailtui.cache.folding import apart, fold, words


class Role(IntEnum):
    """What a cell names an account by, strongest first; surname and given name make a name together."""

    ADDRESS = 1
    LOGIN = 2
    NUMBER = 3
    NAME = 4
    GIVEN = 5
    SURNAME = 6


_HEADINGS = {
    Role.ADDRESS: "email mail address emailaddress mailaddress emails mailbox"
    " 邮箱 邮件 电子邮箱 电子邮件 邮箱地址 邮件地址",
    Role.LOGIN: "login loginname logon user uid userid username account accountname 登录名 登录 账号 帐号 账户 用户名",
    Role.NUMBER: "staffno staffnumber staffid employeenumber employeeno employeeid empid empno personnelnumber"
    " personnelno personalnummer 工号 员工号 员工编号 人员编号",
    Role.NAME: "name fullname displayname employeename 姓名 名字 员工姓名",
    Role.GIVEN: "firstname givenname forename vorname",
    Role.SURNAME: "lastname surname familyname nachname",
}
_ROLES = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split()}


def role_of(heading: str) -> Role | None:
    """Give what a column holds by its heading, whatever its case, blanks and signs; None for a heading not known."""
    return _ROLES.get("".join(words(apart(fold(heading)))))


def roles_of(cells: Sequence[str]) -> tuple[Role | None, ...]:
    """Give the roles of a row of headings."""
    return tuple(map(role_of, cells))
