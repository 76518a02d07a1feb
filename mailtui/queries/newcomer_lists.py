"""Newcomers named by a table: one a line, its columns by their headings, whatever its encoding and separator."""

import re
from collections.abc import Sequence

from mailtui.cache.folding import apart, fold, words
from mailtui.domain.account import Kind
from mailtui.domain.newcomer import Newcomer
from mailtui.errors import UsageError
from mailtui.queries.listtext import MOST_LINES, decode
from mailtui.queries.records import ListRow, Records, records
from mailtui.texts import _

_HEADINGS = {
    "given": "given givenname firstname forename vorname 名",
    "surname": "surname lastname familyname sn nachname 姓 姓氏",
    "name": "name fullname displayname employeename 姓名 名字 员工姓名",
    "title": "title jobtitle position role 职位 职务 岗位",
    "department": "department dept unit orgunit ou abteilung 部门 单位",
    "employee_number": "employeenumber employeeno employeeid empid empno staffno staffnumber staffid personalnummer"
    " 工号 员工号 员工编号",
    "phone": "phone telephone telephonenumber tel telefon 电话 电话号码 手机",
    "manager": "manager boss supervisor vorgesetzter 经理 上级 主管",
    "login": "login loginname logon uid userid username account 登录名 账号 帐号 用户名",
    "address": "mail email address emailaddress mailaddress 邮箱 邮件 电子邮箱 邮箱地址",
    "profile": "profile 配置",
    "quota": "quota 配额 容量",
    "expires": "expires expiry until enddate 到期 截止",
    "owner": "owner 负责人",
    "kind": "kind 账号类型",
    "seats": "seats seat 成员 席位",
}
_COLUMNS = {heading: column for column, headings in _HEADINGS.items() for heading in headings.split()}
_NAMING = {"given", "surname", "name"}
_KINDS = {kind.value: kind for kind in Kind} | {"人员": Kind.PERSON, "共享": Kind.SHARED, "服务": Kind.SERVICE}
_SEPARATORS = (",", ";", "\t")
_BETWEEN = re.compile(r"[,;\s]+")


def read_newcomers(data: bytes, kind: Kind = Kind.PERSON) -> list[Newcomer]:
    """Give the newcomers of a table, of a kind where it tells none.

    Raises:
        UsageError: It is no table with a heading for names, one column stands in it twice, a kind is none, or its
            quotes do not tell where a row ends.
    """
    text = decode(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    tables = [records(text, separator) for separator in _SEPARATORS]
    table = max(tables, key=_known)
    columns = _columns(table)
    if not _NAMING & set(columns):
        raise UsageError(
            _("The first line of the list names no column of names"),
            hint=_(
                "Its headings are such as: given, surname, department, title, employee number; or 姓名, 部门, 工号."
            ),
        )
    doubled = sorted({column for column in columns if column and columns.count(column) > 1})
    if doubled:
        raise UsageError(_("Two columns of the list hold the same: {columns}").format(columns=", ".join(doubled)))
    rows = table.whole()[1:]
    if len(rows) > MOST_LINES:
        raise UsageError(_("The list is too long: at most {lines} lines at once").format(lines=MOST_LINES))
    return [_newcomer(row, columns, kind) for row in rows]


def _columns(table: Records) -> list[str]:
    cells: Sequence[str] = table.rows[0].cells if table.rows else ()
    return [_COLUMNS.get("".join(words(apart(fold(cell)))), "") for cell in cells]


def _known(table: Records) -> int:
    return sum(map(bool, _columns(table)))


def _newcomer(row: ListRow, columns: Sequence[str], kind: Kind) -> Newcomer:
    cells = {column: cell.strip() for column, cell in zip(columns, row.cells, strict=False) if column}
    told, seats = cells.pop("kind", ""), _BETWEEN.split(cells.pop("seats", ""))
    if told and told.casefold() not in _KINDS:
        raise UsageError(
            _("Line {line}: “{kind}” is no kind").format(line=row.line, kind=told),
            hint=_("It is one of: {known}").format(known=", ".join(Kind)),
        )
    given = _KINDS[told.casefold()] if told else kind
    return Newcomer(line=row.line, kind=given, seats=tuple(filter(None, seats)), **cells)
