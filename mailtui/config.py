"""The site's config file and the user's, read into checked values; unknown keys and wrong types are refused."""

import difflib
import os
import pwd
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from mailtui.domain import dn
from mailtui.domain.policy import Policy, Profile
from mailtui.domain.protection import RuleKind, parse_rule
from mailtui.domain.quota import parse_size
from mailtui.errors import ConfigError, UsageError
from mailtui.texts import _

Table = Mapping[str, Any]
Section = TypeVar("Section")

_SITES_OWN = ("policy", "directory", "mailstore", "profiles", "operators")


@dataclass(frozen=True, slots=True)
class SyncConfig:
    """`[directory.sync]`: who reads the mirror, where that is not the operator."""

    bind: str = "simple"
    """`simple` (a DN and a password), `external` (a certificate or the socket's peer) or `anonymous`."""
    bind_dn: str = ""
    password_command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryConfig:
    """`[directory]`: where it is, who we are there, and how it spells things."""

    urls: tuple[str, ...]
    """Tried in order: `ldaps://host`, `ldap://host:389`, `ldapi://%2Frun%2Fslapd%2Fldapi`."""
    base: str
    """The DN below which everything is."""
    bind: str = "simple"
    """`simple`, `external` or `anonymous`."""
    bind_dn: str = ""
    """The operator's DN; `{user}` stands for the name of the OS user."""
    password_command: tuple[str, ...] = ()
    """A command (no shell) whose first line of output is the password."""
    schema: str = "mailuser"
    """A built-in name, or a path to a TOML file."""
    start_tls: bool = False
    ca_file: Path | None = None
    """Certificates to trust, in place of the system's."""
    certificate_file: Path | None = None
    key_file: Path | None = None
    """The client's certificate and key, for `bind = "external"` over TLS."""
    allow_cleartext: bool = False
    """Permit plain ldap:// to another machine: passwords then cross the network readable."""
    sync: SyncConfig | None = None


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """`[cache]`: where the mirror is kept."""

    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that was configured.

    `directory` is None where nothing is yet; `overruled` names the user's keys that the site has set otherwise.
    """

    directory: DirectoryConfig | None = None
    policy: Policy = field(default_factory=Policy)
    cache: CacheConfig = field(default_factory=CacheConfig)
    keys: Mapping[str, str] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()

    def required_directory(self) -> DirectoryConfig:
        """Give the directory's config.

        Raises:
            ConfigError: There is none.
        """
        if self.directory is None:
            raise ConfigError(
                _("No directory is configured"),
                hint=_("Try `mailtui demo`, or write a config file: `mailtui` prints one to start from."),
            )
        return self.directory


def load(user: Path | None, site: Path, *, user_required: bool = False) -> Config:
    """Read the site's file and then the user's; what the site sets in its own sections stands.

    Raises:
        ConfigError: A file cannot be read, is no TOML, or has a key or value that cannot be taken.
    """
    site_table, user_table = _read(site), _read(user, required=user_required) if user else {}
    if site_table:
        # By itself: what the site protects must not hang on a profile that a user could write.
        _check_profiles_named(_checked(site_table, f"{site}"), f"{site}")
    if user_table:
        _checked(user_table, f"{user}")
    merged, overruled = _merge(site_table, user_table)
    source = f"{user if user_table else site}"
    config = _config(merged, source, tuple(overruled))
    _check_profiles_named(config, source)
    return config


def _read(path: Path, *, required: bool = False) -> Table:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        if required:
            raise ConfigError(
                _("There is no config file {path}").format(path=path), hint=_("Check the path.")
            ) from None
        return {}
    except OSError as error:
        raise ConfigError(
            _("Cannot read the config file {path}: {reason}").format(path=path, reason=error.strerror),
            hint=_("Check its permissions."),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            _("The config file {path} is no valid TOML: {reason}").format(path=path, reason=error),
            hint=_("Mend the line it names."),
        ) from error


def _merge(site: Table, user: Table) -> tuple[dict[str, Any], list[str]]:
    merged: dict[str, Any] = {**user, **{k: v for k, v in site.items() if k not in user or k in _SITES_OWN}}
    overruled = []
    for section in _SITES_OWN:
        ours, theirs = site.get(section), user.get(section)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            merged[section] = {**theirs, **ours}
            overruled += [f"{section}.{key}" for key in theirs if key in ours and theirs[key] != ours[key]]
        elif ours is not None and theirs is not None:
            overruled.append(section)
    return merged, overruled


def _checked(table: Table, source: str) -> Config:
    """Refuse what is wrong in one file by itself, so that the message names the right file."""
    _known(table, {"directory", "policy", "cache", "keys", "profiles"}, source, "")
    return _config(table, source, (), partial=True)


def _config(table: Table, source: str, overruled: tuple[str, ...], *, partial: bool = False) -> Config:
    policy = _section(Policy, table.get("policy", {}), source, "policy", skip={"profiles"}, partial=True)
    if partial and "directory" in table:
        _section(DirectoryConfig, table["directory"], source, "directory", partial=True)
        directory = None
    else:
        directory = _directory(table["directory"], source) if "directory" in table else None
    _check_policy(policy, source)
    return Config(
        directory=directory,
        policy=Policy(**policy, profiles=tuple(_profiles(table.get("profiles", []), source))),
        cache=CacheConfig(**_section(CacheConfig, table.get("cache", {}), source, "cache")),
        keys={str(k): str(v) for k, v in _table(table.get("keys", {}), source, "keys").items()},
        overruled=overruled,
    )


def _check_policy(policy: Mapping[str, Any], source: str) -> None:
    try:
        re.compile(policy.get("ticket_pattern", ""))
    except re.error as error:
        raise _wrong(source, "policy.ticket_pattern", str(error), _("Write a regular expression.")) from error
    for number, rule in enumerate(policy.get("protected", ()), 1):
        try:
            parse_rule(rule)
        except UsageError as error:
            what = _("cannot be taken: {reason}").format(reason=error.message)
            raise _wrong(source, f"policy.protected[{number}]", what, error.hint) from error
    if "journal_dir" in policy and not policy["journal_dir"].is_absolute():
        raise _wrong(source, "policy.journal_dir", _("is no whole path"), _("Begin it with a slash."))


def _check_profiles_named(config: Config, source: str) -> None:
    names = [profile.name for profile in config.policy.profiles]
    for number, rule in enumerate(map(parse_rule, config.policy.protected), 1):
        if rule.kind is RuleKind.PROFILE and rule.value.casefold() not in map(str.casefold, names):
            what = _("names a profile that is not known: {name}").format(name=rule.value)
            hint = _nearest(rule.value, names) if names else _("Write it as [[profiles]] in the same file.")
            raise _wrong(source, f"policy.protected[{number}]", what, hint)


def _directory(table: Any, source: str) -> DirectoryConfig:
    values = _section(DirectoryConfig, table, source, "directory")
    if not values["urls"]:
        raise _wrong(source, "directory.urls", _("names no server"), _('Write urls = ["ldaps://ldap.example.com"].'))
    for name in ("bind", "sync"):
        held = values.get(name)
        bind = held.bind if isinstance(held, SyncConfig) else held
        if bind is not None and bind not in {"simple", "external", "anonymous"}:
            raise _wrong(
                source,
                f"directory.{name}",
                _("is “{value}”").format(value=bind),
                _("Use simple, external or anonymous."),
            )
    if "bind_dn" in values:
        values["bind_dn"] = _with_user(values["bind_dn"])
    return DirectoryConfig(**values)


def _with_user(template: str) -> str:
    user = pwd.getpwuid(os.getuid()).pw_name
    return template.replace("{user}", dn.escape(user))


def _section(
    kind: type[Any], table: Any, source: str, where: str, *, skip: set[str] | None = None, partial: bool = False
) -> dict[str, Any]:
    hints = {f.name: get_type_hints(kind)[f.name] for f in fields(kind) if f.name not in (skip or set())}
    table = _table(table, source, where)
    _known(table, set(hints), source, where)
    values = {name: _value(hints[name], table[name], source, f"{where}.{name}") for name in table}
    required = {f.name for f in fields(kind) if f.default is f.default_factory}
    missing = sorted(required & set(hints) - set(values))
    if missing and not partial:
        raise _wrong(source, f"{where}.{missing[0]}", _("is missing"), _("Add it."))
    return values


def _value(kind: Any, value: Any, source: str, where: str) -> Any:
    if isinstance(kind, UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    if kind is SyncConfig:
        return SyncConfig(**_with_users_dn(_section(SyncConfig, value, source, where)))
    read, wanted = _READERS[get_origin(kind) or kind]
    if not read(value):
        raise _wrong(source, where, _("must be {kind}").format(kind=wanted()), _("Mend the value."))
    if kind is Path:
        return Path(value).expanduser()
    return tuple(value) if isinstance(value, list) else value


def _with_users_dn(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "bind_dn": _with_user(values.get("bind_dn", ""))}


_READERS: dict[Any, tuple[Callable[[Any], bool], Callable[[], str]]] = {
    str: (lambda v: isinstance(v, str), lambda: _("a text")),
    bool: (lambda v: isinstance(v, bool), lambda: _("true or false")),
    int: (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0, lambda: _("a whole number")),
    Path: (lambda v: isinstance(v, str), lambda: _("a path")),
    tuple: (lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v), lambda: _("a list of texts")),
}

_WHEN = {"title", "department", "department_number", "login", "mail", "kind", "name"}


def _profiles(tables: Any, source: str) -> Iterator[Profile]:
    if not isinstance(tables, list):
        raise _wrong(source, "profiles", _("must be written as [[profiles]]"), _("Double the brackets."))
    for number, table in enumerate(tables, 1):
        where = f"profiles[{number}]"
        _known(_table(table, source, where), {"name", "when", "quota", "protected"}, source, where)
        if not isinstance(table.get("name"), str):
            raise _wrong(source, f"{where}.name", _("is missing"), _("Give the profile a name."))
        yield Profile(
            table["name"], tuple(_when(table.get("when", {}), source, where)), _quota(table, source, where),
            protected=_value(bool, table.get("protected", False), source, f"{where}.protected"),
        )  # fmt: skip


def _when(table: Any, source: str, where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    _known(_table(table, source, f"{where}.when"), _WHEN, source, f"{where}.when")
    for name, patterns in table.items():
        listed = [patterns] if isinstance(patterns, str) else patterns
        yield name, _value(tuple[str, ...], listed, source, f"{where}.when.{name}")


def _quota(table: Table, source: str, where: str) -> int | None:
    if "quota" not in table:
        return None
    try:
        return parse_size(str(table["quota"]))
    except UsageError as error:
        raise _wrong(source, f"{where}.quota", error.message, error.hint) from error


def _table(value: Any, source: str, where: str) -> Table:
    if not isinstance(value, dict):
        raise _wrong(source, where, _("must be a table"), _("Write it as [{where}].").format(where=where))
    return value


def _known(table: Table, known: set[str], source: str, where: str) -> None:
    for key in table:
        if key not in known:
            raise _wrong(source, f"{where}.{key}".lstrip("."), _("is not known"), _nearest(key, known))


def _nearest(key: str, known: Iterable[str]) -> str:
    """Give the hint for a name that is not known."""
    names = sorted(known)
    near = difflib.get_close_matches(key, names, 1)
    if near:
        return _("Did you mean “{key}”?").format(key=near[0])
    return _("Known here: {keys}.").format(keys=", ".join(names))


def _wrong(source: str, key: str, what: str, hint: str) -> ConfigError:
    return ConfigError(f"{source}: {key} {what}", hint=hint)
