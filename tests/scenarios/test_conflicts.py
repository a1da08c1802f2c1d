"""Two editors of one row: each field as it was, as the other left it, as it was typed; saved in one go, by choice."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core import append_only
from app.core.db import db, session
from tests.scenarios.desk import CONTROL, Desk, at
from tests.scenarios.editors import MANAGER, REP, form_of, opened, sent


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def own(sign_in):
    """A customer of the representative, whom his manager may edit too."""
    made = sign_in(REP).call("POST", "customer/", 201, customer_no="C-77", name="旧名", address="旧址",
                             contact_phone="13812345678")
    return made["id"]


def kept(person, own):
    return person.call("GET", f"customer/{own}")


def begin(sign_in, own, **theirs):
    """The manager opens the form; meanwhile the representative saves something."""
    form = opened(sign_in(MANAGER), f"/customer/{own}/edit?_l_=zh")
    sign_in(REP).call("PUT", f"customer/{own}", **theirs)
    return form


def test_fields_that_both_changed_are_chosen_and_all_others_merge(sign_in, own):
    form = begin(sign_in, own, name="他的名", address="他的址", city="他的区")
    mine = form | {"name": "我的名", "address": "我的址", "contact_name": "我的人"}
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", mine, 409)
    table = page[page.index("期间的改动"):page.index("</table>")]
    for said in ("旧名", "他的名", "我的名", "旧址", "他的址", "我的址", "他的区", "许文静", "09:30"):
        assert said in table, said
    # only what both wrote is asked about
    assert re.findall(r'name="asked" value="(\w+)"', table) == ["name", "address"]
    assert kept(sign_in(REP), own)["name"] == "他的名"
    again = form_of(page)
    assert (again["city"], again["name"], again["contact_name"]) == ("他的区", "我的名", "我的人")
    # without a choice nothing is saved
    refused = sent(sign_in(MANAGER), f"/customer/{own}/edit", again | {"choose-name": "theirs"}, 409)
    assert "请为这些字段逐一选择" in refused
    assert form_of(refused)["choose-name"] == "theirs"
    sent(sign_in(MANAGER), f"/customer/{own}/edit", again | {"choose-name": "theirs", "choose-address": "mine"})
    now = kept(sign_in(REP), own)
    assert (now["name"], now["address"], now["city"]) == ("他的名", "我的址", "他的区")
    assert now["contact_name"][0] == "我"


def test_a_third_change_meanwhile_is_shown_again(sign_in, own):
    form = begin(sign_in, own, name="他的名")
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", form | {"name": "我的名"}, 409)
    sign_in(REP).call("PUT", f"customer/{own}", name="又一名")
    again = sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(page) | {"choose-name": "mine"}, 409)
    assert "又一名" in again
    sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(again) | {"choose-name": "mine"})
    assert kept(sign_in(REP), own)["name"] == "我的名"


def test_different_fields_are_shown_and_need_no_choice(sign_in, own):
    form = begin(sign_in, own, address="他的址")
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", form | {"name": "我的名"}, 409)
    assert "再保存一次" in page
    assert 'name="asked"' not in page
    sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(page))
    now = kept(sign_in(REP), own)
    assert (now["name"], now["address"]) == ("我的名", "他的址")


def test_a_field_shown_as_the_others_may_be_typed_anew(sign_in, own):
    form = begin(sign_in, own, address="他的址")
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", form | {"name": "我的名"}, 409)
    sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(page) | {"address": "看过再改"})
    assert kept(sign_in(REP), own)["address"] == "看过再改"


def test_a_wrong_value_beside_a_conflict_keeps_both_on_the_page(sign_in, own):
    form = begin(sign_in, own, name="他的名")
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", form | {"name": "我的名"}, 409)
    wrong = form_of(page) | {"choose-name": "mine", "customer_no": ""}
    refused = sent(sign_in(MANAGER), f"/customer/{own}/edit", wrong, 422)
    assert "他的名" in refused
    assert form_of(refused)["choose-name"] == "mine"
    sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(refused) | {"customer_no": "C-78"})
    now = kept(sign_in(REP), own)
    assert (now["name"], now["customer_no"]) == ("我的名", "C-78")


def test_personal_data_stays_masked_on_both_sides(sign_in, own):
    form = begin(sign_in, own, contact_phone="13900001111")
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", form | {"contact_phone": "13700002222"}, 409)
    table = page[page.index("期间的改动"):page.index("</table>")]
    assert "138****5678" in table
    assert "139****1111" in table
    assert "13900001111" not in page
    sent(sign_in(MANAGER), f"/customer/{own}/edit", form_of(page) | {"choose-contact_phone": "theirs"})
    assert kept(sign_in(REP), own)["contact_phone"] == "139****1111"


def test_a_program_gets_the_same_with_409(sign_in, own):
    person = sign_in(MANAGER)
    version = kept(person, own)["row_version"]
    assert person.client.get(f"/api/v1/customer/{own}").headers["ETag"] == f'"{version}"'
    sign_in(REP).call("PUT", f"customer/{own}", name="他的名", contact_phone="13900001111")
    stale = person.client.put(f"/api/v1/customer/{own}", json={"name": "我的名"}, headers={"If-Match": f'"{version}"'})
    assert stale.status_code == 409
    told = stale.get_json()["conflict"]
    assert told["row_version"] == kept(person, own)["row_version"]
    (name,) = [field for field in told["fields"] if field["field"] == "name"]
    assert {key: name[key] for key in ("was", "theirs", "yours", "both", "by")} == {
        "was": "旧名", "theirs": "他的名", "yours": "我的名", "both": True, "by": "许文静",
    }
    assert name["at"].startswith("2025-10-13T01:30")
    (phone,) = [field for field in told["fields"] if field["field"] == "contact_phone"]
    assert (phone["was"], phone["theirs"], phone["both"]) == ("138****5678", "139****1111", False)
    assert person.call("PUT", f"customer/{own}", 409, name="我的名", row_version=version)["conflict"] == told
    fresh = {"If-Match": f'"{told["row_version"]}"'}
    assert person.client.put(f"/api/v1/customer/{own}", json={"name": "我的名"}, headers=fresh).status_code == 200
    assert person.client.put(f"/api/v1/customer/{own}", json={}, headers={"If-Match": '"x"'}).status_code == 400


def test_a_step_on_a_stale_version(sign_in):
    desk = Desk(sign_in)
    case = desk.open()
    version = sign_in(REP).call("GET", f"complaint/{case}")["row_version"]
    sign_in(REP).call("PUT", f"complaint/{case}", title="改过的题")
    stale = sign_in(REP).call("POST", f"complaint/{case}/move/submit", 409, values={}, row_version=version)
    assert stale["conflict"]["row_version"] == version + 1
    sign_in(REP).call("POST", f"complaint/{case}/move/submit", values={}, row_version=version + 1)
    form = opened(sign_in(CONTROL), f"/complaint/{case}/move/accept")
    sent(sign_in(CONTROL), f"/complaint/{case}/move/accept", form)


def test_a_row_from_before_versions_were_noted(portal, sign_in, own):
    """What is older than the first noted change is not taken for new."""
    with portal.app_context():
        guards = [line for line in append_only.statements(db.engine.dialect.name) if "audit_entry" in line]
        names = [re.search(r"TRIGGER (\w+)", line).group(1) for line in guards if "TRIGGER" in line]
        tail = " ON audit_entry" if db.engine.dialect.name == "postgresql" else ""
        for name in names:
            session.execute(sa.text(f"DROP TRIGGER {name}{tail}"))
        session.execute(sa.text("UPDATE audit_entry SET params = '{}'"))
        session.commit()
    page = sent(sign_in(MANAGER), f"/customer/{own}/edit", begin(sign_in, own, city="他的区") | {"name": "我的名"}, 409)
    table = page[page.index("期间的改动"):page.index("</table>")]
    assert table.count("<tr>") == 2  # the heads and the city
