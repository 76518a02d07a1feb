"""The requests of doveadm's HTTP API taken apart, and its answers written: as Dovecot 2.3 does it, errors included."""

import json
from typing import Any

from mailtui.demo.mailstore.commands import COMMANDS, FORBIDDEN
from mailtui.demo.mailstore.logins import Unclosed
from mailtui.demo.mailstore.office import Office
from mailtui.demo.mailstore.parameters import Failed, Parameters

_Asked = tuple[str, dict[str, Any], str]


class Unreadable(Exception):
    """A request is none; the message is what the client is told."""


def answers(office: Office, body: bytes) -> bytes:
    """Carry out the commands of a request, one after the other, and give the answers to all.

    Raises:
        Unreadable: It is no list of commands; nothing was carried out.
        Died: Over a command the process would have ended; those before it were carried out.
    """
    asked = _commands(body)
    text = ""
    with office.lock:
        for name, given, tag in asked:
            is_refused, item = _answer(office, name, given, tag)
            # A refusal that is not the first answer comes without its comma.
            text += item if is_refused or not text else f",{item}"
    return f"[{text}]".encode("utf-8", "replace")


def _commands(body: bytes) -> list[_Asked]:
    try:
        held = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("JSON parse error: Invalid data as value") from error
    if not isinstance(held, list):
        raise Unreadable("Request must be a JSON array")
    return [_command(one) for one in held]


def _command(held: Any) -> _Asked:
    if not isinstance(held, list):
        raise Unreadable("Command must be a JSON array")
    name, given, tag, *rest = [*held, None, None, None]
    if not isinstance(name, str):
        raise Unreadable("Command name must be a string")
    if not isinstance(given, dict):
        raise Unreadable("Command parameters must be a JSON object")
    if not isinstance(tag, str) or len(rest) != 3:
        raise Unreadable("Command ID must be a string")
    return name, given, tag


def _answer(office: Office, name: str, given: dict[str, Any], tag: str) -> tuple[bool, str]:
    """Give an answer, and whether it is a refusal to carry the command out."""
    form = COMMANDS.get(name)
    if form is None:
        return True, _error("unAuthorized" if name in FORBIDDEN else "unknownMethod", 0, tag)
    if not given.keys() <= form.parameters:
        return True, _error("invalidRequest", 0, tag)
    try:
        found = form.run(office, Parameters(given))
    except Failed as failed:
        return False, _error("exitCode", failed.status, tag)
    return False, f'["doveadmResponse",{_written(found)},{_json(tag)}]'


def _error(kind: str, status: int, tag: str) -> str:
    return f'["error",{{"type":"{kind}", "exitCode":{status}}},{_json(tag)}]'


def _written(found: object) -> str:
    if isinstance(found, Unclosed) and len(found) > 1:
        first, *others = map(_json, found)
        return ",".join([f"[{first}]", *others])
    return _json(found)


def _json(held: object) -> str:
    return json.dumps(held, ensure_ascii=False, separators=(",", ":"))
