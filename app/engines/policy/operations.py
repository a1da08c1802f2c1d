"""Packs at work: who adopted which policy, what a case runs under, and a unit's own settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import g, has_app_context
from flask_babel import gettext as _

from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.lifecycle import Lifecycle
from app.core.moves import Begin
from app.core.whole import Whole
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
    "lifecycle",
    "load_packs",
    "pack_for",
    "parameter",
    "policy_of",
    "rule_authority",
    "set_parameter",
    "settings_for",
]


class Adopted(NamedTuple):
    """A policy that a unit works by, and the unit that adopted it."""

    policy: str
    unit_id: int
    path: str


# -- adoption --------------------------------------------------------------------------------------------------------


def adopt(unit: OrgUnit, code: str, first: dt.date | None = None, last: dt.date | None = None) -> PolicyAdoption:
    """Let a unit (and what lies below it) work by a policy from a day on.

    Raises ``Refusal`` for a policy that does not run yet, or one that the unit already works by at that time.
    """
    first = first or clock.today()
    session.refresh(unit, with_for_update=True)
    Refusal.when(_hindrances(unit, code, first, last or dt.date.max))
    made = PolicyAdoption(unit_id=unit.id, policy=code, valid_from=first, valid_to=last)
    session.add(made)
    session.flush()
    return made


def _hindrances(unit: OrgUnit, code: str, first: dt.date, last: dt.date) -> Iterator[Problem]:
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
    forms = [read, *(before.get for before in _forms_before(record, table.previous_field))]
    known = {name: [amount for form in forms if (amount := form(name)) is not None] for name in table.amounts}
    try:
        return calc.decide_authority(pack, key, {name: max(found, default=None) for name, found in known.items()})
    except ValueError as error:
        raise Refusal(Problem(error.args[0], table.amounts[0], "authority", table.clause)) from None


def _forms_before(record: Any, field: str) -> Iterator[Whole]:
    """The forms that a row replaces one after the other, the latest first."""
    while field and (before := getattr(record, field, None)) is not None:
        record = session.get_one(type(record), before)
        yield moves.whole_of(record)


# -- settings --------------------------------------------------------------------------------------------------------


def settings_for(pack: Pack, adopter_id: int, day: dt.date) -> Settings:
    """The parameters of a pack as they hold for an adopting unit on a day."""
    rows = session.execute(
        sa.select(PolicyParameter.key, PolicyParameter.value)
        .where(
            PolicyParameter.unit_id == adopter_id,
            PolicyParameter.policy == pack.code,
            PolicyParameter.valid_from <= day,
        )
        .order_by(PolicyParameter.valid_from)
    )
    return Settings(pack, {row.key: row.value for row in rows})


def parameter(record: Any, key: str) -> Any:
    """The value of a setting for a case today."""
    return settings_for(pack_for(record.pack_version_id), record.adopter_id, clock.today()).value(key)


def set_parameter(
    unit: OrgUnit, code: str, key: str, value: str, reason: str, first: dt.date | None = None
) -> PolicyParameter:
    """Give a setting another value for a unit that adopted the policy, from a day on; running limits stay as they are.

    Raises ``Refusal`` for an unknown setting, a value that does not fit it, a missing reason or a past day.
    """
    first = first or clock.today()
    Refusal.when(_misfits(unit, code, key, value, reason, first))
    where = {"unit_id": unit.id, "policy": code, "key": key, "valid_from": first}
    row = session.scalar(sa.select(PolicyParameter).filter_by(**where).with_for_update()) or PolicyParameter(**where)
    row.value, row.reason = value.strip(), reason.strip()
    session.add(row)
    session.flush()
    return row


def _misfits(unit: OrgUnit, code: str, key: str, value: str, reason: str, first: dt.date) -> Iterator[Problem]:
    if not any(found.policy == code and found.unit_id == unit.id for found in adopted(unit.id, first)):
        yield Problem(_("The unit has not adopted policy %(code)s.", code=code), "policy", "adopted")
    version = current_version(code, first)
    known = pack_for(version.id).parameters.get(key) if version else None
    if known is None:
        yield Problem(_("Policy %(code)s has no setting “%(key)s”.", code=code, key=key), "key", "unknown")
    else:
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
