"""The dashboard: figures are those of a count row by row and lead to exactly their rows; foreign ones never count."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections import Counter
from decimal import Decimal
from xml.etree import ElementTree

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
from app.engines.policy.models import PackVersion
from app.engines.privacy.models import AccessLog
from app.screens.dashboard_charts import CHARTS
from tests.company import PASSWORD, companies, portal
from tests.portal import counted, find

__all__ = ["companies", "portal"]
NOW = dt.datetime(2025, 10, 15, 10, 0)
FINAL, OPEN = "closed", ("qc", "production", "decided")
VISITING = "A08"  # a policy that asks customers on visits
KEYS = ("B02.case", "B02.intake")
MANAGER, CONTROL, CLERK = "songzhiwei", "hepeishan", "xuwenjing"


def enter(app, who):
    client = app.test_client()
    assert client.post("/login/", data={"username": who, "password": PASSWORD}).status_code == 302
    client.get("/lang/en")
    return client


def made(n, dice, units, version):
    """The n-th complaint: some are not accepted yet, some are open, and every third lies in another company."""
    accepted = clock.from_local(NOW) - dt.timedelta(days=dice.randrange(420), minutes=dice.randrange(1440))
    state = dice.choice((FINAL, FINAL, *OPEN, "draft"))
    return {
        "id": n, "policy": "B02", "pack_version_id": version, "adopter_id": units["HX"], "title": f"投诉 {n}",
        "unit_id": units[dice.choice(("HX-SA", "HX-QC", "ZZ"))], "case_no": f"K{n}", "number": f"K{n}",
        "status": state, "accepted_at": None if state == "draft" else accepted,
        "closed_at": min(accepted + dt.timedelta(hours=dice.randrange(900)), clock.from_local(NOW))
        if state == FINAL else None,
        "category": dice.choice(("quality", "non_quality", None)),
        "responsible_unit_id": dice.choice((units["HX-M1"], units["HX-M2"], None)),
    }  # fmt: skip


def clock_of(row, key, dice):
    stopped = clock.from_local(NOW) if row["status"] == FINAL else None
    due = clock.from_local(NOW) + dt.timedelta(days=dice.choice((-3, 4)))
    return {
        "of_register": "complaint", "record_id": row["id"], "key": key, "words": {"zh": "时限", "en": "Limit"},
        "pack_version_id": row["pack_version_id"], "adopter_id": row["adopter_id"], "tone": "red", "state": "qc",
        "status": "met" if stopped else "running", "unit_id": row["unit_id"], "started_at": due, "due_at": due,
        "first_due_at": due, "stopped_at": stopped, "calendar": "CN", "adjustments": [], "provisional": False,
        "level": 0,
    }  # fmt: skip


def visit_of(row, dice, version):
    rating = dice.choice((None, "very", "yes", "fair", "no"))
    return {
        "visit_no": f"V{row['id']}", "kind": "return_visit", "complaint_id": row["id"], "unit_id": row["unit_id"],
        "policy": VISITING, "pack_version_id": version, "adopter_id": row["adopter_id"],
        "status": "made", "visited_at": row["closed_at"], "rating": rating,
        "satisfied": dice.choice((True, False, None)) if rating is None else None,
    }  # fmt: skip


def fill(first, number):
    """So many complaints with clocks and visits, the same in every run."""
    dice = random.Random(first)
    if session.scalar(sa.select(OrgUnit.id).filter_by(code="ZZ")) is None:
        session.add(OrgUnit(code="ZZ", name="别家公司", kind="company"))
        session.flush()
    units = dict(session.execute(sa.select(OrgUnit.code, OrgUnit.id)).all())
    version, visiting = (session.scalars(sa.select(PackVersion.id).filter_by(code=code)).one()
                         for code in ("B02", VISITING))  # fmt: skip
    rows = [made(n, dice, units, version) for n in range(first, first + number)]
    session.execute(sa.insert(Complaint), rows)
    session.execute(sa.insert(DeadlineClock), [clock_of(row, key, dice) for row in rows for key in KEYS])
    session.execute(sa.insert(Visit), [visit_of(row, dice, visiting) for row in rows if row["closed_at"]])
    sent = [row["id"] for row in rows if row["unit_id"] == units["ZZ"] and row["id"] % 10 == 0]
    session.execute(sa.insert(Participation), [
        {"register": "complaint", "record_id": key, "unit_id": units["HX-SA"], "employee_id": None} for key in sent
    ])  # fmt: skip
    session.commit()


@pytest.fixture
def office(portal):
    """Complaints of two companies over fourteen months."""
    with portal.app_context(), clock.freeze(NOW):
        fill(1, 240)
        session.remove()
    with clock.freeze(NOW):
        yield portal


def asked(client, key, query=""):
    answer = client.get(f"/dashboard/data/{key}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def told(facts, place=0):
    """The figures of a series by label, those that are not nought."""
    found = ((line["label"], line["figures"][place]["text"]) for line in facts["lines"])
    return {label: text for label, text in found if text not in ("0", "—")}


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


# -- who, what, how --------------------------------------------------------------------------------------------------


def test_only_who_reads_more_than_his_own_cases_is_let_in(office):
    clerk, manager = enter(office, CLERK), enter(office, MANAGER)
    for path in ("/dashboard/", "/dashboard/data/load", "/dashboard/print"):
        assert clerk.get(path).status_code == 403
        assert manager.get(path).status_code == 200
    assert 'href="/dashboard/"' not in clerk.get("/").text
    assert 'href="/dashboard/"' in manager.get("/").text


WRONG = {
    "from=x": "as in 2025-09", "from=2025-10&to=2025-09": "1 to 36 months", "from=2020-01": "1 to 36 months",
    "policy=Z99": "no policy", "unit=999999": "no unit", "unit=x": "no unit",
}  # fmt: skip


def test_a_wrong_filter_is_named_and_an_unknown_chart_is_404(office):
    client = enter(office, CONTROL)
    for query, said in WRONG.items():
        answer = client.get(f"/dashboard/?{query}")
        assert answer.status_code == 400, query
        assert said in answer.text, query
    assert client.get("/dashboard/data/none").status_code == 404
    assert client.get("/dashboard/print?chart=none").status_code == 404


def test_without_rows_a_chart_says_so(office):
    facts = asked(enter(office, CONTROL), "load", "?from=2020-01&to=2020-02")
    assert facts["empty"]
    assert told(facts) == {}


def test_the_shell_has_no_figures_and_statements_do_not_grow(office):
    client, paths = enter(office, CONTROL), ["/dashboard/", *(f"/dashboard/data/{key}" for key in CHARTS)]

    def sent(path):
        client.get(path)
        with office.app_context(), counted() as found:
            assert client.get(path).status_code == 200
        return found

    before = {path: sent(path) for path in paths}
    assert not [one for one in before["/dashboard/"] if "count(" in one and "complaint" in one]
    assert max(map(len, before.values())) <= 9
    with office.app_context():
        fill(1000, 900)
    assert {path: len(sent(path)) for path in paths} == {path: len(found) for path, found in before.items()}


# -- paper and Excel ---------------------------------------------------------------------------------------------------


def sheets(answer):
    book, main = zipfile.ZipFile(io.BytesIO(answer.data)), "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for name in sorted(one for one in book.namelist() if "worksheets/" in one):
        rows = ElementTree.fromstring(book.read(name)).iter(f"{main}row")
        yield [["".join(cell.itertext()) for cell in row.iter(f"{main}c")] for row in rows]


def test_the_workbook_holds_exactly_the_figures_and_the_log_knows(office):
    client = enter(office, CONTROL)
    facts = asked(client, "state", "?policy=B02")
    answer = client.get("/dashboard/export?policy=B02&chart=state")
    (found,) = sheets(answer)
    assert found[0] == ["State", "Open cases"]
    assert found[1:] == [[line["label"], line["figures"][0]["text"]] for line in facts["lines"]]
    with office.app_context():
        line = session.scalars(sa.select(AccessLog).order_by(AccessLog.id.desc())).first()
        assert (line.act, line.of_register, line.rows) == ("export", "complaint", len(facts["lines"]))
        assert line.facts == {"dashboard": ["state"], "filters": {"policy": "B02"}}


def test_who_may_not_export_is_offered_none_and_refused(office):
    client = enter(office, MANAGER)
    assert "/dashboard/export" not in client.get("/dashboard/").text
    assert client.get("/dashboard/export").status_code == 403
    assert "/dashboard/export" in enter(office, CONTROL).get("/dashboard/").text


def test_paper_shows_the_same_figures(office):
    client = enter(office, CONTROL)
    text = client.get("/dashboard/print?chart=unit").text
    for line in asked(client, "unit")["lines"]:
        assert f"<td>{line['label']}</td>" in text
        assert f'<td class="end">{line["figures"][0]["text"]}</td>' in text
