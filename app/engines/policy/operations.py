"""Packs at work: who adopted which policy, what a case runs under, and a unit's own settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import g, has_app_context
from flask_babel import gettext as _

from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.lifecycle import Lifecycle
from app.core.moves import Begin
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import calc, coverage
from app.engines.policy.calc import Ruling, Settings
from app.engines.policy.models import PolicyAdoption, PolicyParameter
from app.engines.policy.versions import approve, bare_lifecycle, current_version, draft, load_packs, pack_for
from app.packs.schema import Pack
from app.packs.values import read_value

__all__ = [
    "Adopted",
    "adopt",
    "adopted",
    "approve",
    "current_version",
    "draft",
    "end_adoption",
    "ever_adopted",
    "lifecycle",
    "load_packs",
    "pack_for",
    "parameter",
    "policy_of",
    "reset_parameter",
    "rule_authority",
    "set_parameter",
    "settings_for",
    "settings_over_time",
]


class Adopted(NamedTuple):
    """A policy that a unit works by, and the unit that adopted it."""

    policy: str
    unit_id: int
    path: str


# -- adoption --------------------------------------------------------------------------------------------------------


def adopt(unit: OrgUnit, code: str, first: dt.date | None = None, last: dt.date | None = None) -> PolicyAdoption:
    """Let a unit (and what lies below it) work by a policy from a day on.

    Raises ``Refusal`` for a policy that does not run yet, or one that the unit already works by at that time,
    ``Forbidden`` for a unit beyond the person's reach.
    """
    first = first or clock.today()
    _within_reach(unit, PolicyAdoption)
    session.refresh(unit, with_for_update=True)
    Refusal.when(_hindrances(unit, code, first, last or dt.date.max))
    made = PolicyAdoption(unit_id=unit.id, policy=code, valid_from=first, valid_to=last)
    session.add(made)
    session.flush()
    return made


def ever_adopted(unit_id: int, code: str) -> bool:
    """Whether a unit itself works by a policy, did, or will."""
    here = sa.select(PolicyAdoption.id).where(PolicyAdoption.unit_id == unit_id, PolicyAdoption.policy == code)
    return session.scalar(here.limit(1)) is not None


def end_adoption(adoption: PolicyAdoption, last: dt.date) -> None:
    """Let an adoption end with a day; one that has not begun by then is taken back. Running cases go on under it.

    Raises ``Refusal`` for a past day, or when it ends no later anyway, ``Forbidden`` for a unit beyond reach.
    """
    _within_reach(session.get_one(OrgUnit, adoption.unit_id), PolicyAdoption)
    session.refresh(adoption, with_for_update=True)
    if last < clock.today():
        raise Refusal(Problem(_("An adoption ends today at the earliest."), "valid_to", "not_past"))
    if adoption.valid_to is not None and adoption.valid_to <= last:
        raise Refusal(Problem(_("It ends on %(day)s already.", day=adoption.valid_to), "valid_to", "period"))
    if last < adoption.valid_from:
        session.delete(adoption)
    else:
        adoption.valid_to = last
    session.flush()


def _within_reach(unit: OrgUnit, model: type[PolicyAdoption] | type[PolicyParameter]) -> None:
    """A permission counts in the units of the very holding that gives it."""
    if not any(_covers(reach, unit) for reach in access.current().reaches(model.__tablename__, "write")):
        raise Forbidden(Problem(_("You may not decide this for “%(unit)s”.", unit=unit.name), "unit_id", "reach"))


def _covers(reach: access.Reach, unit: OrgUnit) -> bool:
    if reach.scope == access.BELOW:
        return unit.path.startswith(reach.unit_path)
    if reach.scope in (access.UNIT, access.UNITS):
        return unit.id in ({reach.unit_id} if reach.scope == access.UNIT else set(reach.unit_ids))
    return reach.scope == access.ALL


def _hindrances(unit: OrgUnit, code: str, first: dt.date, last: dt.date) -> Iterator[Problem]:
    if last < first:
        yield Problem(_("The last day lies before the first."), "valid_to", "period")
    if not coverage.runs(code) or current_version(code, first) is None:
        yield Problem(_("Policy %(code)s does not run yet and cannot be adopted.", code=code), "policy", "runs")
    overlap = sa.select(PolicyAdoption.id).where(
        PolicyAdoption.unit_id == unit.id,
        PolicyAdoption.policy == code,
        PolicyAdoption.valid_from <= last,
        sa.func.coalesce(PolicyAdoption.valid_to, dt.date.max) >= first,
    )
    if session.scalar(overlap) is not None:
        yield Problem(_("The unit already works by policy %(code)s then.", code=code), "policy", "overlap")


def adopted(unit_id: int, day: dt.date) -> list[Adopted]:
    """Every policy a unit works by, the nearest adopter first."""
    above = [int(part) for part in people.path_of(unit_id).strip("/").split("/")]
    found = session.execute(
        sa.select(PolicyAdoption.policy, OrgUnit.id, OrgUnit.path)
        .join(OrgUnit, OrgUnit.id == PolicyAdoption.unit_id)
        .where(
            PolicyAdoption.unit_id.in_(above),
            PolicyAdoption.valid_from <= day,
            sa.func.coalesce(PolicyAdoption.valid_to, day) >= day,
        )
        .order_by(sa.func.length(OrgUnit.path).desc(), PolicyAdoption.policy)
    )
    return [Adopted(*row) for row in found]


def policy_of(slug: str, unit_id: int, at: dt.datetime, policy: str | None = None) -> Begin:
    """The policy, version and adopter that govern a new case of a register: those of the nearest unit that adopted one.

    Raises ``Refusal`` when no adopted policy governs the register, or the nearest unit adopted several and names none.
    """
    day = clock.to_local(at).date()
    chosen: list[Begin] = []
    for found in adopted(unit_id, day):
        if chosen and found.unit_id != chosen[0].adopter_id:
            break
        version = current_version(found.policy, day) if policy in (None, found.policy) else None
        if version is not None and (case := pack_for(version.id).cases.get(slug)):
            chosen.append(Begin(found.policy, version.id, found.unit_id, case.start))
    if not chosen:
        raise Refusal(Problem(_("No policy that your unit works by governs this register."), "policy", "adopted"))
    if len(chosen) > 1:
        codes = "、".join(begun.policy for begun in chosen)
        text = _("Several policies govern this register in your unit; choose one: %(codes)s.", codes=codes)
        raise Refusal(Problem(text, "policy", "choice"))
    return chosen[0]


# -- cases -----------------------------------------------------------------------------------------------------------


def lifecycle(record: Any) -> Lifecycle:
    """The states and moves a case runs under, bound to the unit that adopted its policy."""
    life = bare_lifecycle(record.pack_version_id, record.__tablename__)
    return replace(life, within=_path(record.adopter_id))


def _path(unit_id: int) -> str:
    known: dict[int, str] = g.setdefault("unit_paths", {}) if has_app_context() else {}
    if unit_id not in known:
        known[unit_id] = people.path_of(unit_id)
    return known[unit_id]


def rule_authority(record: Any, key: str, read: Callable[[str], Any]) -> Ruling:
    """Who decides a case by amount, and why; raises ``Refusal`` while no amount is known."""
    pack = pack_for(record.pack_version_id)
    table = pack.authority[key]
    try:
        return calc.decide_authority(pack, key, {name: read(name) for name in table.amounts})
    except ValueError as error:
        raise Refusal(Problem(error.args[0], table.amounts[0], "authority", table.clause)) from None


# -- settings --------------------------------------------------------------------------------------------------------


class SettingsOverTime:
    """The settings of a pack for some adopting units, for any day; read with one statement."""

    def __init__(self, pack: Pack, adopter_ids: Iterable[int]) -> None:
        self.pack = pack
        self._rows: dict[int, list[PolicyParameter]] = {}
        query = sa.select(PolicyParameter).where(
            PolicyParameter.unit_id.in_(sorted(set(adopter_ids))), PolicyParameter.policy == pack.code
        )
        for row in session.scalars(query.order_by(PolicyParameter.valid_from)):
            self._rows.setdefault(row.unit_id, []).append(row)

    def rows(self, adopter_id: int) -> list[PolicyParameter]:
        """A unit's own values, the earliest first; an empty value goes back to the policy's."""
        return self._rows.get(adopter_id, [])

    def on(self, adopter_id: int, day: dt.date) -> Settings:
        """The settings of a unit on a day."""
        given = {row.key: row.value for row in self.rows(adopter_id) if row.valid_from <= day}
        return Settings(self.pack, {key: value for key, value in given.items() if value})


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
    _within_reach(unit, PolicyParameter)
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


moves.set_source(lifecycle, policy_of)
people.set_adopted(adopted)
