"""The two files read, checked each by itself, and merged: in its own sections the site has the last word."""

import tomllib
from pathlib import Path
from typing import Any

from mailtui.config.checking import Table, known, section, table
from mailtui.config.directories import directory, directory_values
from mailtui.config.mailstores import mailstore, mailstore_values
from mailtui.config.operators import operators
from mailtui.config.policies import check_names, policy
from mailtui.config.sections import CacheConfig, Config
from mailtui.errors import ConfigError
from mailtui.texts import _

_SITES_OWN = ("policy", "directory", "mailstore", "profiles", "departments", "operators")
_SECTIONS = {"directory", "mailstore", "policy", "cache", "keys", "profiles", "departments", "operators"}


def load(user: Path | None, site: Path, *, user_required: bool = False) -> Config:
    """Read the site's file and then the user's; what the site sets in its own sections stands.

    Raises:
        ConfigError: A file cannot be read, is no TOML, or has a key or value that cannot be taken.
    """
    site_table, user_table = _read(site), _read(user, required=user_required) if user else {}
    if site_table:
        # By itself: what the site protects must not hang on a profile that a user could write.
        check_names(_checked(site_table, f"{site}").policy, f"{site}")
    if user_table:
        _checked(user_table, f"{user}")
    merged, overruled = _merge(site_table, user_table)
    source = f"{user if user_table else site}"
    config = _config(merged, source, tuple(overruled))
    check_names(config.policy, source)
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
    for name in _SITES_OWN:
        ours, theirs = site.get(name), user.get(name)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            merged[name] = {**theirs, **ours}
            overruled += [f"{name}.{key}" for key in theirs if key in ours and theirs[key] != ours[key]]
        elif ours is not None and theirs is not None:
            overruled.append(name)
    return merged, overruled


def _checked(held: Table, source: str) -> Config:
    """Refuse what is wrong in one file by itself, so that the message names the right file."""
    known(held, _SECTIONS, source, "")
    if "directory" in held:
        directory_values(held["directory"], source, partial=True)
    if "mailstore" in held:
        mailstore_values(held["mailstore"], source, partial=True)
    whole = {name: value for name, value in held.items() if name not in {"directory", "mailstore"}}
    return _config(whole, source, ())


def _config(held: Table, source: str, overruled: tuple[str, ...]) -> Config:
    return Config(
        directory=directory(held["directory"], source) if "directory" in held else None,
        policy=policy(held, source),
        operators=tuple(operators(held.get("operators", []), source)),
        cache=CacheConfig(**section(CacheConfig, held.get("cache", {}), source, "cache")),
        mailstore=mailstore(held["mailstore"], source) if "mailstore" in held else None,
        keys={str(k): str(v) for k, v in table(held.get("keys", {}), source, "keys").items()},
        overruled=overruled,
    )
