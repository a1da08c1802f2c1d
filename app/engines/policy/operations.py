"""Packs at work: loading, adopting, the version a case runs under, and a unit's own settings."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context
from flask_babel import gettext as _

from app.core import clock, moves, words
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.lifecycle import Lifecycle
from app.core.moves import Begin
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import calc
from app.engines.policy.calc import Ruling, Settings
from app.engines.policy.models import APPROVED, PackVersion, PolicyAdoption, PolicyParameter
from app.packs import schema
from app.packs.schema import FOLDER, Pack


def pack_files() -> list[Any]:
    """The pack files that the program ships."""
    return sorted(FOLDER.glob("[A-Z][0-9][0-9].yaml"))


def load_packs() -> dict[str, int]:
    """Keep every shipped pack as an approved version; a version that exists stays as it is.

    Raises ``Refusal`` when a version exists with other content: a changed pack needs a new number.
    """
    loaded = 0
    for file in pack_files():
        content = schema.parse(file.read_text(encoding="utf-8"))
        loaded += _keep(schema.build(content), dict(content))
    session.flush()
    return {"loaded": loaded}


def _keep(pack: Pack, content: dict[str, Any]) -> int:
    print_of = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    words.name_posts(pack.post_labels)
    known = session.scalar(sa.select(PackVersion).filter_by(code=pack.code, version=pack.version))
    if known is None:
        session.add(
            PackVersion(
                code=pack.code,
                version=pack.version,
                title_zh=pack.title.zh,
                title_en=pack.title.en,
                status=APPROVED,
                effective_from=pack.effective,
                sha256=print_of,
                content=content,
            )
        )
        return 1
    if known.sha256 != print_of:
        raise Refusal(
            _(
                "Pack %(code)s version %(version)s is already in use with other content; give the change a new version number.",
                code=pack.code,
                version=pack.version,
            )
        )
    return 0


@cache
def _compiled(version_id: int, _print: str) -> Pack:
    content = session.scalar(sa.select(PackVersion.content).where(PackVersion.id == version_id))
    pack = schema.build(content or {})
    words.name_posts(pack.post_labels)
    return pack


def pack_for(version_id: int) -> Pack:
    """The pack of a version; versions never change, so it is read once per process."""
    known = _prints()
    if version_id not in known:
        known[version_id] = session.scalar(sa.select(PackVersion.sha256).where(PackVersion.id == version_id)) or ""
    return _compiled(version_id, known[version_id])


def _prints() -> dict[int, str]:
    return g.setdefault("pack_prints", {}) if has_app_context() else {}


# -- adoption --------------------------------------------------------------------------------------------------------


def adopt(unit: OrgUnit, code: str, first: dt.date | None = None, last: dt.date | None = None) -> PolicyAdoption:
    """Let a unit (and what lies below it) work by a policy from a day on.

    Raises ``Refusal`` for a policy without a pack, or one that the unit already works by at that time.
    """
    first = first or clock.today()
    if current_version(code, first) is None:
        raise Refusal(
            Problem(_("Policy %(code)s does not run yet and cannot be adopted.", code=code), "policy", "runs")
        )
    end = last or dt.date.max
    overlap = sa.select(PolicyAdoption.id).where(
        PolicyAdoption.unit_id == unit.id,
        PolicyAdoption.policy == code,
        PolicyAdoption.valid_from <= end,
        sa.func.coalesce(PolicyAdoption.valid_to, dt.date.max) >= first,
    )
    if session.scalar(overlap) is not None:
        raise Refusal(Problem(_("The unit already works by policy %(code)s then.", code=code), "policy", "overlap"))
    made = PolicyAdoption(unit_id=unit.id, policy=code, valid_from=first, valid_to=last)
    session.add(made)
    session.flush()
    return made


def current_version(code: str, day: dt.date) -> PackVersion | None:
    """The approved version of a policy in force on a day."""
    found = sa.select(PackVersion).where(
        PackVersion.code == code, PackVersion.status == APPROVED, PackVersion.effective_from <= day
    )
    return session.scalar(found.order_by(PackVersion.effective_from.desc(), PackVersion.version.desc()).limit(1))


def adopted(unit_id: int, day: dt.date) -> list[tuple[str, int, str]]:
    """(policy, adopting unit, its path) of every policy a unit works by, the nearest adopter first."""
    path = people.path_of(unit_id)
    above = [int(part) for part in path.strip("/").split("/")]
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
    return [tuple(row) for row in found]


def begin(slug: str, unit_id: int, at: dt.datetime, policy: str | None = None) -> Begin:
    """Under which policy, version and adopter a new case of a register starts in a unit.

    Raises ``Refusal`` when no adopted policy governs the register, or several do and none was named.
    """
    day = clock.to_local(at).date()
    chosen: dict[str, Begin] = {}
    for code, adopter, _path in adopted(unit_id, day):
        version = current_version(code, day)
        if version is not None and code not in chosen and policy in (None, code):
            pack = pack_for(version.id)
            if slug in pack.cases:
                chosen[code] = Begin(code, version.id, adopter, pack.cases[slug].start)
    if not chosen:
        raise Refusal(Problem(_("No policy that your unit works by governs this register."), "policy", "adopted"))
    if len(chosen) > 1:
        text = _("Several policies govern this register in your unit; choose one: %(codes)s.", codes="、".join(chosen))
        raise Refusal(Problem(text, "policy", "choice"))
    return next(iter(chosen.values()))


# -- cases -----------------------------------------------------------------------------------------------------------


@cache
def _lifecycle(version_id: int, sha256: str, slug: str) -> Lifecycle:
    return calc.lifecycle_of(_compiled(version_id, sha256), slug)


def lifecycle(record: Any) -> Lifecycle:
    """The states and moves a case runs under, bound to the unit that adopted its policy."""
    pack_for(record.pack_version_id)
    life = _lifecycle(record.pack_version_id, _prints()[record.pack_version_id], record.__tablename__)
    return replace(life, within=_path(record.adopter_id))


def _path(unit_id: int) -> str:
    known: dict[int, str] = g.setdefault("unit_paths", {}) if has_app_context() else {}
    if unit_id not in known:
        known[unit_id] = people.path_of(unit_id)
    return known[unit_id]


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


def rule_authority(record: Any, key: str, read: Any) -> Ruling:
    """Who decides a case by amount, and why; raises ``Refusal`` while no amount is known."""
    pack = pack_for(record.pack_version_id)
    try:
        return calc.decide_authority(pack, key, {name: read(name) for name in pack.authority[key].amounts})
    except ValueError as error:
        raise Refusal(
            Problem(error.args[0], pack.authority[key].amounts[0], "authority", pack.authority[key].clause)
        ) from None


@moves.guard(calc.RULES_GUARD)
def pack_rules(step: moves.Step) -> Any:
    """The field rules that a pack writes down."""
    record: Any = step.whole.record
    case = pack_for(record.pack_version_id).cases[record.__tablename__]
    return calc.rule_problems(case, step.get, step.move.key)


moves.set_source(lifecycle, begin)
people.set_adopted(adopted)
