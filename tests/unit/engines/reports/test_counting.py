"""What a report counts over a period, on both databases."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_pcb import ComplaintPcb
from app.areas.customers.customer import Customer
from app.core import clock
from app.core.db import session
from app.engines.deadlines.models import DeadlineClock
from app.engines.people.models import OrgUnit
from app.engines.policy.calc import Settings
from app.engines.policy.models import PackVersion
from app.engines.reports import counting
from app.engines.reports.counting import Extent
from app.packs import schema

FIRST, AFTER = dt.datetime(2025, 9, 1), dt.datetime(2025, 10, 1)
NOW = dt.datetime(2025, 10, 1, 0, 10)


def at(day: int, hour: int = 10, month: int = 9):
    return clock.from_local(dt.datetime(2025, month, day, hour))


# case number, market, category, claimed, accepted, closed, previous: the last is the second form of the second
CASES = [
    ("250901", "domestic", "quality", "100.00", at(2), at(4), None),
    ("250902", "domestic", "non_quality", "200.50", at(3), at(9), None),
    ("250903", "overseas", "quality", None, at(10), None, None),
    ("250904", "overseas", None, "50.00", at(20, month=8), at(15), None),
    ("250905", "domestic", "quality", "9.00", at(20, month=8), at(15, month=8, hour=23), None),
    ("250902", "domestic", "quality", "300.50", at(11), at(30, hour=23), 2),
    ("251001", "domestic", "quality", "7.00", at(1, month=10), None, None),
]


@pytest.fixture
def cases(portal):
    """A handful of complaints with their clocks."""
    with portal.app_context(), clock.freeze(NOW):
        unit = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
        version = session.scalars(sa.select(PackVersion).filter_by(code="B02")).one()
        held = {
            "unit_id": unit["HX-SA"], "adopter_id": unit["HX"], "policy": "B02", "pack_version_id": version.id,
            "customer_id": session.scalar(sa.select(sa.func.min(Customer.id))), "title": "爆板",
        }  # fmt: skip
        for n, (number, market, category, claimed, accepted, closed, previous) in enumerate(CASES, start=1):
            session.add(
                Complaint(
                    id=n, case_no=number, number=f"{number}-{n}", market=market, category=category,
                    claimed_amount=claimed and Decimal(claimed), accepted_at=accepted,
                    closed_at=closed if not closed or closed > accepted else accepted, previous_id=previous,
                    version=2 if previous else 1, status="closed" if closed else "qc",
                    responsible_unit_id=unit["HX-M1"] if category == "quality" else None, **held,
                )
            )  # fmt: skip
            session.flush()
            session.add(ComplaintPcb(id=n, shipped_qty=100, defective_qty=n))
        session.add_all(limit(n, status, unit["HX-QC"], version.id, unit["HX"]) for n, status in LIMITS)
        session.commit()
        yield version, unit
        session.remove()


LIMITS = [(1, "met"), (2, "late_met"), (3, "running"), (4, "met"), (6, "cancelled")]


def limit(record, status, unit_id, version_id, adopter_id):
    """A clock that ended on 5 September, unless it runs."""
    stopped = None if status == "running" else at(5)
    return DeadlineClock(
        of_register="complaint", record_id=record, key="B02.step_qc", words={"zh": "品管", "en": "QC"},
        pack_version_id=version_id, adopter_id=adopter_id, tone="red", status=status, unit_id=unit_id, post="B02.qc",
        started_at=at(3), due_at=at(6), first_due_at=at(6), stopped_at=stopped, calendar="CN",
        breached_at=at(6) if status == "late_met" else None,
    )  # fmt: skip


def count(cases, figures, **over):
    """The figures of September in the unit that works by B02."""
    version, unit = cases
    content = copy.deepcopy(dict(version.content))
    content["reports"]["tried"] = {
        "label": {"zh": "试", "en": "Tried"}, "period": "month", "due": {"zh": "-", "en": "-"}, "audience": ["qc"],
        "contents": {"zh": "试", "en": "Tried"}, "figures": figures, "clause": "1", "basis": "assumed",
    }  # fmt: skip
    pack = schema.build(content)
    extent = {"first": clock.from_local(FIRST), "after": clock.from_local(AFTER), "now": clock.now(),
              "adopter_id": unit["HX"]} | over  # fmt: skip
    return counting.count(pack.reports["tried"].figures, Extent(Settings(pack), **extent))


def measures(**given):
    """Measures with a label each."""
    return {key: {"label": {"zh": key, "en": key}, **measure} for key, measure in given.items()}


def test_rows_are_counted_summed_and_averaged_in_the_period_of_their_field(cases):
    found = count(
        cases,
        {"register": "complaint", "at": "closed_at", "measures": measures(
            closed={"kind": "count"},
            cases={"kind": "count", "field": "case_no"},
            received={"kind": "count", "at": "accepted_at"},
            open={"kind": "count", "at": "accepted_at", "until": "closed_at"},
            claimed={"kind": "sum", "field": "claimed_amount"},
            mean={"kind": "average", "field": "claimed_amount"},
            most={"kind": "largest", "field": "claimed_amount"},
            least={"kind": "smallest", "field": "claimed_amount"},
            defective={"kind": "sum", "field": "defective_qty"},
            days={"kind": "duration", "since": "accepted_at", "to": "closed_at", "unit": "days"},
            closing={"kind": "rate", "of": "closed", "among": "received"},
            left={"kind": "formula", "expression": "received - closed"},
        )},
    )  # fmt: skip
    assert {key: str(value) for key, value in found.totals.items()} == {
        "closed": "4", "cases": "3", "received": "4", "open": "1", "claimed": "651.00", "mean": "162.75",
        "most": "300.50", "least": "50.00", "defective": "13", "days": "13.4", "closing": "100.00", "left": "0.00",
    }  # fmt: skip


def test_of_the_versions_of_a_case_the_last_counts(cases):
    counted = measures(cases={"kind": "count"}, claimed={"kind": "sum", "field": "claimed_amount"})
    figures = {"register": "complaint", "at": "closed_at", "once_per": "case_no", "groups": [{"by": ["category"]}],
               "measures": counted}  # fmt: skip
    found = count(cases, figures)
    assert found.totals == {"cases": 3, "claimed": Decimal("450.50")}
    assert [(row[0], row[1]["cases"]) for row in found.tables[0].rows] == [(("quality",), 2), ((None,), 1)]


def test_conditions_choose_rows_and_go_through_references(cases):
    chosen = {
        "quality": {"when": {"category": "quality"}},
        "unnamed": {"when": {"category": "none"}},
        "other": {"unless": {"category": "quality"}},
        "named": {"unless": {"category": ["none", "quality"]}},
        "large": {"at_least": {"claimed_amount": "100"}, "at_most": {"claimed_amount": "300"}},
        "again": {"when": {"previous_id.category": "non_quality"}},
        "many": {"at_least": {"defective_qty": "4"}},
    }
    figures = {"register": "complaint", "at": "closed_at",
               "measures": measures(**{key: {"kind": "count", **rows} for key, rows in chosen.items()})}  # fmt: skip
    assert count(cases, figures).totals == {
        "quality": 2, "unnamed": 1, "other": 2, "named": 1, "large": 2, "again": 1, "many": 2,
    }  # fmt: skip


def test_limits_are_counted_by_how_they_ended(cases):
    limits = {"kind": "clocks", "clocks": ["step_qc"]}
    figures = {"register": "complaint", "groups": [{"by": ["step_unit", "market"]}], "measures": measures(
        due=limits, late=limits | {"result": "late"}, kept=limits | {"result": "in_time"},
        running=limits | {"result": "open"}, punctual={"kind": "on_time", "clocks": ["step_qc"]},
        abroad={"kind": "on_time", "clocks": ["step_qc"], "when": {"market": "overseas"}},
    )}  # fmt: skip
    found = count(cases, figures)
    assert found.totals == {"due": 4, "late": 2, "kept": 2, "running": 1, "punctual": 50, "abroad": 50}
    unit = cases[1]["HX-QC"]
    assert [(row[0], row[1]["due"], row[1]["punctual"]) for row in found.tables[0].rows] == [
        ((unit, "domestic"), 2, 50), ((unit, "overseas"), 2, 50),
    ]  # fmt: skip


def test_a_table_shows_the_measures_that_fit_with_what_follows_from_them(cases):
    figures = {"register": "complaint", "at": "closed_at", "groups": [{"by": ["market"]}, {"by": ["step_post"]}],
               "measures": measures(
                   closed={"kind": "count"}, received={"kind": "count", "at": "accepted_at"},
                   closing={"kind": "rate", "of": "closed", "among": "received"},
                   late={"kind": "clocks", "clocks": ["step_qc"], "result": "late"},
               )}  # fmt: skip
    markets, posts = count(cases, figures).tables
    assert [(row[0][0], row[1]["closed"], row[1]["received"], row[1]["closing"]) for row in markets.rows] == [
        ("domestic", 3, 3, 100), ("overseas", 1, 1, 100),
    ]  # fmt: skip
    assert (posts.measures, posts.rows) == (("late",), ((("B02.qc",), {"late": Decimal(2)}),))


def test_a_period_without_rows_has_zeros_and_no_rates(cases):
    figures = {"register": "complaint", "at": "closed_at", "groups": [{"by": ["market"]}], "measures": measures(
        closed={"kind": "count"}, mean={"kind": "average", "field": "claimed_amount"},
        most={"kind": "largest", "field": "claimed_amount"}, twice={"kind": "rate", "of": "closed", "among": "closed"},
    )}  # fmt: skip
    found = count(cases, figures, first=at(1, month=11), after=at(1, month=12))
    assert found.totals == {"closed": 0, "mean": None, "most": None, "twice": None}
    assert found.tables[0].rows == ()


def test_another_unit_has_nothing(cases):
    figures = {"register": "complaint", "at": "closed_at", "measures": measures(closed={"kind": "count"})}
    assert count(cases, figures, adopter_id=cases[1]["HX-QC"]).totals == {"closed": 0}
