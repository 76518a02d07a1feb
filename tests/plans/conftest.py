"""Accounts, targets and a schema to plan with."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mailtui.directory.schemas import load_schema
from mailtui.domain.account import Account, Kind, Standing
from mailtui.domain.plan import Target
from mailtui.domain.quota import Quota
from mailtui.domain.schema import Schema

MakeTarget = Callable[..., Target]


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load_schema("mailuser")


@pytest.fixture
def make_target() -> MakeTarget:
    """Give a function that makes a target from a log-in, raw values and fields of its account."""

    def make(login: str, values: dict[str, tuple[bytes, ...]] | None = None, **fields: Any) -> Target:
        raw = values or {}
        known: dict[str, Any] = {
            "name": login.title(),
            "mail": f"{login}@example.com",
            "kind": Kind.PERSON,
            "standing": Standing.ACTIVE,
            "quota": Quota(),
            "forwards": tuple(v.decode() for v in raw.get("mailForwardingAddress", ())),
        }
        account = Account(
            id=f"id-{login}",
            dn=f"uid={login},ou=people,dc=example,dc=com",
            login=login,
            as_of=datetime(2026, 1, 1, tzinfo=UTC),
            **{**known, **fields},
        )
        return Target(account, raw)

    return make
