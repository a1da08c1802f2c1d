"""Drafts of forms, kept on the server: for one person alone, encrypted, gone when saved, discarded or old."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock, drafts
from app.core.db import session
from app.engines.sweeps import operations as sweeps
from tests.scenarios.desk import CONTROL, Desk, at
from tests.scenarios.editors import MANAGER, REP, form_of, opened, sent

ADD = "/customer/add"


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


def keep(person, form, status=200):
    answer = person.client.post("/drafts/keep", data=form | {"by": "script"})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def count(portal):
    with portal.app_context():
        return session.scalar(sa.select(sa.func.count()).select_from(drafts.FormDraft))


def test_a_draft_is_there_again_for_him_alone_and_gone_when_saved(portal, sign_in):
    rep = sign_in(REP)
    form = opened(rep, ADD)
    assert form["draft_place"] == ADD
    typed = form | {"name": "草稿公司", "contact_phone": "13912345678", "channels": ["phone", "email"]}
    assert keep(rep, typed) == {"at": "09:30"}
    with portal.app_context():
        raw = session.execute(sa.text("SELECT content FROM form_draft")).scalars().all()
    assert not any("草稿公司" in one or "13912345678" in one for one in raw)
    page = rep.client.get(f"{ADD}?_l_=zh").text
    assert "这是您 10-13 09:30 的草稿" in page
    again = form_of(page)
    assert (again["name"], again["contact_phone"]) == ("草稿公司", "13912345678")
    assert opened(sign_in(MANAGER), ADD)["name"] == ""
    keep(rep, again | {"name": "草稿公司二"})
    assert count(portal) == 1
    sent(rep, ADD, again | {"customer_no": "C-9"})
    assert count(portal) == 0


def test_a_refused_form_keeps_its_draft(portal, sign_in):
    rep = sign_in(REP)
    form = opened(rep, ADD) | {"name": ""}
    keep(rep, form)
    sent(rep, ADD, form, 422)
    assert count(portal) == 1


def test_without_scripts_a_button_keeps_it_and_another_discards_it(portal, sign_in):
    rep = sign_in(REP)
    form = opened(rep, f"{ADD}?name=%E4%B8%80") | {"city": "苏州"}
    answer = rep.client.post("/drafts/keep", data=form)
    assert answer.headers["Location"].endswith(f"{ADD}?name=%E4%B8%80")
    assert opened(rep, f"{ADD}?name=%E4%B8%80")["city"] == "苏州"
    assert opened(rep, ADD)["city"] == ""
    assert rep.client.post("/drafts/discard", data=form).status_code == 302
    assert count(portal) == 0


def test_a_draft_of_an_edit_meets_what_was_saved_since(sign_in):
    rep = sign_in(REP)
    own = rep.call("POST", "customer/", 201, customer_no="C-8", name="旧名")["id"]
    path = f"/customer/{own}/edit"
    keep(rep, opened(rep, path) | {"name": "草稿名"})
    sign_in(MANAGER).call("PUT", f"customer/{own}", name="经理名")
    form = opened(rep, path)
    assert form["name"] == "草稿名"
    page = sent(rep, path, form, 409)
    assert "经理名" in page
    sent(rep, path, form_of(page) | {"choose-name": "mine"})
    assert opened(rep, path)["name"] == "草稿名"


def test_a_draft_of_a_step_with_its_reason(sign_in):
    desk = Desk(sign_in)
    case = desk.open()
    sign_in(REP).move(case, "submit")
    path = f"/complaint/{case}/move/return_to_sales"
    control = sign_in(CONTROL)
    if control.client.get(path).status_code != 200:
        path = f"/complaint/{case}/move/accept"
    form = opened(control, path)
    keep(control, form | {"reason": "缺附件"})
    assert control.client.get(path).status_code == 200
    sent(control, path, form | {"reason": "缺附件"})


FOREIGN = ("", "/nothing/add", "/customer/1", "//evil/add", "/customer/add\n", "/deadline_clock/add")


@pytest.mark.parametrize("place", FOREIGN)
def test_what_is_no_form_of_the_person_keeps_nothing(sign_in, place):
    keep(sign_in(REP), {"draft_place": place, "name": "x"}, 404 if place == FOREIGN[-1] else 400)


def test_a_form_too_long_is_refused_with_a_sentence(sign_in):
    told = sign_in(REP).client.post("/drafts/keep?_l_=zh", data={"draft_place": ADD, "note": "长" * 200_001})
    assert told.status_code == 422
    assert "过长" in told.text


def test_old_drafts_are_swept(portal, sign_in):
    keep(sign_in(REP), opened(sign_in(REP), ADD))
    with portal.app_context():
        sweeps.sync()
        session.commit()
        for days, left in ((29, 1), (31, 0)):
            with clock.freeze(dt.datetime(2025, 10, 13, 9, 30) + dt.timedelta(days=days)):
                assert not sweeps.run("documents.drafts").error
            assert session.scalar(sa.select(sa.func.count()).select_from(drafts.FormDraft)) == left
