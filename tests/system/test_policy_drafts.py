"""Policies on the screens: drafts, adoption, settings of a unit, and what lists cost."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.core.db import session
from app.engines.notifications.models import OutboxMessage
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import drafting
from app.engines.policy import operations as policy
from app.engines.policy.models import PackVersion, PolicyAdoption, PolicyParameter
from tests.portal import counted, enter, find, portal, row_id
from tests.system.policies import TODAY, accepted, adopt, chief, rows, text

__all__ = ["chief", "portal"]


# -- drafts ----------------------------------------------------------------------------------------------------------


LIMIT, QUALITY = "clocks.case.allowances.0.number", "parameters.qc_days.value"


def draft(client, values=(), reason="更快"):
    """Keep a draft in which the closing limit of domestic cases is ten days; ``values`` by their place in the pack."""
    with client.application.app_context():
        known = drafting.editable(policy.pack_for(row_id(PackVersion, code="B02", version=2)))
        names = {path: value.name for value in known for path in value.paths}
    form = {names[path]: text for path, text in {LIMIT: "10", **dict(values)}.items()}
    return client.post("/policy/B02/2/values", data=form | {"reason": reason})


def test_values_make_a_draft_and_a_refusal_keeps_what_was_typed(portal):
    client = enter(portal, "sys")
    refused = draft(client, {QUALITY: "99"}, reason="")
    assert refused.status_code == 422
    page = text(refused)
    assert 'value="99"' in page
    assert "不高于 10" in page
    assert "请填写理由" in page
    made = draft(client)
    assert made.headers["Location"].endswith("/policy/B02/compare?new=3")
    shown = text(client.get(made.headers["Location"]))
    assert "clocks.case.allowances.0.number" in shown
    assert "结案期限" in shown
    assert "更快" in shown
    assert "Time limits" in text(client.get(made.headers["Location"] + "&_l_=en"))


def test_text_lists_every_fault_with_its_place_and_loses_nothing(portal):
    client = enter(portal, "sys")
    page = text(client.get("/policy/B02/2/text"))
    assert "version: &#39;3&#39;" in page
    with portal.app_context():
        written = drafting.as_text(find(PackVersion, code="B02"))
    wrong = written.replace("basis: assumed", "basis: guessed", 1).replace("responsible: qc", "responsible: nobody", 1)
    refused = client.post("/policy/B02/2/text", data={"text": wrong, "reason": "x"})
    assert refused.status_code == 422
    assert "calendar.basis：" in text(refused) or "calendar.basis:" in text(refused)
    assert "basis: guessed" in text(refused)
    other = wrong.replace("basis: guessed", "basis: assumed")
    assert "nobody" in text(client.post("/policy/B02/2/text", data={"text": other, "reason": "x"}))
    register = written.replace("register: written_report", "register: no_such_thing")
    assert "no_such_thing" in text(client.post("/policy/B02/2/text", data={"text": register, "reason": "x"}))
    assert client.post("/policy/B02/2/text", data={"text": written, "reason": "x"}).status_code == 302


def test_a_long_text_is_edited_by_chapters(portal):
    client = enter(portal, "sys")
    first = text(client.get("/policy/B02/2/text"))
    ways = [unescape(way) for way in re.findall(r'href="(/policy/B02/2/text\?chapter=[^"]+)"', first)]
    with portal.app_context():
        whole = drafting.as_text(find(PackVersion, code="B02"))
    pieces = [written(client, way) for way in ways]
    assert len(pieces) > 2
    assert "".join(pieces) == whole
    last = {"chapter": parse_qs(urlsplit(ways[-1]).query)["chapter"][0], "reason": "x"}
    wrong = last | {"text": pieces[-1].replace("basis: stated", "basis: guessed", 1).replace("\n", "\r\n")}
    refused = client.post("/policy/B02/2/text", data=wrong)
    assert refused.status_code == 422
    assert written(refused).count("\n") == pieces[-1].count("\n")
    whole_page = client.post("/policy/B02/2/text", data=wrong | {"whole": "1"})
    assert whole_page.status_code == 200
    assert written(whole_page) == whole[: -len(pieces[-1])] + pieces[-1].replace("basis: stated", "basis: guessed", 1)
    right = last | {"text": re.sub(r"zh: (?=\w)", "zh: 新的", pieces[-1], count=1)}
    assert client.post("/policy/B02/2/text", data=right).status_code == 302
    with portal.app_context():
        made, kept = (drafting.as_text(find(PackVersion, code="B02", version=number)) for number in (3, 2))
    assert made.replace("zh: 新的", "zh: ", 1) == kept


def written(client, path=""):
    """The text in the field of a page."""
    page = text(client.get(path) if path else client)
    return unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])


def test_only_the_post_of_the_policy_approves_and_never_the_own_draft(portal, chief):
    admin = enter(portal, "sys")
    draft(admin)
    assert "修订由总经理核准" in text(enter(portal, "root").get("/policy/B02/compare?new=3"))
    day = {"effective_from": TODAY.isoformat()}
    assert admin.post("/policy/B02/3/approve", data=day).status_code == 403
    with portal.app_context():
        told = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.event.startswith("policy.draft"))).all()
        assert [(message.person_id, message.url) for message in told] == [
            (row_id(Employee, number="GUS"), "/policy/B02/compare?new=3")
        ]
    boss = enter(portal, chief)
    assert "核准并生效" in text(boss.get("/policy/B02/compare?new=3"))
    for wrong in ("", "soon", (TODAY - dt.timedelta(days=1)).isoformat()):
        refused = boss.post("/policy/B02/3/approve", data={"effective_from": wrong})
        assert refused.status_code == 422
        assert f'value="{wrong or TODAY.isoformat()}"' in text(refused)
    later = (TODAY + dt.timedelta(days=5)).isoformat()
    assert boss.post("/policy/B02/3/approve", data={"effective_from": later}).status_code == 302
    assert re.search(r'is-info">(Later|以后|将来|稍后)', text(boss.get("/policy/B02/3")))
    assert boss.post("/policy/B02/3/approve", data=day).status_code == 422


def test_the_author_does_not_approve_even_with_the_post(portal, chief):
    with portal.app_context():
        people.give(find(Employee, number="GUS"), "system_admin", find(OrgUnit, code="G"))
        session.commit()
    boss = enter(portal, chief)
    draft(boss)
    page = text(boss.get("/policy/B02/compare?new=3"))
    assert "核准并生效" not in page
    assert boss.post("/policy/B02/3/approve", data={"effective_from": TODAY.isoformat()}).status_code == 422


def test_a_draft_is_given_up(portal):
    client = enter(portal, "sys")
    draft(client)
    assert client.post("/policy/B02/3/discard", data={"reason": ""}).status_code == 422
    assert client.post("/policy/B02/3/discard", data={"reason": "不改了"}).status_code == 302
    assert client.post("/policy/B02/2/discard", data={"reason": "x"}).status_code == 422
    assert "不改了" in text(client.get("/policy/B02/3"))


def test_running_cases_go_over_only_when_asked(portal, chief):
    adopt(portal)
    key = accepted(portal)
    admin, root = enter(portal, "sys"), enter(portal, "root")
    draft(admin)
    enter(portal, chief).post("/policy/B02/3/approve", data={"effective_from": TODAY.isoformat()})
    with portal.app_context():
        assert session.get_one(Complaint, key).pack_version_id == row_id(PackVersion, code="B02", version=2)
    hidden, shown = text(admin.get("/policy/B02/3/cases")), text(root.get("/policy/B02/3/cases"))
    assert "不在您的查看范围" in hidden
    assert f"/complaint/{key}" not in hidden
    assert f"/complaint/{key}" in shown
    assert "提前" in shown
    assert admin.post("/policy/B02/3/cases", data={"reason": ""}).status_code == 422
    assert admin.post("/policy/B02/2/cases", data={"reason": "x"}).status_code == 422
    assert admin.post("/policy/B02/3/cases", data={"reason": "统一"}).status_code == 302
    with portal.app_context():
        assert session.get_one(Complaint, key).pack_version_id == row_id(PackVersion, version=3)
    course = text(root.get(f"/complaint/{key}"))
    assert "改按第 3 版办理" in course
    assert "统一" in course
    assert 'href="/policy/B02/3?at=' in course
    assert "没有案件按其他版本办理" in text(root.get("/policy/B02/3/cases"))


# -- adoption and settings -------------------------------------------------------------------------------------------


def test_a_policy_is_adopted_refused_and_ended(portal):
    client = enter(portal, "sys")
    with portal.app_context():
        group = row_id(OrgUnit, code="G")
    page = text(client.get("/policy/adoption/"))
    assert "cannot be adopted" in text(client.get("/policy/adoption/?_l_=en"))
    assert page.count('href="/policy/adoption/adopt?policy=B02') == 1
    form = {"policy": "B02", "unit_id": str(group), "valid_from": TODAY.isoformat()}
    assert client.post("/policy/adoption/adopt", data=form | {"policy": "A02"}).status_code == 422
    assert client.post("/policy/adoption/adopt", data=form | {"unit_id": "99"}).status_code == 404
    assert client.post("/policy/adoption/adopt", data=form | {"valid_to": "2020-01-01"}).status_code == 422
    assert client.post("/policy/adoption/adopt", data=form).status_code == 302
    again = client.post("/policy/adoption/adopt", data=form)
    assert again.status_code == 422
    assert "已" in text(again)
    with portal.app_context():
        key = row_id(PolicyAdoption, policy="B02")
    assert client.post(f"/policy/adoption/{key}/end", data={"valid_to": "2020-01-01"}).status_code == 422
    assert client.post(f"/policy/adoption/{key}/end", data={"valid_to": TODAY.isoformat()}).status_code == 302
    with portal.app_context():
        assert session.get_one(PolicyAdoption, key).valid_to == TODAY


def test_an_administrator_of_one_unit_adopts_there_only(portal):
    with portal.app_context():
        people.give(find(Employee, number="BOB"), "system_admin", find(OrgUnit, code="S"), scope="unit")
        session.commit()
        sales, quality = row_id(OrgUnit, code="S"), row_id(OrgUnit, code="Q")
    client = enter(portal, "bob")
    form = {"policy": "B02", "valid_from": TODAY.isoformat()}
    assert client.post("/policy/adoption/adopt", data=form | {"unit_id": str(quality)}).status_code == 403
    assert client.post("/policy/adoption/adopt", data=form | {"unit_id": str(sales)}).status_code == 302


def test_a_unit_sets_values_with_the_policy_s_beside_them(portal):
    adopt(portal)
    client = enter(portal, "sys")
    with portal.app_context():
        group, sales = row_id(OrgUnit, code="G"), row_id(OrgUnit, code="S")
    home = f"/policy/settings/B02/{group}"
    assert client.get(f"/policy/settings/B02/{sales}").status_code == 404
    assert client.get(f"{home}/nothing").status_code == 404
    assert 'href="/policy/B02/2?at=（十）2#（十）2"' in text(client.get(home))
    form = {"value": "2", "valid_from": TODAY.isoformat(), "reason": "旺季"}
    for wrong in ({"value": "99"}, {"reason": ""}, {"valid_from": "2020-01-01"}, {"value": "much"}):
        refused = client.post(f"{home}/qc_days", data=form | wrong)
        assert refused.status_code == 422, wrong
    assert "不高于 10" in text(client.post(f"{home}/qc_days", data=form | {"value": "99"}))
    assert client.post(f"{home}/qc_days", data=form).status_code == 302
    line = next(row for row in rows(text(client.get(home))) if "质管部期限" in row)
    assert {"旺季", "2", "1"} <= set(line)
    assert client.post(f"{home}/qc_days/reset", data=form).status_code == 302
    line = next(row for row in rows(text(client.get(home))) if "质管部期限" in row)
    assert "同制度" in line
    assert client.post(f"{home}/third_discount_proof", data=form | {"value": "yes"}).status_code == 302
    with portal.app_context():
        assert {row.key for row in session.scalars(sa.select(PolicyParameter))} == {"qc_days", "third_discount_proof"}
    assert enter(portal, "amy").get(home).status_code == 403


# -- what it costs ---------------------------------------------------------------------------------------------------


def test_lists_cost_the_same_for_many_versions_units_and_cases(portal):
    adopt(portal)
    accepted(portal)
    client = enter(portal, "root")

    def statements(path):
        with portal.app_context(), counted() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    paths = ("/policy/", "/policy/B02", "/policy/adoption/")
    for path in paths:
        statements(path)
    before = [statements(path) for path in paths]
    with portal.app_context():
        first = find(PackVersion, code="B02")
        content = dict(first.content)
        for number in range(3, 9):
            content["version"] = str(number)
            session.add(PackVersion(
                code="B02", version=number, title_zh="x", title_en="x", status="draft", sha256=str(number),
                effective_from=TODAY, content=content,
            ))  # fmt: skip
        for number in range(6):
            unit = OrgUnit(code=f"U{number}", name=f"单位{number}", kind="section", parent_id=row_id(OrgUnit, code="G"))
            session.add(unit)
            session.flush()
            session.add(PolicyAdoption(unit_id=unit.id, policy="B02", valid_from=TODAY))
        session.commit()
    for _number in range(5):
        accepted(portal)
    # every version is compiled once per process
    statements(paths[0])
    assert [statements(path) for path in paths] == before
