"""The class of a customer by the facts: judged by a table, kept with its evidence, opened anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.areas.credit import rating_facts as facts
from app.areas.credit.credit_rating import IN_FORCE, CreditRating
from app.areas.credit.rating_facts import Known
from app.areas.customers.operations import Customer
from app.core import actor, clock
from app.core.db import session
from app.core.types import UtcDateTime
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.people import operations as people
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings
from app.engines.tiering import calc as tiering

if TYPE_CHECKING:
    from app.packs.entries import Tier

TIER, SLUG = "customer_class", CreditRating.__tablename__
DRAFT = "draft"
ENDED = ("superseded", "rejected")
FIRST, CHANGED = "first", "sweep"
FOLLOWS = ("rated_on", "computed_class", "survey_id")
RATED = N_("By the facts of %(day)s the class is %(tier)s.")
A, C = "a", "c"


@dataclass(frozen=True)
class Table:
    """The table of classes of one adopting unit, with its settings, ready to judge many customers."""

    settings: Settings
    tier: Tier
    tests: tuple[tiering.Test, ...]
    policy: str
    version_id: int
    adopter_id: int


@dataclass(frozen=True)
class Judged:
    """What the facts of one customer lead to: the class, the criteria that hold, and the facts."""

    tier: str
    held: tuple[str, ...]
    facts: Mapping[str, Any]

    def of(self, table: Table, tier: str) -> list[str]:
        """Those of the criteria that lead to a class."""
        return [test.key for test in table.tests if test.tier == tier and test.key in self.held]


def table_of(adopter_id: int, code: str, day: dt.date) -> Table | None:
    """The table of classes that a unit rates by on a day; ``None`` when its policy rates nobody."""
    version = policy.current_version(code, day)
    return _table(version.id, adopter_id, day) if version is not None else None


def table_for(case: Any) -> Table:
    """The table of classes of the pack that a case runs under; raises ``LookupError`` when it has none."""
    found = _table(case.pack_version_id, case.adopter_id, clock.today())
    if found is None:
        raise LookupError(f"{case.policy} rates nobody")
    return found


def _table(version_id: int, adopter_id: int, day: dt.date) -> Table | None:
    pack = policy.pack_for(version_id)
    if TIER not in pack.tiers or SLUG not in pack.cases:
        return None
    settings, tier = policy.settings_for(pack, adopter_id, day), pack.tiers[TIER]
    tests = tiering.prepared(tier, settings.resolve)
    return Table(settings, tier, tests, pack.code, version_id, adopter_id)


def judge(table: Table, known: Known, day: dt.date) -> Judged:
    """The class that the facts of a customer lead to."""
    found = facts.facts_of(known, table.settings, day)
    held = tuple(test.key for test in table.tests if test.holds(found.get))
    return Judged(tiering.reached(table.tier, table.tests, held) or C, held, found)


def judge_one(table: Table, customer_id: int, day: dt.date) -> tuple[Known, Judged]:
    """The class of one customer by the facts of a day."""
    known = facts.gather([customer_id], table.settings, day)[customer_id]
    return known, judge(table, known, day)


def fields_of(table: Table, known: Known, judged: Judged, day: dt.date) -> dict[str, Any]:
    """What a rating keeps of a judgement."""
    return {
        "rated_on": day, "computed_class": judged.tier, "criteria_a": judged.of(table, A),
        "criteria_c": judged.of(table, C), "survey_id": known.survey.id if known.survey else None,
        "evidence": evidence(table, known, judged, day),
    }  # fmt: skip


def put(record: Any, values: Mapping[str, Any]) -> None:
    """Fill columns of a row, those that are no fields of its register among them."""
    for name, value in values.items():
        setattr(record, name, value)


def evidence(table: Table, known: Known, judged: Judged, day: dt.date) -> dict[str, Any]:
    """Everything that led to a class, as one document: facts, the papers behind them, criteria that hold, bounds."""
    return {
        "day": day.isoformat(),
        "facts": {name: _plain(value) for name, value in judged.facts.items()},
        "papers": facts.papers_of(known, table.settings, day),
        "held": list(judged.held),
        "bounds": {
            test.key: {name: _plain(wanted) for name, bound, wanted in test.conditions if bound != tiering.AMONG}
            for test in table.tests
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


# -- opened anew -------------------------------------------------------------------------------------------------------


def rate(table: Table, ids: Sequence[int], day: dt.date) -> list[int]:
    """Judge some customers; those whose class has changed get a rating to be put up. The customers that did.

    Nothing is written for the others, nor for one whose rating is being decided.
    """
    known, last = facts.gather(ids, table.settings, day), latest(table.adopter_id, ids)
    fresh, stale = [], {}
    for key, one in known.items():
        judged, before = judge(table, one, day), last.get(key)
        if before is None or (before.status == IN_FORCE and before.computed_class != judged.tier):
            fresh.append(_row(table, one, judged, day, before))
        elif before.status == DRAFT and _differs(table, before, judged):
            stale[before.id] = (one, judged)
    _refresh(table, stale, day)
    _add(table, fresh, day)
    return [*(row["customer_id"] for row in fresh), *(one.id for one, _judged in stale.values())]


def latest(adopter_id: int, ids: Sequence[int]) -> dict[int, Any]:
    """The latest rating of each customer that is open or in force."""
    row = CreditRating
    found = sa.select(row.id, row.customer_id, row.status, row.computed_class, row.final_class, row.criteria_a,
                      row.criteria_c)  # fmt: skip
    found = found.where(row.customer_id.in_(ids), row.adopter_id == adopter_id, row.status.not_in(ENDED))
    return {each.customer_id: each for each in session.execute(found.order_by(row.id))}


def _differs(table: Table, before: Any, judged: Judged) -> bool:
    kept = (before.computed_class, before.criteria_a or [], before.criteria_c or [])
    return kept != (judged.tier, judged.of(table, A), judged.of(table, C))


def _refresh(table: Table, stale: Mapping[int, tuple[Known, Judged]], day: dt.date) -> None:
    """Ratings that nobody has put up yet follow the facts: locked, written and noted with three statements."""
    if not stale:
        return
    row = CreditRating.__table__.c
    seen = sa.select(row.id, *(row[name] for name in FOLLOWS)).where(row.id.in_(stale), row.status == DRAFT)
    before = session.execute(seen.order_by(row.id).with_for_update()).all()
    after = {found.id: fields_of(table, *stale[found.id], day) for found in before}
    if not after:
        return
    with audit.bulk_change("ratings follow the facts; each gets its own entry"):
        stamp = {"at": clock.now(), "by": actor.user_id()}
        session.execute(_following(), [{"key": key} | stamp | values for key, values in after.items()])
    for record in [one for one in session if isinstance(one, CreditRating) and one.id in after]:
        session.expire(record)
    audit.note_many(_note(table, found, after[found.id], day) for found in before)


@cache
def _following() -> sa.Update:
    row = CreditRating.__table__.c
    names = (*FOLLOWS, "criteria_a", "criteria_c", "evidence")
    stamp = {"changed_at": sa.bindparam("at", type_=UtcDateTime()), "changed_by_id": sa.bindparam("by")}
    values = {name: sa.bindparam(name, type_=row[name].type) for name in names} | stamp
    change = sa.update(CreditRating.__table__).where(row.id == sa.bindparam("key"))
    return change.values(values | {"row_version": row.row_version + 1})


def _note(table: Table, before: Any, after: Mapping[str, Any], day: dt.date) -> audit.Note:
    plain = CreditRating.register.fields
    changes = {
        name: [plain[name].kind.plain(old) if old is not None else None, plain[name].kind.plain(after[name])]
        for name in FOLLOWS if (old := getattr(before, name)) != after[name]
    }  # fmt: skip
    said = {"day": day.isoformat(), "tier": table.tier.classes[after["computed_class"]]}
    return audit.Note(SLUG, before.id, "act", RATED, said, "第12条", changes)


def _row(table: Table, known: Known, judged: Judged, day: dt.date, before: Any) -> dict[str, Any]:
    return {
        "customer_id": known.id, "cause": CHANGED if before else FIRST, "previous_id": before.id if before else None,
        "previous_class": before.final_class if before else None, **fields_of(table, known, judged, day),
    }  # fmt: skip


def _add(table: Table, rows: list[dict[str, Any]], day: dt.date) -> None:
    """Write ratings with one statement, each with its line in the history."""
    if not rows:
        return
    case = policy.pack_for(table.version_id).cases[SLUG]
    holder, now = case.states[case.start].holder, clock.now()
    unit_id = people.unit_of_post(f"{table.policy}.{holder.post}", people.path_of(table.adopter_id)) if holder else None
    shared = {
        "status": case.start, "policy": table.policy, "pack_version_id": table.version_id, "row_version": 1,
        "adopter_id": table.adopter_id, "state_since": now, "holder_unit_id": unit_id, "created_at": now,
        "holder_post": f"{table.policy}.{holder.post}" if holder else None, "changed_at": now,
    }  # fmt: skip
    homes = _homes([row["customer_id"] for row in rows])
    full = [row | shared | homes[row["customer_id"]] for row in rows]
    session.execute(sa.insert(CreditRating.__table__), full)
    keys = _drafts(table.adopter_id, case.start, [row["customer_id"] for row in full])
    classes = table.tier.classes
    audit.note_many(
        audit.Note(SLUG, keys[row["customer_id"]], "act", RATED,
                   {"day": day.isoformat(), "tier": classes[row["computed_class"]]}, "第13条")
        for row in full
    )  # fmt: skip


def _drafts(adopter_id: int, start: str, ids: Sequence[int]) -> dict[int, int]:
    """The ratings just written: each customer has one that is open."""
    row = CreditRating.__table__.c
    found = sa.select(row.customer_id, row.id).where(
        row.customer_id.in_(ids), row.adopter_id == adopter_id, row.status == start
    )
    return dict(session.execute(found).all())


def _homes(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = session.execute(sa.select(Customer.id, Customer.unit_id, Customer.owner_id).where(Customer.id.in_(ids)))
    return {row.id: {"unit_id": row.unit_id, "owner_id": row.owner_id} for row in rows}


def rerate(customer_ids: Iterable[int], unit_id: int) -> None:
    """Judge customers again after something about them changed, for the unit whose policy rates them."""
    day = clock.today()
    for found in policy.adopted(unit_id, day):
        table = table_of(found.unit_id, found.policy, day)
        if table is not None:
            rate(table, list(customer_ids), day)
            return


def leads_to_c(customer_id: int, adopter_id: int) -> bool:
    """Whether the facts have come to class C and the rating that says so is not decided yet."""
    last = latest(adopter_id, [customer_id]).get(customer_id)
    return last is not None and last.status != IN_FORCE and last.computed_class == C


def in_force(customer_id: int, adopter_id: int) -> CreditRating | None:
    """The approved rating of a customer that counts now."""
    row = CreditRating
    found = sa.select(row).filter_by(customer_id=customer_id, adopter_id=adopter_id, status=IN_FORCE)
    return session.scalar(found.order_by(row.id.desc()).limit(1))


give_number = complaints.give_number
