"""The dashboard: figures are those of a count row by row and lead to exactly their rows; foreign ones never count."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.visits.visit import Visit
from app.core import clock
from app.core.db import session
from app.core.scope import Participation
from app.core.words import entry_label
from app.engines.audit.operations import bulk_change
from app.engines.deadlines.models import DeadlineClock
from app.engines.people.models import OrgUnit
from app.engines.policy import stages
from app.screens.dashboard_charts import CHARTS
from tests.company import companies, portal
from tests.portal import find
from tests.unit.screens.office import CONTROL, MANAGER, asked, enter, office, told

__all__ = ["companies", "office", "portal"]


# -- recounted ---------------------------------------------------------------------------------------------------------


def reached(model, path):
    """The rows that somebody who sees a branch reaches: of its units, or sent to one of them."""
    units = {unit.id: unit.path for unit in session.scalars(sa.select(OrgUnit))}
    below = {key for key, one in units.items() if one.startswith(path)}
    slug = model.__tablename__
    sent = {p.record_id for p in session.scalars(sa.select(Participation).filter_by(register=slug))
            if p.unit_id in below}  # fmt: skip
    return [row for row in session.scalars(sa.select(model)) if row.unit_id in below or row.id in sent]


def month(instant):
    return f"{clock.to_local(instant):%Y-%m}"


def texts(counter):
    return {key: f"{number:,}" for key, number in counter.items()}


def recounted(path, first="2024-11"):
    """Each chart's first series, counted over the rows one by one."""
    rows = reached(Complaint, path)
    names = {unit.id: unit.name for unit in session.scalars(sa.select(OrgUnit))} | {None: "Not named yet"}
    life = stages.lifecycles("complaint")[rows[0].pack_version_id]
    open_ = [row for row in rows if not life.states[row.status].final]
    accepted = [row for row in rows if row.accepted_at and first <= month(row.accepted_at) <= "2025-10"]
    closed = [row for row in rows if row.closed_at and first <= month(row.closed_at)]
    late = [c for c in session.scalars(sa.select(DeadlineClock)) if c.stopped_at is None and c.due_at <= clock.now()]
    mine = {row.id for row in rows}
    return {
        "load": texts(Counter(month(row.accepted_at) for row in accepted)),
        "state": texts(Counter(str(life.states[row.status].label) for row in open_)),
        "unit": texts(Counter(names[row.unit_id] for row in accepted)),
        "responsible": texts(Counter(names[row.responsible_unit_id] for row in accepted)),
        "ageing": texts(Counter(map(band, open_))),
        "late": texts(Counter(f"B02 {entry_label(c.key)}" for c in late if c.record_id in mine)),
        "closing": average_days(closed),
        "answers": texts(Counter(month(v.visited_at) for v in reached(Visit, path)
                                 if first <= month(v.visited_at) and happy(v))),
    }  # fmt: skip


def band(row):
    if row.accepted_at is None:
        return "Not accepted"
    days = (clock.today() - clock.to_local(row.accepted_at).date()).days
    return next((f"{low}–{high}" for low, high in ((0, 7), (8, 14), (15, 30), (31, 60)) if low <= days <= high), "> 60")


def average_days(closed):
    found = {}
    for name in {month(row.closed_at) for row in closed}:
        took = [round((row.closed_at - row.accepted_at).total_seconds()) for row in closed
                if month(row.closed_at) == name]  # fmt: skip
        found[name] = str((Decimal(sum(took)) / 86400 / len(took)).quantize(Decimal("0.1")))
    return found


def happy(visit):
    return visit.rating in ("very", "yes") or (visit.rating is None and visit.satisfied is True)


@pytest.mark.parametrize(("who", "code"), [(CONTROL, "HX"), (MANAGER, "HX-SA")])
def test_every_figure_is_that_of_a_count_row_by_row(office, who, code):
    client = enter(office, who)
    with office.test_request_context("/?_l_=en"):
        wanted = recounted(find(OrgUnit, code=code).path)
    if client.get("/visit/").status_code == 403:
        assert client.get("/dashboard/data/answers").status_code == 404
        assert wanted.pop("answers")
    for key, figures in wanted.items():
        found = told(asked(client, key))
        assert found, key
        assert found == figures, key


@pytest.mark.parametrize("narrowed", ["unit", "policy=B02", "from=2025-08&to=2025-09"])
def test_every_figure_leads_to_exactly_its_rows(office, narrowed):
    client = enter(office, CONTROL)
    if narrowed == "unit":
        with office.app_context():
            narrowed = f"unit={find(OrgUnit, code='HX-SA').id}"
    followed = 0
    for key, chart in CHARTS.items():
        facts = asked(client, key, f"?{narrowed}")
        for line in facts["lines"]:
            numbers = [figure["text"] for figure in line["figures"]]
            for text, figure in zip(numbers, line["figures"], strict=True):
                if figure["url"]:
                    wanted = numbers[1] if key == "closing" else text
                    assert listed(client, figure["url"]) == int(wanted), (key, line["label"], figure["url"])
                    followed += 1
        assert not any(figure["url"] for line in facts["lines"] for figure in line["figures"] if not figure["value"])
        assert chart.slug in (facts["lines"][0]["figures"][0]["url"] or f"/{chart.slug}/")
    assert followed >= 20


def listed(client, url):
    answer = client.get(f"/api/v1{url}")
    assert answer.status_code == 200, (url, answer.text)
    return answer.json["count"]


def test_foreign_rows_are_never_counted(office):
    client = enter(office, MANAGER)
    before = {key: asked(client, key) for key in CHARTS if client.get(f"/dashboard/data/{key}").status_code == 200}
    with office.app_context():
        foreign = find(OrgUnit, code="ZZ").id
        taken = sa.select(Participation.record_id).filter_by(register="complaint")
        hidden = sa.select(Complaint.id).where(Complaint.unit_id == foreign, Complaint.id.not_in(taken))
        keys = list(session.scalars(hidden))
        with bulk_change("a test"):
            session.execute(sa.delete(DeadlineClock).where(DeadlineClock.record_id.in_(keys)))
            session.execute(sa.delete(Visit).where(Visit.complaint_id.in_(keys)))
            session.execute(sa.delete(Complaint).where(Complaint.id.in_(keys)))
        session.commit()
    assert len(keys) > 20
    assert {key: asked(client, key) for key in before} == before
