"""The welcome text that goes with a new account: a template whose fields stand in braces, and nothing else."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from mailtui.errors import UsageError
from mailtui.texts import _

FIELDS = ("name", "login", "address", "password", "department", "title")
"""What a template may hold in braces."""
_FIELD = re.compile(r"\{([^{}\n]*)\}")

ENGLISH = """\
Dear {name},

welcome! Your mailbox is ready.

    Address:   {address}
    Log-in:    {login}
    Password:  {password}

Please log in soon, choose a password of your own, and tell it to nobody.
"""
CHINESE = """\
{name}，您好！

欢迎加入。您的邮箱已经开通：

    邮箱地址：{address}
    登录名：  {login}
    初始密码：{password}

请尽快登录并设置您自己的密码，不要告诉任何人。
"""


def checked(template: str) -> str:
    """Give a template all of whose fields are known.

    Raises:
        UsageError: It holds one that is not.
    """
    for field in _FIELD.findall(template):
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, 1)
            known = ", ".join(f"{{{name}}}" for name in near or FIELDS)
            raise UsageError(
                _("The welcome text holds {field}, which nothing is known of").format(field=f"{{{field}}}"),
                hint=_("Known are: {names}").format(names=known),
            )
    return template


def filled(template: str, values: Mapping[str, str]) -> str:
    """Give the text for one account; what is not known of it is left empty."""
    return _FIELD.sub(lambda found: values.get(found[1], ""), template)


def default_for(language: str) -> str:
    """Give the template for a locale such as `zh_CN.UTF-8`."""
    return CHINESE if language.casefold().startswith("zh") else ENGLISH
