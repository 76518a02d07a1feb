"""The options that hold for every verb, and the desk they lead to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mailtui import config as configs
from mailtui import paths
from mailtui.cli.asking import ask_password, has_person
from mailtui.config import Config, DirectoryConfig
from mailtui.credentials import PasswordNeeded
from mailtui.desk import Desk
from mailtui.domain.policy import Policy
from mailtui.errors import ConfigError, StoreError
from mailtui.texts import _

if TYPE_CHECKING:
    import typer

    from mailtui.demo.address import DemoAddress

Given = TypeVar("Given")


@dataclass
class Options:
    """What was said before or beside the verb."""

    config: Path | None = None
    demo: bool = False
    read_only: bool = False
    json: bool = False
    _desk: Desk | None = field(default=None, repr=False)

    def load_config(self) -> Config:
        """Read the site's file and the user's."""
        named = self.config or (Path(os.environ["MAILTUI_CONFIG"]) if os.environ.get("MAILTUI_CONFIG") else None)
        config = configs.load(named or paths.user_config(), paths.SITE_CONFIG, user_required=named is not None)
        for key in config.overruled:
            notice(_("{key} is set by the site; your own value is not used").format(key=key))
        return config

    def desk(self) -> Desk:
        """Give the desk on the configured directory, or on the embedded one."""
        if self._desk is None:
            self._desk = demo_desk(self) if self.demo else Desk(self.load_config(), read_only=self.read_only)
        return self._desk

    def mirrored_desk(self) -> Desk:
        """Give the desk with a mirror to look things up in; it is made where there is none yet."""
        from mailtui.cli.syncing import first_sync

        desk = self.desk()
        if not desk.has_mirror:
            first_sync(desk)
        return desk


def demo_desk(options: Options, people: int | None = None, seed: int | None = None) -> Desk:
    """Give a desk on the shared embedded directory, which is started where it does not run."""
    from mailtui.demo import service

    address = service.ensure(people, seed)
    files = paths.stores("demo")
    # Another company has another past.
    files = replace(files, history=files.history.with_name(f"history-{service.company()}.db"))
    desk = Desk(demo_config(options.load_config(), address), files=files, read_only=options.read_only)
    desk.give_password("operator", address.password, is_made=True)
    _remember(desk)
    return desk


def demo_config(config: Config, address: DemoAddress) -> Config:
    """Give a config whose directory and mail store are the embedded ones.

    The sample company's rules hold where the site has none.
    """
    from mailtui.demo.mailstore.configured import config_for

    directory = DirectoryConfig(urls=(address.url,), base=address.base, bind_dn=address.bind_dn, schema="demo")
    policy = replace(_ruled(config.policy), journal_dir=None)
    mailstore = config_for(address.mailstore) if address.mailstore else None
    return replace(config, directory=directory, policy=policy, cache=configs.CacheConfig(), mailstore=mailstore)


def _remember(desk: Desk) -> None:
    """Give the sample company a past, the first time that somebody looks at it."""
    from mailtui.queries.usage import UsageHistory

    # Without a past, everything else works.
    with suppress(StoreError):
        with closing(UsageHistory(desk.files.history)) as history:
            if not history.is_empty:
                return
        from mailtui.demo.remembering import remember

        with desk.connected() as directory:
            remember(desk.files.history, directory, desk.directory_config.base, datetime.now(UTC).date())


def _ruled(policy: Policy) -> Policy:
    from mailtui.demo.allotments import DEPARTMENTS, NAMING, PROFILES

    if policy.profiles or policy.departments:
        return policy
    naming = NAMING if policy.naming == Policy().naming else policy.naming
    return replace(policy, profiles=PROFILES, departments=DEPARTMENTS, naming=naming)


def options_of(context: typer.Context) -> Options:
    """Give the options of the running command."""
    options = context.find_object(Options)
    assert options is not None
    return options


def with_password(desk: Desk, action: Callable[[], Given]) -> Given:
    """Do what needs the directory; a password that only a person knows is asked for, on a terminal."""
    try:
        return action()
    except PasswordNeeded as needed:
        if not has_person():
            raise
        desk.give_password(needed.identity, ask_password(needed.bind_dn))
        return with_password(desk, action)


def notice(text: str) -> None:
    """Say something beside the result."""
    print(f"mailtui: {text}", file=sys.stderr)


def no_config() -> ConfigError:
    """Give the failure of a start without a config, with a config to start from."""
    return ConfigError(
        _("No directory is configured in {path}").format(path=paths.user_config()),
        hint=_("Try `mailtui demo`, or start from the config above."),
    )
