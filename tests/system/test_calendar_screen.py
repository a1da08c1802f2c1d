"""The calendar editor: a year as everybody sees it, days and notices as administrators change them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.calendar import operations as calendars
from app.engines.calendar.models import Calendar, CalendarDay, CalendarYear
from app.engines.deadlines import operations as deadlines
from tests.portal import counted, enter, find, portal, row_id
from tests.system.test_policy_screens import accepted, adopt, text

__all__ = ["portal"]
TODAY = clock.today()
YEAR = TODAY.year


def due(portal, key):
    """The closing limit of a case."""
    with portal.app_context():
        [whole] = [row for row in deadlines.open_clocks("complaint", key) if row.key == "B02.case"]
        return clock.to_local(whole.due_at)


def working_day(portal, after):
    """A working day of the present year that limits of today count, or none left in it."""
    with portal.app_context():
        days = calendars.calendar_for()
        return days.add_working_days(after, 2)


FORM = {"kind": "rest", "name_zh": "停电", "reason": "供电局通知"}


def test_a_year_shows_its_days_and_whether_it_is_announced(portal):
    client = enter(portal, "amy")
    assert client.get("/calendars/").headers["Location"].endswith(f"/calendars/CN/{YEAR}")
    page = text(client.get("/calendars/CN/2025"))
    assert re.search(r'class="hol" title="2025-10-01[^"]*国庆节"', page)
    assert re.search(r'class="mk" title="2025-10-11 ', page)
    assert re.search(r'class="wk" title="2025-10-12 ', page)
    assert "已公布" in page
    assert "name=\"notice\"" not in page
    assert "暂定" in text(client.get("/calendars/CN/2040"))
    assert "Nothing is announced for this year" in text(client.get("/calendars/CN/2040?_l_=en"))


@pytest.mark.parametrize("path", ["/calendars/XX/2025", "/calendars/CN/1066", "/calendars/CN/99999"])
def test_other_calendars_and_years_are_not_found(portal, path):
    assert enter(portal, "root").get(path).status_code == 404


def test_only_administrators_change_days(portal):
    client = enter(portal, "amy")
    page = text(client.get("/calendars/CN/2025?day=2025-10-10"))
    assert "2025-10-10" in page
    assert 'name="reason"' not in page
    for path in ("day/2025-10-10", "notice"):
        assert client.post(f"/calendars/CN/2025/{path}", data=FORM).status_code == 403
    portal.config["WTF_CSRF_ENABLED"] = True
    assert enter_root_posts(portal) == 400


def enter_root_posts(portal):
    portal.config["WTF_CSRF_ENABLED"] = False
    client = enter(portal, "root")
    portal.config["WTF_CSRF_ENABLED"] = True
    return client.post("/calendars/CN/2025/day/2025-10-10", data=FORM).status_code


def test_what_a_day_moves_is_shown_first_and_nothing_is_saved(portal):
    adopt(portal)
    key, day = accepted(portal), working_day(portal, TODAY)
    before, client = due(portal, key), enter(portal, "root")
    path = f"/calendars/CN/{day.year}/day/{day}"
    page = text(client.post(path, data=FORM | {"step": "preview"}))
    assert f"{before:%Y-%m-%d %H:%M}" in page
    assert 'value="save"' in page
    assert 'value="停电"' in page
    assert due(portal, key) == before
    with portal.app_context():
        assert session.scalar(sa.select(sa.func.count()).where(CalendarDay.source == "company")) == 0
    hidden = text(enter(portal, "sys").post(path, data=FORM | {"step": "preview"}))
    assert "不在您的查看范围" in hidden
    assert f"/complaint/{key}" not in hidden


def test_a_day_is_changed_with_its_reason_and_deadlines_move_at_once(portal):
    adopt(portal)
    key, day = accepted(portal), working_day(portal, TODAY)
    before, client = due(portal, key), enter(portal, "sys")
    path = f"/calendars/CN/{day.year}/day/{day}"
    assert client.post(path, data=FORM | {"step": "save"}).status_code == 302
    assert due(portal, key) > before
    course = text(enter(portal, "root").get(f"/complaint/{key}"))
    assert f"{before:%Y-%m-%d %H:%M}" in course
    with portal.app_context():
        home = f"/calendar/{row_id(Calendar, code='CN')}"
    assert "供电局通知" in text(enter(portal, "root").get(home))
    assert client.post(path, data={"kind": "official", "reason": "来电", "step": "save"}).status_code == 302
    assert due(portal, key) == before


def test_a_day_that_is_not_filled_in_says_what_is_missing(portal):
    client = enter(portal, "root")
    path = "/calendars/CN/2025/day/2025-10-10"
    refused = client.post(path, data={"kind": "rest", "name_en": "Power cut", "step": "save"})
    assert refused.status_code == 422
    assert "请填写理由" in text(refused)
    assert 'value="Power cut"' in text(refused)
    assert client.post(path, data={"step": "preview"}).status_code == 422
    assert client.post("/calendars/CN/2025/day/2025-13-10", data=FORM).status_code == 404
    assert client.post("/calendars/CN/2024/day/2025-10-10", data=FORM).status_code == 404


def test_a_change_that_was_seen_on_other_days_is_refused(portal):
    client = enter(portal, "root")
    with portal.app_context():
        seen = find(Calendar, code="CN").row_version
    first = FORM | {"step": "save", "row_version": str(seen)}
    assert client.post("/calendars/CN/2025/day/2025-10-10", data=first).status_code == 302
    again = client.post("/calendars/CN/2025/day/2025-10-13", data=first)
    assert again.status_code == 422
    assert "已被他人更改" in text(again)


NOTICE = """一、元旦：1月1日（周五）放假1天。
六、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


def test_a_notice_makes_its_year_firm(portal):
    client, path = enter(portal, "root"), "/calendars/CN/2027/notice"
    assert "暂定" in text(client.get("/calendars/CN/2027"))
    form = {"notice": NOTICE, "source": "国办发明电〔2026〕7号"}
    seen = text(client.post(path, data=form | {"step": "preview"}))
    assert "没有未结期限变动" in seen
    assert "国庆节" in seen
    with portal.app_context():
        assert session.scalars(sa.select(CalendarYear.status).where(CalendarYear.year == 2027)).one() == "provisional"
    assert client.post(path, data=form | {"step": "save"}).status_code == 302
    page = text(client.get("/calendars/CN/2027"))
    assert "国办发明电〔2026〕7号" in page
    assert re.search(r'class="mk" title="2027-10-09 ', page)
    with portal.app_context():
        assert not calendars.calendar_for().is_working(dt.date(2027, 10, 7))
        assert calendars.calendar_for().day(dt.date(2027, 10, 1)).name.en == "National Day"


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"source": ""}, "请注明通知文号"),
        ({"notice": ""}, "2027"),
        ({"notice": "2027-10-01, perhaps, x"}, "第 1 行"),
        ({"notice": "2027-10-01, holiday, x\n2027-10-01, holiday, y"}, "2027-10-01"),
        ({"notice": "2031-10-01, holiday, x"}, "2031-10-01"),
        ({"notice": "x" * 30_000}, "过长"),
    ],
)
def test_a_notice_that_cannot_be_read_is_refused_and_kept(portal, over, said):
    form = {"notice": NOTICE, "source": "国办发明电〔2026〕7号", "step": "save"} | over
    refused = enter(portal, "root").post("/calendars/CN/2027/notice", data=form)
    assert refused.status_code == 422
    assert said in text(refused)
    assert form["notice"][:20] in text(refused)


def test_several_calendars_stand_side_by_side(portal):
    with portal.app_context():
        session.add(Calendar(
            code="HK", name_zh="香港", name_en="Hong Kong", zone="Asia/Hong_Kong", office_hours="09:00-18:00",
            weekend=["7"], fixed_days={},
        ))  # fmt: skip
        session.commit()
    client = enter(portal, "root")
    page = text(client.get("/calendars/HK/2025"))
    assert 'href="/calendars/CN/2025"' in page
    assert re.search(r'class="" title="2025-10-11 ', page)
    assert client.post(
        "/calendars/HK/2025/notice", data={"notice": "2025-07-01, holiday, 回归纪念日", "source": "x", "step": "save"}
    ).status_code == 302  # fmt: skip
    assert "回归纪念日" in text(client.get("/calendars/HK/2025"))
    assert "回归纪念日" not in text(client.get("/calendars/CN/2025"))


def test_what_moves_costs_the_same_for_many_cases(portal):
    adopt(portal)
    accepted(portal)
    day, client = working_day(portal, TODAY), enter(portal, "root")

    def statements():
        with portal.app_context(), counted() as sent:
            path = f"/calendars/CN/{day.year}/day/{day}"
            assert client.post(path, data=FORM | {"step": "preview"}).status_code == 200
        return len(sent)

    statements()
    before = statements()
    for _number in range(6):
        accepted(portal)
    assert statements() == before
