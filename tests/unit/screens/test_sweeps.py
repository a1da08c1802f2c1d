"""The console of the sweeps and the call by which programs run them."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.deadlines.slip import UrgeSlip
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.sweeps import alone, operations, schedule
from app.engines.sweeps.models import SweepJob, SweepRun
from app.engines.sweeps.registry import sweeps
from app.engines.sweeps.words import in_words
from tests.portal import counted, enter, find, person, portal, token
from tests.unit.screens import cases
from tests.unit.screens.cases import MONDAY

assert portal
NOW = dt.datetime(2025, 10, 15, 10, 0)
DUE = "deadlines.due"
RUN = "/api/v1/sweep/deadlines.due/run"


@pytest.fixture
def office(portal):
    """Two complaints whose intake is late, an administrator of the system and an auditor."""
    with portal.app_context():
        people.give(person("watcher", find(OrgUnit, code="G"))[0], "security_auditor", find(OrgUnit, code="G"))
        cases.staff()
        portal.cases = [cases.submitted(MONDAY), cases.submitted(MONDAY)]
        with clock.freeze(NOW):
            operations.sync()
        session.remove()
    return portal


def page(client, path, status=200, **form):
    with clock.freeze(NOW):
        answer = client.post(path, data=form) if form else client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def signed_in(app, username):
    with clock.freeze(NOW):
        return enter(app, username)


def slips(app):
    with app.app_context():
        return list(session.scalars(sa.select(UrgeSlip.slip_no).order_by(UrgeSlip.id)))


def job(app, name=DUE):
    with app.app_context():
        return session.scalars(sa.select(SweepJob).filter_by(name=name)).one()


def test_every_sweep_with_its_schedule_in_words_and_its_clauses(office):
    text = page(signed_in(office, "root"), "/sweeps/?_l_=zh")
    with office.app_context():
        assert all(f'href="/sweeps/{name}"' in text for name in sweeps())
    assert "每日 00:10" in text
    assert 'href="/policy/B02?at=（十四）#（十四）"' in text
    assert "此巡检尚未运行" in text


def test_a_trial_shows_what_would_happen_and_saves_nothing(office):
    text = page(signed_in(office, "root"), f"/sweeps/{DUE}/try?_l_=zh", at="")
    assert "试运行" in text
    assert re.search(r"命中 <b[^>]*>2</b>", text)
    assert re.search(r"发单 <b[^>]*>2</b>", text)
    assert slips(office) == []
    with office.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(SweepRun.__table__)) == 0


def test_running_by_hand_first_names_the_slips(office):
    client = signed_in(office, "root")
    asked = page(client, f"/sweeps/{DUE}/run?_l_=zh", at="")
    assert "发出 2 张单" in asked
    assert 'name="confirmed" value="yes"' in asked
    assert slips(office) == []
    page(client, f"/sweeps/{DUE}/run?_l_=zh", 302, at="", confirmed="yes")
    assert len(slips(office)) == 2
    text = page(client, f"/sweeps/{DUE}?_l_=zh")
    for number in slips(office):
        assert number in text
    for case in office.cases:
        assert f'<a class="id" href="/complaint/{case}">' in text
    assert "未答复" in text
    # the second run finds nothing new
    assert "发出 0 张单" in page(client, f"/sweeps/{DUE}/run?_l_=zh", at="")


def test_the_slip_asked_for_and_one_out_of_reach(office):
    client = signed_in(office, "root")
    page(client, f"/sweeps/{DUE}/run", 302, at="", confirmed="yes")
    first, second = slips(office)
    assert f"催办单 {second}</h2>" in page(client, f"/sweeps/{DUE}?slip={quote(second)}&_l_=zh")
    assert f"催办单 {first}</h2>" in page(client, f"/sweeps/{DUE}?_l_=zh")
    assert "催办单 X-1</h2>" not in page(client, f"/sweeps/{DUE}?slip=X-1&_l_=zh")


def test_runs_before_are_paged_and_each_can_be_opened(office):
    client = signed_in(office, "root")
    with office.app_context(), clock.freeze(NOW):
        made = [operations.run(DUE).run_id for _number in range(11)]
    text = page(client, f"/sweeps/{DUE}")
    assert f"run={made[-1]}" in text
    assert f"run={made[0]}&" not in text
    older = re.search(rf'href="(/sweeps/{DUE}\?before=\d+)"', text)[1]
    assert f"run={made[0]}&" in page(client, older)
    assert f"#{made[4]}" in page(client, f"/sweeps/{DUE}?run={made[4]}&_l_=zh")
    page(client, f"/sweeps/{DUE}?run=999999", 404)
    page(client, f"/sweeps/people.tidy?run={made[0]}", 404)
    page(client, f"/sweeps/{DUE}?run=x", 400)
    page(client, "/sweeps/no.such", 404)


def test_for_an_earlier_time_but_not_for_a_later_one(office):
    client = signed_in(office, "root")
    later = page(client, f"/sweeps/{DUE}/run?_l_=zh", 422, at="2025-12-01T08:00", confirmed="yes")
    assert "不能按将来的时间运行" in later
    assert 'value="2025-12-01T08:00"' in later
    assert "不是日期时间" in page(client, f"/sweeps/{DUE}/try?_l_=zh", 422, at="soon")
    assert re.search(r"命中 <b[^>]*>2</b>", page(client, f"/sweeps/{DUE}/try?_l_=zh", at="2025-12-01T08:00"))
    page(client, f"/sweeps/{DUE}/run", 302, at="2025-10-13T10:00", confirmed="yes")
    assert slips(office) == []
    with office.app_context():
        kept = session.scalars(sa.select(SweepRun)).one()
        assert clock.to_local(kept.for_at).isoformat() == "2025-10-13T10:00:00+08:00"


def test_switching_off_and_on(office):
    client = signed_in(office, "root")
    page(client, f"/sweeps/{DUE}/switch?on=no", 302, nothing="")
    assert job(office).enabled is False
    assert "已停用" in page(client, "/sweeps/?_l_=zh")
    with office.app_context(), clock.freeze(NOW + dt.timedelta(days=3)):
        assert DUE not in operations.due_names()
    page(client, f"/sweeps/{DUE}/switch?on=yes", 302, nothing="")
    assert job(office).enabled is True


def test_another_schedule_is_checked_and_what_was_typed_stays(office):
    client = signed_in(office, "root")
    for wrong in ("5 0 * * 1", "whenever", "", "* " * 40):
        text = page(client, f"/sweeps/{DUE}/schedule", 422, schedule=wrong)
        assert f'value="{wrong.strip()}"' in text
    page(client, f"/sweeps/{DUE}/schedule", 302, schedule="35 17 * * mon-fri")
    assert job(office).schedule == "35 17 * * mon-fri"
    assert clock.to_local(job(office).next_run_at).strftime("%m-%d %H:%M") == "10-15 17:35"
    assert "周一至周五 17:35" in page(client, "/sweeps/?_l_=zh")


def test_who_may_only_look(office):
    client = signed_in(office, "watcher")
    text = page(client, "/sweeps/?_l_=zh")
    assert "每日 00:10" in text
    assert "立即运行" not in text
    assert 'role="switch"' not in text
    for act in ("try", "run", "switch", "schedule"):
        page(client, f"/sweeps/{DUE}/{act}", 403, at="", confirmed="yes", schedule="0 1 * * *")
    assert slips(office) == []
    page(signed_in(office, "rep"), "/sweeps/", 403)
    assert "/sweeps/" not in page(signed_in(office, "rep"), "/")


def test_trouble_is_named(office):
    with office.app_context():
        row = session.scalars(sa.select(SweepJob).filter_by(name=DUE)).one()
        at = clock.from_local(NOW)
        session.add(SweepRun(job_id=row.id, status="failed", for_at=at, started_at=at, ended_at=at, by_hand=False,
                             host="h", counts={}, findings=[], error="ValueError: broken"))
        row.next_run_at = at - dt.timedelta(hours=2)
        session.commit()
    text = page(signed_in(office, "root"), "/sweeps/?_l_=zh")
    assert "中断：ValueError: broken" in text
    assert "调度程序似乎没有运行" in text


def test_as_many_statements_for_many_findings_as_for_few(office):
    client = signed_in(office, "root")
    page(client, f"/sweeps/{DUE}/run", 302, at="", confirmed="yes")
    few = statements(office, client)
    with office.app_context():
        for _number in range(20):
            cases.submitted(MONDAY)
    page(client, f"/sweeps/{DUE}/run", 302, at="", confirmed="yes")
    assert len(slips(office)) == 22
    assert statements(office, client) == few


def statements(app, client):
    with app.app_context(), counted() as sent:
        page(client, f"/sweeps/{DUE}")
    return len(sent)


# -- REST --------------------------------------------------------------------------------------------------------------


def call(app, username, path=RUN, **body):
    with clock.freeze(NOW):
        return app.test_client().post(path, json=body, headers=token(app, username))


def test_rest_runs_and_answers_what_was_done(office):
    trial = call(office, "root", dry_run=True)
    assert (trial.status_code, trial.json["counts"]["slips"], trial.json["run_id"]) == (200, 2, None)
    assert slips(office) == []
    done = call(office, "root")
    assert done.status_code == 200
    assert done.json["counts"]["slips"] == 2
    assert {found["slip"] for found in done.json["findings"]} == set(slips(office))
    assert call(office, "root").json["counts"].get("slips", 0) == 0


def test_rest_for_a_time(office):
    early = call(office, "root", at="2025-10-13T10:00")
    assert (early.status_code, early.json["for_at"]) == (200, "2025-10-13T10:00:00+08:00")
    assert slips(office) == []
    later = call(office, "root", at="2099-01-01T00:00:00Z")
    assert (later.status_code, later.json["errors"][0]["field"]) == (422, "at")
    assert call(office, "root", at="2099-01-01", dry_run=True).status_code == 200
    for wrong in ({"at": "soon"}, {"at": 5}, {"dry_run": "yes"}):
        assert call(office, "root", **wrong).status_code == 422


def test_rest_refuses_strangers_and_the_unknown(office):
    assert call(office, "root", "/api/v1/sweep/no.such/run").status_code == 404
    assert call(office, "watcher").status_code == 403
    assert call(office, "rep").status_code == 403
    assert office.test_client().post(RUN, json={}).status_code == 401


def test_rest_says_so_when_it_is_being_run_elsewhere(office, monkeypatch):
    monkeypatch.setattr(alone, "try_lock", lambda _name: False)
    refused = call(office, "root")
    assert refused.status_code == 409
    assert slips(office) == []


def test_rest_tells_of_a_run_that_broke_off(office, monkeypatch):
    def broken(_at):
        raise ValueError("no luck")

    with office.app_context():
        found = sweeps()[DUE]
        monkeypatch.setitem(sweeps(), DUE, type(found)(found.name, found.title, found.schedule, broken))
    answer = call(office, "root")
    assert answer.status_code == 500
    assert "no luck" in answer.json["error"]
    with office.app_context():
        assert session.scalars(sa.select(SweepRun)).one().status == "failed"


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cron", "words"), [
    ("5 0 * * *", "every day at 00:05"), ("*/10 * * * *", "every 10 minutes"), ("* * * * *", "every minute"),
    ("15 * * * *", "every hour at minute 15"), ("0 */2 * * *", "every 2 hours at minute 0"),
    ("5,35 8 * * mon-fri", "Monday to Friday at 08:05, 08:35"), ("30 8 * * mon", "every Monday at 08:30"),
    ("20 0 1 * *", "on day 1 of every month at 00:20"), ("0 9 1 12 *", "every year on 12-01 at 09:00"),
    ("0 9-17 * * *", "0 9-17 * * *"), ("0 9 * * mon-wed", "0 9 * * mon-wed"),
])
def test_schedules_in_words(portal, cron, words):
    schedule.check(cron)
    with portal.test_request_context("/?_l_=en"):
        assert in_words(cron) == words


