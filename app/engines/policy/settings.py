"""The settings of a pack as they hold for a unit: the policy's own values, and those that the unit gives instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.remembering import within_transaction
from app.engines.people.models import OrgUnit
from app.engines.policy.adoption import adopted, within_reach
from app.engines.policy.calc import Settings
from app.engines.policy.models import PolicyParameter
from app.engines.policy.versions import current_version, pack_for
from app.packs.schema import Pack
from app.packs.values import read_value


class SettingsOverTime:
    """The settings of a pack for some adopting units, for any day; read with one statement."""

    def __init__(self, pack: Pack, adopter_ids: Iterable[int]) -> None:
        self.pack = pack
        self._rows: dict[int, list[PolicyParameter]] = {}
        for row in _given(tuple(sorted(set(adopter_ids)))).get(pack.code, ()):
            self._rows.setdefault(row.unit_id, []).append(row)

    def rows(self, adopter_id: int) -> list[PolicyParameter]:
        """A unit's own values, the earliest first; an empty value goes back to the policy's."""
        return self._rows.get(adopter_id, [])

    def on(self, adopter_id: int, day: dt.date) -> Settings:
        """The settings of a unit on a day."""
        given = {row.key: row.value for row in self.rows(adopter_id) if row.valid_from <= day}
        return Settings(self.pack, {key: value for key, value in given.items() if value})


@within_transaction(PolicyParameter)
def _given(adopter_ids: tuple[int, ...]) -> Mapping[str, Sequence[PolicyParameter]]:
    """The values that units gave, by policy: who asks of one policy soon asks of the next."""
    found: dict[str, list[PolicyParameter]] = {}
    query = sa.select(PolicyParameter).where(PolicyParameter.unit_id.in_(adopter_ids))
    for row in session.scalars(query.order_by(PolicyParameter.valid_from)):
        found.setdefault(row.policy, []).append(row)
    return found


def settings_over_time(pack: Pack, adopter_ids: Iterable[int]) -> SettingsOverTime:
    """The settings of a pack for some adopting units, for any day."""
    return SettingsOverTime(pack, adopter_ids)


def settings_for(pack: Pack, adopter_id: int, day: dt.date) -> Settings:
    """The parameters of a pack as they hold for an adopting unit on a day."""
    return SettingsOverTime(pack, [adopter_id]).on(adopter_id, day)


def parameter(record: Any, key: str) -> Any:
    """The value of a setting for a case today."""
    return settings_for(pack_for(record.pack_version_id), record.adopter_id, clock.today()).value(key)


def set_parameter(
    unit: OrgUnit, code: str, key: str, value: str, reason: str, first: dt.date | None = None
) -> PolicyParameter:
    """Give a setting another value for a unit that adopted the policy, from a day on; running limits stay as they are.

    Raises ``Refusal`` for an unknown setting, a value that does not fit it, a missing reason or a past day.
    """
    return _keep_parameter(unit, code, key, value.strip(), reason, first, needed=True)


def reset_parameter(unit: OrgUnit, code: str, key: str, reason: str, first: dt.date | None = None) -> PolicyParameter:
    """Let the policy's own value of a setting count again for a unit, from a day on. Raises as ``set_parameter``."""
    return _keep_parameter(unit, code, key, "", reason, first, needed=False)


def _keep_parameter(
    unit: OrgUnit, code: str, key: str, value: str, reason: str, first: dt.date | None, *, needed: bool
) -> PolicyParameter:
    first = first or clock.today()
    within_reach(unit, PolicyParameter.__tablename__)
    Refusal.when(_misfits(unit, code, key, value if needed else None, reason, first))
    where = {"unit_id": unit.id, "policy": code, "key": key, "valid_from": first}
    row = session.scalar(sa.select(PolicyParameter).filter_by(**where).with_for_update()) or PolicyParameter(**where)
    row.value, row.reason = value, reason.strip()
    session.add(row)
    session.flush()
    return row


def _misfits(
    unit: OrgUnit, code: str, key: str, value: str | None, reason: str, first: dt.date
) -> Iterator[Problem]:
    if not any(found.policy == code and found.unit_id == unit.id for found in adopted(unit.id, first)):
        yield Problem(_("The unit has not adopted policy %(code)s.", code=code), "policy", "adopted")
    version = current_version(code, first)
    known = pack_for(version.id).parameters.get(key) if version else None
    if known is None:
        yield Problem(_("Policy %(code)s has no setting “%(key)s”.", code=code, key=key), "key", "unknown")
    elif value is not None:
        try:
            read_value(known, value)
        except ValueError as error:
            yield Problem(error.args[0], "value", known.type, known.clause)
    if not reason.strip():
        yield Problem(_("Please give the reason."), "reason", "required")
    if first < clock.today():
        yield Problem(_("A setting changes today at the earliest."), "valid_from", "not_past")
