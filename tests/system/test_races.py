"""Several people at the same moment, on both databases: one wins, the others are told, nothing is doubled or lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core.db import session
from app.engines.audit.models import AuditEntry
from tests import generated
from tests.demo import company_on
from tests.portal import PASSWORD, enter, row_id, token
from tests.small import DATABASES

REP, OTHER, CONTROL = "xuwenjing", "linjiahao", "hepeishan"


@pytest.fixture(scope="module", params=DATABASES)
def company(request, programs, tmp_path_factory):
    """The company without cases, on one of the databases."""
    with company_on(programs, request.param, tmp_path_factory.mktemp("races")) as made:
        yield made


def at_once(*acts):
    """The answers to acts that begin together."""
    together = threading.Barrier(len(acts))

    def begin(act):
        together.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


INTAKE = {
    "market": "domestic", "claimed_amount": "98000.00", "order_no": "PO1", "part_no": "HD10-5028", "product": "HDI",
    "shipped_on": "2025-08-20", "shipped_qty": 3200, "defective_qty": 46, "abnormality": "分层",
    "customer_demand": ["claim"], "demand_text": "赔偿", "sample_attached": True, "sales_note": "附样品",
    "complaint_reason": "回流后分层",
}


def draft(company, client, title="起泡"):
    with company.app_context():
        own = session.scalar(sa.select(sa.func.min(Customer.id)))
    made = client.post("/api/v1/complaint/", json=INTAKE | {"title": title, "customer_id": own})
    assert made.status_code == 201, made.json
    return made.json["id"]


def test_two_editors_of_one_version(company):
    """The second to save sees both values of what he typed; what the first saved stays."""
    clients = [enter(company, "root") for _n in range(2)]
    pk = draft(company, clients[0])
    names = ("甲的说法", "乙的说法")
    now = clients[0].get(f"/api/v1/complaint/{pk}").json
    form = generated.as_form(INTAKE) | {"row_version": now["row_version"], "customer_id": now["customer_id"]}
    answers = at_once(*(
        lambda client=client, name=name: client.post(f"/complaint/{pk}/edit", data=form | {"title": name})
        for client, name in zip(clients, names, strict=True)
    ))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    page = next(answer for answer in answers if answer.status_code == 409).get_data(as_text=True)
    assert all(name in page for name in names)
    kept = clients[0].get(f"/api/v1/complaint/{pk}").json
    winner = next(name for name, answer in zip(names, answers, strict=True) if answer.status_code == 302)
    assert (kept["title"], kept["row_version"]) == (winner, form["row_version"] + 1)


def test_the_same_number_given_twice_at_once(company):
    clients = [enter(company, "root") for _n in range(4)]
    answers = at_once(*(
        lambda client=client: client.post("/api/v1/customer/", json={"customer_no": "RACE-1", "name": "赛"})
        for client in clients
    ))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert all(answer.json["message"] for answer in answers if answer.status_code != 201)
    with company.app_context():
        assert session.scalar(sa.select(sa.func.count()).where(Customer.customer_no == "RACE-1")) == 1


def test_one_step_taken_twice_at_once(company):
    clients = [enter(company, REP) for _n in range(3)]
    pk = draft(company, clients[0])
    body = {"values": {}, "reason": "请处理"}
    with company.app_context():
        before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    answers = at_once(*(
        lambda client=client: client.post(f"/api/v1/complaint/{pk}/move/submit", json=body) for client in clients
    ))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200, [answer.json for answer in answers]
    assert all(code in (403, 409, 422) for code in codes[1:])
    with company.app_context():
        moves = sa.select(sa.func.count()).where(
            AuditEntry.register == "complaint", AuditEntry.record_id == pk, AuditEntry.kind == "move"
        )
        assert session.scalar(moves) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) > before


def test_guesses_made_at_once_do_not_outrun_the_lock(company):
    """Of a dozen guesses at the same moment five are looked at; then not even the right word opens."""
    def guess(n):
        client = company.test_client()
        body = {"username": OTHER.upper() if n % 2 else OTHER, "password": f"wrong-{n}"}
        return client.post("/api/v1/security/login", json=body)

    answers = at_once(*(lambda n=n: guess(n) for n in range(12)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(401) == 5
    assert codes.count(429) == 7
    right = company.test_client().post("/login/", data={"username": OTHER, "password": PASSWORD})
    assert right.status_code == 429


def test_a_new_password_ends_the_other_sessions_on_every_host(company):
    from flask_appbuilder.security.sqla.models import User

    here, there, program = enter(company, "songzhiwei"), enter(company, "songzhiwei"), token(company, "songzhiwei")
    assert there.get("/profile/").status_code == 200
    new = "Other-words-8"
    changed = here.post("/password/", data={"old": PASSWORD, "password": new, "again": new})
    assert changed.status_code == 302
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302
    assert company.test_client().get("/api/v1/complaint/", headers=program).status_code == 401
    old = company.test_client().post("/login/", data={"username": "songzhiwei", "password": PASSWORD})
    assert old.status_code == 401
    with company.app_context():
        assert row_id(User, username="songzhiwei")


def test_cases_accepted_at_once_are_numbered_without_gap_or_double(company):
    """Four hosts accept eight complaints; the numbers of the month follow each other."""
    rep = enter(company, REP)
    cases = [draft(company, rep, f"第{n}件") for n in range(8)]
    for pk in cases:
        sent = rep.post(f"/api/v1/complaint/{pk}/move/submit", json={"values": {}})
        assert sent.status_code == 200, sent.json
    clients = [enter(company, CONTROL) for _n in range(4)]

    def accept(client, mine):
        return [client.post(f"/api/v1/complaint/{pk}/move/accept", json={"values": {}}) for pk in mine]

    answers = at_once(*(
        lambda client=client, n=n: accept(client, cases[n::4]) for n, client in enumerate(clients)
    ))
    assert {one.status_code for many in answers for one in many} == {200}, [o.json for m in answers for o in m]
    with company.app_context():
        numbers = sorted(session.scalars(sa.select(Complaint.case_no).where(Complaint.id.in_(cases))))
    ends = [int(number[-2:]) for number in numbers]
    assert len(set(numbers)) == 8
    assert ends == list(range(ends[0], ends[0] + 8))
