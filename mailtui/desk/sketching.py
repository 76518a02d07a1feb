"""Newcomers sketched while they are being told of: what the rules would give them, by the mirror alone."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.desk.given_up import given_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailtui.desk.desk import Desk
    from mailtui.domain.given_up import GivenUp
    from mailtui.domain.newcomer import Newcomer, Sketch


class Sketching:
    """Sketches for one form; it may be called from any thread. What takes long to find out is found out once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._given_up: Mapping[str, GivenUp] | None = None
        self._domains: tuple[str, ...] | None = None

    def sketch(self, newcomer: Newcomer) -> Sketch:
        """Tell what a newcomer would get, and what speaks against it.

        Raises:
            StoreError: There is no mirror, or it cannot be read.
        """
        from mailtui.plans.newcomers import Drafting
        from mailtui.queries.newcomers import Looking

        desk, now = self._desk, datetime.now(UTC)
        if self._given_up is None:
            self._given_up = given_up(desk, now)
        with closing(desk.mirror()) as mirror, mirror.snapshot():
            looking = Looking(mirror, desk.schema, desk.directory_config.base)
            if self._domains is None:
                self._domains = looking.domains(desk.policy.domains)
            around, missing = looking.around(newcomer)
            drafting = Drafting(desk.schema, desk.policy, self._domains, looking.is_taken, now, self._given_up)
            return drafting.sketch(newcomer, around, missing)
