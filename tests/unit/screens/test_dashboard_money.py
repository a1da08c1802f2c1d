"""Dashboards of credit and losses: sums row by row, the list behind each figure, and who may look."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.screens.dashboard_boards import BOARDS
from tests.demo import demo, founded
from tests.portal import counted, enter

__all__ = ["demo", "founded"]
MONEY = [(board.key, chart) for board in BOARDS.values() if board.key != "complaints" for chart in board.charts]


@pytest.fixture
def office(demo):
    client = enter(demo, "root")
    client.get("/lang/en")
    return client


def asked(client, chart, query=""):
    answer = client.get(f"/dashboard/data/{chart}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def total_of(facts, place=0):
    return sum(Decimal(line["figures"][place]["text"].replace(",", "")) for line in facts["lines"])


def summed(slug, amount, *states, less=()):
    model = registers()[slug].model
    rows = session.scalars(sa.select(model).where(model.status.in_(states))).all()
    return sum((getattr(row, amount) or 0) - sum(getattr(row, name) or 0 for name in less) for row in rows)


def test_what_is_owed_is_the_sum_of_what_is_open(office, demo):
    facts = asked(office, "owed")
    with demo.app_context():
        deals = summed("credit_deal", "amount", "open", "overdue", less=["settled_amount"])
        sent = summed("shipment", "amount", "released", "shipped", "overdue", less=["returned_amount", "paid_amount"])
        session.remove()
    assert deals + sent > 0
    assert (total_of(facts, 0), total_of(facts, 1)) == (deals, sent)
    assert [line["label"] for line in facts["lines"]] == ["Not due yet", "1–30", "31–60", "61–90", "> 90"]


def test_losses_are_those_of_approved_sheets(office, demo):
    wide = "?from=2024-01&to=2026-12"
    facts, by_unit = asked(office, "losses", wide), asked(office, "losses_by_unit", wide)
    with demo.app_context():
        losses = summed("loss_sheet", "loss_total", "approved")
        session.remove()
    assert losses > 0
    assert total_of(facts) == total_of(by_unit) == losses


@pytest.mark.parametrize(("board", "chart"), MONEY)
def test_every_figure_leads_to_exactly_its_rows(office, board, chart):
    facts = asked(office, chart, "?from=2024-12&to=2026-11")
    assert len(facts["series"]) >= 1
    for line in facts["lines"]:
        for place, figure in enumerate(line["figures"]):
            if not figure["url"]:
                continue
            slug = figure["url"].split("/")[1]
            found = office.get(figure["url"].replace(f"/{slug}/", f"/api/v1/{slug}/") + "&size=100")
            assert found.status_code == 200, figure["url"]
            assert found.json["count"] > 0, (line["label"], place)
            if "yuan" not in facts["series"][place]["label"]:
                assert figure["text"] == f"{found.json['count']:,}"
    assert office.get(f"/dashboard/?board={board}").status_code == 200


def test_a_board_is_open_to_those_who_read_its_rows(office, demo):
    finance = enter(demo, "gxpengjie")
    page = finance.get("/dashboard/?board=credit").text
    assert 'data-chart="/dashboard/data/owed' in page
    assert not re.search(r'data-chart="/dashboard/data/(load|losses)', page)
    assert finance.get("/dashboard/data/owed").status_code == 200
    controller, manager = enter(demo, "gxcuiying"), enter(demo, "songzhiwei")
    for client, open_, shut in ((controller, "credit", "complaints"), (manager, "complaints", "credit")):
        assert client.get(f"/dashboard/?board={open_}").status_code == 200
        assert client.get(f"/dashboard/?board={shut}").status_code == 403
    assert controller.get("/dashboard/data/load").status_code == 403
    assert 'data-chart="/dashboard/data/owed' in controller.get("/dashboard/").text, "his first one"
    clerk = enter(demo, "xuwenjing")
    assert clerk.get("/dashboard/?board=credit").status_code == 403
    assert clerk.get("/dashboard/export?board=losses").status_code == 403
    assert office.get("/dashboard/?board=none").status_code == 404
    assert office.get("/dashboard/data/owed?board=losses").status_code == 404


@pytest.mark.parametrize(("board", "chart"), MONEY)
def test_a_chart_costs_a_few_statements(office, demo, board, chart):
    office.get(f"/dashboard/data/{chart}")
    with demo.app_context(), counted() as found:
        assert office.get(f"/dashboard/data/{chart}?board={board}").status_code == 200
    assert len(found) <= 10
