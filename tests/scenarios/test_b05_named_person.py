"""B05 第十九条: whoever is named searches, lists, prints, asks the API and reads notices, and finds nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.people.models import Employee
from tests.scenarios import seats
from tests.scenarios.b05_desk import (
    HANDLER,
    HEAD,
    HOTLINE,
    LOWER,
    NAMED,
    OWN,
    RELATIVE,
    ROUTER,
    SUPERVISOR,
    UPPER,
    Bureau,
)  # fmt: skip
from tests.scenarios.desk import at, sweep
from tests.scenarios.walking import Secret, told, touched

POLICY = "B05"

POSTS = ("supervisor", "receiving_dept", "service_centre", "unit_head", "upper_leader", "handler", "handling_dept",
         "file_keeper", "hotline_agent")  # fmt: skip
TITLE, FACTS, WHO, LOOK = "隐秘举报甲七号", "深夜私下收取好处费", "欧阳不留名", "核对回访电话"
DAY = "2025-09-29 10:00"
LATE = "2025-10-14 09:00"


@pytest.fixture
def mole(portal, bureau):
    """Two people who hold everything that a bureau has to give; the first will be named."""
    found = [seats.hire(portal, name, "PB-YX", *POSTS, scope="all", policy="B05") for name in ("mole", "twin")]
    return found[0]


def everything(bureau: Bureau, portal) -> Secret:
    """A tip-off with all that comes to belong to one: papers, teams, slips, looks, requests, notices."""
    with at(DAY):
        case = bureau.received(name=WHO, title=TITLE, facts=FACTS, notice_summary="反映收费问题", major_influence=True)
        paper = {"file": (BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"), f"{TITLE}.pdf")}
        kept = bureau.as_(HOTLINE).client.post(f"/api/v1/complaint/{case}/files/evidence", data=paper)
        assert kept.status_code == 201, kept.text
        identity = bureau.call(HOTLINE, "GET", f"informant_identity/?complaint_id={case}")["result"][0]
        assert identity["name"] == "******"
        look = {"reason": LOOK}
        shown = bureau.call(HOTLINE, "POST", f"informant_identity/{identity['id']}/reveal/phone", 200, **look)
        assert shown["value"] == "13900450012"
        bureau.step(HOTLINE, case, "fill_notice")
        bureau.step(SUPERVISOR, case, "review_notice", gravity="ordinary")
        bureau.step(ROUTER, case, "file_reviewed")
        team = {"complaint_id": case, "leader_id": bureau.people["魏骏"], "members": [bureau.people["郭琦"]],
                "departments": [bureau.units["PB-YX"]], "task": FACTS}  # fmt: skip
        bureau.call(ROUTER, "POST", "joint_investigation/", 201, **team)
        wanted = {"kind": "misconduct", "breach": "shirking", "complaint_id": case, "reason": FACTS,
                  "person_id": bureau.people["李响"]}  # fmt: skip
        row = bureau.call(ROUTER, "POST", "case_disposition/", 201, **wanted)["id"]
        bureau.call(ROUTER, "POST", f"case_disposition/{row}/move/put_up")
        bureau.assign(case)
        bureau.call(HANDLER, "GET", f"complaint/{case}")
    for when in ("2025-10-13 08:00", "2025-10-14 08:00"):
        sweep(portal, "deadlines.due", when)
    return _collected(portal, case, kept.get_json())


def _collected(portal, case: int, kept) -> Secret:
    """The rows about the case, in every register that knows it."""
    with portal.app_context():
        number = session.scalar(sa.text("SELECT number FROM complaint WHERE id = :id").bindparams(id=case))
        rows: dict[str, list[int]] = {"complaint": [case]}
        for slug, register in registers().items():
            table = register.model.__table__
            if register.points:
                at_, key = (table.c[name] for name in register.points)
                query = sa.select(table.c.id).where(at_ == "complaint", key == case)
            elif "complaint_id" in table.c:
                query = sa.select(table.c.id).where(table.c.complaint_id == case)
            else:
                continue
            if found := list(session.scalars(query)):
                rows[slug] = found
        requests = rows["approval_request"]
        steps = registers()["approval"].model.__table__
        rows["approval"] = list(session.scalars(sa.select(steps.c.id).where(steps.c.request_id.in_(requests))))
        session.remove()
    assert {"informant_identity", "urge_slip", "deadline_clock", "case_disposition", "joint_investigation"} <= set(rows)
    return Secret(rows, (TITLE, number, FACTS, WHO, LOOK), [entry["id"] for entry in kept])


def name_them(portal, case: int, people: list[int], unit: int | None = None) -> None:
    """The named become known: the router writes them into the case."""
    with portal.app_context(), clock.freeze(clock.now()):
        from app.core import moves
        from app.engines.shielding import operations as shielding

        row = session.get(registers()["complaint"].model, case)
        whole = moves.whole_of(row)
        whole.update({"accused_people": people, "accused_unit_id": unit})
        whole.save()
        shielding.renew(whole)
        session.commit()
        session.remove()


@pytest.mark.parametrize("portal", ["sqlite"], indirect=True)
def test_the_named_person_finds_nothing(portal, bureau, mole, sign_in):
    """On every route, by every search, in the inbox, the notices, the log and the reports; the twin finds it all."""
    secret = everything(bureau, portal)
    case = secret.rows["complaint"][0]
    with at(LATE):
        person, twin = sign_in("mole").client, sign_in("twin").client
        places = ("/complaint/", f"/api/v1/complaint/{case}", "/notices/", "/find?q=", "/urge_slip/",
                  "/api/v1/access_log/", "/case_disposition/", "/reports/B05.time_limits")  # fmt: skip
        seen = told(person, portal, secret, places)
        for place in places:
            assert any(path.startswith(place) for path in seen), place
        name_them(portal, case, [mole])
        assert told(person, portal, secret) == {}
        assert touched(person, portal, secret) == {}
        assert f"/complaint/{case}" in told(twin, portal, secret, ["/complaint/"])
        assert person.get("/complaint/").status_code == 200


def test_the_named_unit_finds_nothing(portal, bureau, sign_in):
    """Neither whoever works in the named unit, nor a relative, nor whoever stands in for one of them."""
    with at(DAY):
        case = bureau.at_lower(title=TITLE, facts=FACTS)
        bureau.call(LOWER, "GET", f"complaint/{case}")
    station = bureau.units["PB-DQ"]
    seats.stand_in(portal, "maxin", "guoqi", "2025-09-29", "2025-12-31")
    with at(DAY):
        name_them(portal, case, [bureau.people["王平"]], station)
        for who in (LOWER, "dutao", "maxin", NAMED, RELATIVE, "guoqi"):
            bureau.call(who, "GET", f"complaint/{case}", 404)
            assert TITLE not in bureau.as_(who).client.get("/complaint/").text, who
            assert TITLE not in bureau.as_(who).client.get("/notices/").text, who
        bureau.call(ROUTER, "GET", f"complaint/{case}")
        top = bureau.received(title="另案", name=None, signing="anonymous")
        refused = bureau.call(HOTLINE, "PUT", f"complaint/{top}", 422, accused_unit_id=bureau.units["PB"])
        assert refused["errors"][0]["rule"] == "below_adopter"
        bureau.call(HOTLINE, "PUT", f"complaint/{top}", 200, accused_unit_id=bureau.units["PB-YX"])
        bureau.step(HOTLINE, top, "fill_notice")
        bureau.step(SUPERVISOR, top, "review_notice", gravity="ordinary")
        assert bureau.assign(top, 422, handler="杜涛")["errors"][0]["rule"] == "recusal"


def test_whoever_is_named_decides_nothing(portal, bureau, mole, sign_in):
    """A named supervisor is not asked to review, a named leader not to decide; others are."""
    with at(DAY):
        case = bureau.received(title=TITLE, accused="新mole", accused_people=[mole])
        bureau.step(HOTLINE, case, "fill_notice")
        assert sign_in("mole").call("GET", "approval/inbox")["result"] == []
        waiting = sign_in("twin").call("GET", "approval/inbox")["result"]
        assert [row["record_id"] for row in waiting if row["register"] == "complaint"] == [case]
        step = waiting[0]["id"]
        sign_in("mole").call("POST", f"approval/{step}/approve", 404, values={"gravity": "ordinary"})
        assert sign_in("mole").client.get(f"/approvals/{step}").status_code == 404
        bureau.step(SUPERVISOR, case, "review_notice", gravity="ordinary")


def test_every_look_at_an_identity_is_kept(portal, bureau, sign_in):
    """Reason, person and instant of each look, allowed or not; nobody else sees more than stars, nor those."""
    with at(DAY):
        case = bureau.handled(name=WHO)
        key = bureau.call(HANDLER, "GET", "informant_identity/")["result"][0]["id"]
        path = f"informant_identity/{key}/reveal/name"
        assert bureau.call(HANDLER, "POST", path, 422, reason="")["errors"][0]["rule"] == "reason"
        assert bureau.call(HANDLER, "POST", path, 200, reason="电话答复举报人")["value"] == WHO
        for who in (OWN, HEAD, HOTLINE, SUPERVISOR, UPPER):
            bureau.as_(who).client.get(f"/api/v1/informant_identity/{key}")
            assert bureau.call(who, "GET", "informant_identity/", 403 if who == UPPER else 200).get("result", []) == []
        bureau.call(OWN, "POST", path, 404, reason="想知道是谁举报")
        printed = bureau.as_(HANDLER).client.get(f"/informant_identity/{key}/print")
        assert printed.status_code == 403, "a right of its own, which nobody has here"
        bureau.call(HANDLER, "GET", "informant_identity/?name=x", 400)
        asked = {"kind": "identity", "complaint_id": case, "person_id": bureau.people["韩磊"], "reason": "上门核实地址"}
        row = bureau.call(OWN, "POST", "case_disposition/", 201, **asked)["id"]
        bureau.call(OWN, "POST", f"case_disposition/{row}/move/put_up")
        bureau.call(HEAD, "POST", f"case_disposition/{row}/move/decide", 200, values={"decision": "同意查阅"})
        assert bureau.call(OWN, "POST", path, 200, reason="上门核实地址")["value"] == WHO
        log = bureau.call(HEAD, "GET", "access_log/?of_register=informant_identity&order=at")["result"]
        kept = [(line["granted"], line["reason"]) for line in sorted(log, key=lambda line: line["id"])]
        assert kept == [(True, "电话答复举报人"), (False, "想知道是谁举报"), (True, "上门核实地址")]
        page = bureau.as_(HANDLER).client.get(f"/complaint/{case}").text
        assert WHO not in page


def test_the_root_of_the_portal_is_named(portal, bureau, sign_in):
    """An administrator reaches everything but the case that names him, and no identity at all."""
    with at(DAY):
        case = bureau.handled(title=TITLE, name=WHO)
        boss = seats.hire(portal, "boss", "PB-LD", policy="B05")
        with portal.app_context():
            from app.engines.people import operations as people
            from app.engines.people.models import OrgUnit

            person = session.get(Employee, boss)
            people.give(person, "Admin", session.get(OrgUnit, person.unit_id), valid_from=seats.SINCE)
            session.commit()
            session.remove()
        sign_in("boss").call("GET", f"complaint/{case}")
        assert sign_in("boss").call("GET", "informant_identity/")["result"] == []
        name_them(portal, case, [boss])
        sign_in("boss").call("GET", f"complaint/{case}", 404)
        assert TITLE not in sign_in("boss").client.get("/complaint/").text
