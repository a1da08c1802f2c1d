"""Packs at work: who adopted which policy, what a case runs under, and a unit's own settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context
from flask_babel import gettext as _

from app.core import clock, moves, offering
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.lifecycle import Lifecycle
from app.core.moves import Begin
from app.core.whole import Whole
from app.core.wording import listed
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import calc
from app.engines.policy.adoption import Adopted, adopt, adopted, adopted_in, end_adoption, ever_adopted, reaches
from app.engines.policy.calc import Ruling
from app.engines.policy.models import PackVersion, PolicyAdoption
from app.engines.policy.settings import (
    parameter,
    reset_parameter,
    set_parameter,
    settings_for,
    settings_over_time,
)
from app.engines.policy.versions import (
    approve,
    bare_lifecycle,
    current_version,
    current_versions,
    draft,
    introduce_all,
    load_packs,
    pack_for,
    page_of,
)
from app.packs.schema import Pack

__all__ = [
    "Adopted",
    "adopt",
    "adopted",
    "approve",
    "bare_lifecycle",
    "current_version",
    "current_versions",
    "draft",
    "end_adoption",
    "ever_adopted",
    "governing",
    "introduce_all",
    "lifecycle",
    "load_packs",
    "pack_for",
    "page_of",
    "parameter",
    "policy_of",
    "reaches",
    "reset_parameter",
    "rule_authority",
    "ruling_by",
    "set_parameter",
    "settings_for",
    "settings_over_time",
]


def policy_of(slug: str, unit_id: int, at: dt.datetime, policy: str | None = None) -> Begin:
    """The policy, version and adopter that govern a new case of a register: those of the nearest unit that adopted one.

    Raises ``Refusal`` when no adopted policy governs the register, or the nearest unit adopted several and names none.
    """
    chosen = _beginnings(slug, unit_id, at, policy)
    if not chosen:
        raise Refusal(Problem(_("No policy that your unit works by governs this register."), "policy", "adopted"))
    if len(chosen) > 1:
        codes = listed(begun.policy for begun in chosen)
        text = _("Several policies govern this register in your unit; choose one: %(codes)s.", codes=codes)
        raise Refusal(Problem(text, "policy", "choice"))
    return chosen[0]


def governing(slug: str, unit_id: int) -> list[str]:
    """The policies under which a new case of a register may begin in a unit now."""
    return [begun.policy for begun in _beginnings(slug, unit_id, clock.now())]


def where_begins(slug: str, units: Sequence[int]) -> list[int]:
    """Those of some units in which one policy governs new cases of a register; two statements."""
    day = clock.today()
    known, newest = adopted_in(tuple(units), day), current_versions(day).get
    return [unit for unit in units if len(_chosen(slug, known[unit], newest)) == 1]


def _beginnings(slug: str, unit_id: int, at: dt.datetime, policy: str | None = None) -> list[Begin]:
    day = clock.to_local(at).date()

    def newest(code: str) -> PackVersion | None:
        return current_version(code, day) if policy in (None, code) else None

    return _chosen(slug, adopted(unit_id, day), newest)


def _chosen(slug: str, known: Iterable[Adopted], newest: Callable[[str], PackVersion | None]) -> list[Begin]:
    """How a new case may begin under what a unit works by: only the nearest adopter counts."""
    chosen: list[Begin] = []
    for found in known:
        if chosen and found.unit_id != chosen[0].adopter_id:
            break
        version = newest(found.policy)
        if version is not None and (case := pack_for(version.id).cases.get(slug)):
            chosen.append(Begin(found.policy, version.id, found.unit_id, case.start))
    return chosen


def packs_of(unit_id: int) -> list[Pack]:
    """The packs of today's versions of every policy that a unit works by."""
    day = clock.today()
    versions = (current_version(found.policy, day) for found in adopted(unit_id, day))
    return [pack_for(version.id) for version in versions if version is not None]


# -- cases -----------------------------------------------------------------------------------------------------------


def lifecycle(record: Any) -> Lifecycle:
    """The states and moves a case runs under, bound to the unit that adopted its policy."""
    life = bare_lifecycle(record.pack_version_id, record.__tablename__)
    return replace(life, within=_path(record.adopter_id))



def _path(unit_id: int) -> str:
    """Those of all units that adopted a policy are asked for at once: a list may hold cases of each."""
    known: dict[int, str] = g.setdefault("unit_paths", {}) if has_app_context() else {}
    if unit_id not in known:
        adopters = sa.select(PolicyAdoption.unit_id)
        found = session.execute(sa.select(OrgUnit.id, OrgUnit.path).where(OrgUnit.id.in_(adopters)))
        known |= {row.id: row.path for row in found}
    if unit_id not in known:
        known[unit_id] = people.path_of(unit_id)
    return known[unit_id]


def rule_authority(record: Any, key: str, read: Callable[[str], Any]) -> Ruling:
    """Who decides a case by amount, and why; raises ``Refusal`` while no amount is known."""
    pack = pack_for(record.pack_version_id)
    table = pack.authority[key]
    forms = [read, *(before.get for before in _forms_before(record, table.previous_field))]
    known = {name: [amount for form in forms if (amount := form(name)) is not None] for name in table.amounts}
    return ruling_by(pack, key, {name: max(found, default=None) for name, found in known.items()})


def ruling_by(pack: Pack, key: str, amounts: Mapping[str, Decimal | None]) -> Ruling:
    """Who decides some amounts under a table of a pack, and why; raises ``Refusal`` while no amount is known."""
    table = pack.authority[key]
    try:
        return calc.decide_authority(pack, key, amounts)
    except ValueError as error:
        raise Refusal(Problem(error.args[0], table.amounts[0], "authority", table.clause)) from None


def _forms_before(record: Any, field: str) -> Iterator[Whole]:
    """The forms that a row replaces one after the other, the latest first."""
    while field and (before := getattr(record, field, None)) is not None:
        record = session.get_one(type(record), before)
        yield moves.whole_of(record)


moves.set_source(lifecycle, bare_lifecycle, policy_of, where_begins)
people.set_adopted(adopted)
offering.set_in_force(lambda unit_id: {found.policy for found in adopted(unit_id, clock.today())})
