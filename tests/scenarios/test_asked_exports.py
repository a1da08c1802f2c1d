"""Exports above a threshold: asked for, allowed by somebody else, taken until the time ends, each time logged."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.exchange import asking
from app.engines.exchange.asked_models import EXPIRED, GRANTED, ExportRequest, ExportRule
from app.engines.notifications.models import OutboxMessage
from app.engines.people import shipped
from app.engines.privacy.models import AccessLog
from tests.scenarios.desk import GENERAL, MANAGER, REP, at
from tests.scenarios.seats import customers, employee_id

WHY = {"format": "csv", "reason": "年度客户核对"}


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def few(portal):
    """More than three rows have to be allowed, more than one with personal columns; who asks may export."""
    with portal.app_context():
        shipped.sync_roles()
        asking.change_rule({"most_rows": 3, "most_personal": 1})
        from flask_appbuilder.security.sqla.models import Role

        pair = shipped._pair_ids()["customer", "export"]
        role = session.scalar(sa.select(Role.id).filter_by(name="salesperson"))
        shipped._grant([(role, pair)])
        session.commit()


def asked(client, query="", **over):
    """The number of the request that an export became."""
    answer = client.post(f"/exports/customer{query}", data=WHY | over, buffered=True)
    assert answer.status_code == 302, answer.text
    return int(re.search(r"/export_request/(\d+)$", answer.headers["Location"])[1])


def move(client, key, name, status=302, **given):
    answer = client.post(f"/export_request/{key}/move/{name}", data=given)
    assert answer.status_code == status, answer.text[-900:]


def exports(portal):
    with portal.app_context():
        lines = session.scalars(sa.select(AccessLog).filter_by(act="export", of_register="customer"))
        return [(line.rows, (line.facts or {}).get("request"), line.reason) for line in lines]


def test_few_rows_go_out_at_once_and_many_have_to_be_allowed(portal, sign_in, few):
    customers(portal, REP, 5)
    rep, boss = sign_in(REP).client, sign_in(GENERAL).client
    small = rep.post("/exports/customer?name=许多客户1", data=WHY | {"column": ["customer_no", "name"]}, buffered=True)
    assert small.status_code == 200
    assert len(exports(portal)) == 1
    key = asked(rep, column=["customer_no", "name"])
    assert len(exports(portal)) == 1
    assert rep.get(f"/export_requests/{key}/file").status_code == 403
    assert boss.get(f"/export_requests/{key}/file").status_code == 404
    with portal.app_context():
        request = session.get(ExportRequest, key)
        assert request.row_count >= 5
        person = session.scalar(sa.select(OutboxMessage.person_id).filter_by(event=f"approval.export:{key}").limit(1))
        assert person in asking.deciders(request)
        assert request.owner_id not in asking.deciders(request)
    move(boss, key, "grant", opinion="同意")
    rows = rep.get(f"/export_requests/{key}/file", buffered=True)
    assert rows.status_code == 200
    assert rows.text.count("许多客户") == 5
    count, number, why = exports(portal)[-1]
    assert (count >= 5, number, why) == (True, key, WHY["reason"])
    with portal.app_context():
        assert session.get(ExportRequest, key).taken == 1
    assert f"/export_requests/{key}/file" in rep.get(f"/export_request/{key}").text


def test_personal_columns_have_a_lower_threshold_and_need_a_reason(portal, sign_in, few):
    customers(portal, REP, 2)
    rep = sign_in(REP).client
    with portal.app_context():
        from app.core.register import registers

        personal = next(iter(registers()["customer"].personal))
    chosen = {"column": ["customer_no", personal]}
    query = "?name__prefix=许多客户"
    assert rep.post(f"/exports/customer{query}", data=WHY | chosen | {"reason": ""}).status_code == 422
    key = asked(rep, query, **chosen)
    with portal.app_context():
        assert session.get(ExportRequest, key).personal_columns
        assert session.get(ExportRequest, key).narrowed_by


def test_nobody_allows_his_own_and_a_refusal_says_why(portal, sign_in, few):
    customers(portal, REP, 5)
    rep, boss = sign_in(REP).client, sign_in(GENERAL).client
    key = asked(rep)
    move(rep, key, "grant", 403)
    assert f"/export_request/{key}/move/grant" not in rep.get(f"/export_request/{key}").text
    assert f"/export_request/{key}/move/grant" in boss.get(f"/export_request/{key}").text
    move(boss, key, "withdraw", 403)
    move(boss, key, "refuse", 422)
    move(boss, key, "refuse", reason="用途不清楚")
    assert rep.get(f"/export_requests/{key}/file").status_code == 403
    with portal.app_context():
        told = session.scalar(sa.select(OutboxMessage).filter_by(event=f"approval.refused:export{key}"))
        assert told.params["why"] == "用途不清楚"
    move(rep, asked(rep), "withdraw")


def test_the_time_of_a_file_ends(portal, sign_in, few):
    customers(portal, REP, 5)
    rep = sign_in(REP).client
    key = asked(rep)
    move(sign_in(GENERAL).client, key, "grant")
    with at("2025-10-16 09:31"):
        assert rep.get(f"/export_requests/{key}/file").status_code == 403
        with portal.app_context():
            assert session.get(ExportRequest, key).status == GRANTED
            assert list(asking.expire(clock.now())) == [{"hit": 1}]
            session.commit()
            assert session.get(ExportRequest, key).status == EXPIRED


def test_a_program_is_told_that_it_has_to_wait(portal, sign_in, few):
    customers(portal, REP, 5)
    rep = sign_in(REP)
    told = rep.call("POST", "exports/customer", 202, reason=WHY["reason"], format="csv")
    assert told["status"] == "asked"
    with portal.app_context():
        request = session.get_one(ExportRequest, told["request"])
        assert (request.asked["format"], request.owner_id) == ("csv", employee_id(portal, REP))


def test_the_numbers_are_changed_by_the_administrator_alone(portal, sign_in):
    assert sign_in(MANAGER).client.get("/export_rules/").status_code == 403
    with portal.app_context():
        shipped.sync_roles()
        assert asking.rule() == asking.Rule(5000, 500, 3, 14)
        assert asking.needed(501, 1)
        assert not asking.needed(500, 1)
        assert not asking.needed(5000, 0)
        assert asking.needed(5001, 0)
        asking.change_rule({"most_rows": 9})
        session.flush()
        assert session.scalars(sa.select(ExportRule)).one().most_personal == 500
