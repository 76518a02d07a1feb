"""How kinds of directories spell accounts: one TOML file a kind, read into a Schema."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from mailtui.domain.account import Delivery, Kind, Standing
from mailtui.domain.group import Posting
from mailtui.domain.rules import Rule
from mailtui.domain.schema import (
    AccountSchema,
    GroupSchema,
    KindRule,
    PostingValue,
    Schema,
    StatusValue,
    UnitSchema,
)
from mailtui.errors import ConfigError
from mailtui.texts import _

Table = Mapping[str, Any]
Made = TypeVar("Made")


def load_schema(name: str) -> Schema:
    """Give a built-in schema by its name, or one of the site's own by the path to its TOML file.

    Raises:
        ConfigError: There is none of that name, or the file is not as it must be.
    """
    try:
        return _schema(_table(name))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            _("The schema {name} cannot be used: {reason}").format(name=name, reason=error),
            hint=_("Compare it with a built-in one: {names}.").format(names=", ".join(built_in())),
        ) from error


def built_in() -> tuple[str, ...]:
    """Name the schemas that are shipped."""
    found = (Path(file.name) for file in files(__name__).iterdir())
    return tuple(sorted(path.stem for path in found if path.suffix == ".toml"))


def _table(name: str) -> dict[str, Any]:
    source = files(__name__) / f"{name}.toml" if name in built_in() else Path(name).expanduser()
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            _("There is no schema “{name}”").format(name=name),
            hint=_("Known here: {names}; or give the path to a TOML file.").format(names=", ".join(built_in())),
        ) from error
    parent = table.pop("extends", None)
    return _over(_table(parent), table) if parent else table


def _over(below: dict[str, Any], above: Table) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        held = merged.get(key)
        merged[key] = _over(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return merged


def _schema(table: dict[str, Any]) -> Schema:
    account = dict(table["account"])
    statuses = tuple(_status(status) for status in account.pop("statuses", [{"value": "active", "standing": "active"}]))
    kinds = tuple(rule for kind in account.pop("kind", []) for rule in _kind_rules(kind))
    forever = tuple(account.pop("lock_forever", []))
    group = dict(table["group"])
    postings = tuple(PostingValue(one["value"], Posting(one["to"])) for one in group.pop("postings", []))
    return Schema(
        name=table["name"],
        id=table["id"],
        account=AccountSchema(**_frozen(account), kinds=kinds),
        group=GroupSchema(**_frozen(group), postings=postings),
        unit=UnitSchema(**_frozen(table["unit"])),
        statuses=statuses,
        lock_forever=forever,
        rules={attribute.lower(): Rule(rule) for attribute, rule in table.get("rules", {}).items()},
    )


def _frozen(table: Table) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _status(table: Table) -> StatusValue:
    delivery = Delivery(table["delivery"]) if "delivery" in table else None
    return StatusValue(table["value"], Standing(table["standing"]), delivery, final=bool(table.get("final")))


def _kind_rules(table: Table) -> list[KindRule]:
    kind = Kind(table["kind"])
    if "below" in table:
        return [KindRule(kind, below=name.casefold()) for name in table["below"]]
    return [KindRule(kind, attribute=table["attribute"], value=table["value"].casefold())]
