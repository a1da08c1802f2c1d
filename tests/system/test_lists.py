"""Every filter, order and search of every register, on both databases: an answer or a sentence, never a fault."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import query
from app.core.db import session
from app.core.register import registers
from tests import generated
from tests.demo import company_on, shown, some_ids
from tests.portal import enter

WORDS = ("5", "甲", "2025-10-21", "%", "_", "'", '"', "\\", "a\x00b", "\U0010ffff", "9" * 60, "draft")
BAD = {
    "eq": "\x00", "in": "\x00,\x01", "gte": "x", "lte": "x", "prefix": "\x00", "contains": "\x00",
    "empty": "perhaps",
}  # fmt: skip


# minutes for all registers: the usual run keeps each kind of column, lists every register and pages through it
BOTH = ("sqlite", pytest.param("postgresql", marks=(pytest.mark.postgres, pytest.mark.slow)))


@pytest.fixture(scope="module", params=BOTH)
def company_at_work(request, programs, tmp_path_factory):
    """The company with its administrator, on one of the databases."""
    with company_on(programs, request.param, tmp_path_factory.mktemp("lists")) as made:
        yield made


def asked(client, slug, **args):
    """The status of the list screen and of the REST list, which must agree."""
    page = client.get(f"/{slug}/", query_string=args)
    body = client.get(f"/api/v1/{slug}/", query_string=args)
    assert page.status_code == body.status_code, (slug, args)
    return body


@pytest.mark.slow
def test_every_filter_takes_its_values_and_refuses_others(company_at_work):
    client = enter(company_at_work, "root")
    with company_at_work.app_context():
        ids = dict.fromkeys([*registers(), "account"], 1) | some_ids()
    for register in shown():
        for name, spec in query.filterable(register).items():
            value = generated.value(spec, ids) if spec.kind.name != "state" else "draft"
            value = "true" if value is True else value[0] if isinstance(value, list) else value
            for op in spec.kind.ops:
                right = {"empty": "true", "in": f"{value},{value}"}.get(op, str(value).splitlines()[0])
                assert asked(client, register.slug, **{f"{name}__{op}": right}).status_code == 200, (name, op, right)
                wrong = asked(client, register.slug, **{f"{name}__{op}": BAD[op]})
                assert wrong.status_code == 400, (register.slug, name, op)
                assert wrong.json["errors"][0]["field"] == name
                assert str(wrong.json["message"])


@pytest.mark.slow
def test_every_order_and_every_word_to_look_for(company_at_work):
    client = enter(company_at_work, "root")
    for register in shown():
        for order in query.sortable(register):
            assert asked(client, register.slug, order=f"-{order}").status_code == 200
            assert asked(client, register.slug, order=order, after="1").status_code == 200, (register.slug, order)
        for word in WORDS:
            assert asked(client, register.slug, q=word).status_code == 200, (register.slug, word)
            assert client.get(f"/lookup/{register.slug}", query_string={"q": word}).status_code == 200
            assert client.get(f"/find?q={word!r}").status_code == 200


def test_paging_on_by_the_last_row_seen_meets_every_row_once(company_at_work):
    """Also where the column that orders the list is empty in some rows, upwards and downwards."""
    client = enter(company_at_work, "root")
    with company_at_work.app_context():
        employee = registers()["employee"].model
        unit = session.scalar(sa.select(sa.func.min(registers()["org_unit"].model.id)))
        if session.scalar(sa.select(sa.func.count()).where(employee.number.startswith("P-"))) == 0:
            session.add_all(employee(number=f"P-{n}", name=f"员工{n % 4}", unit_id=unit) for n in range(30))
            session.flush()
            session.execute(sa.text("UPDATE employee SET pinyin = NULL WHERE id % 3 = 0"))
            session.commit()
        everybody = set(session.scalars(sa.select(employee.id)))
    for order in ("pinyin", "-pinyin", "name", "-name", "id", "-id"):
        met, after, first = [], None, True
        while first or after:
            args = {"order": order, "size": 7} | ({"after": after} if after else {})
            answer = client.get("/api/v1/employee/", query_string=args).json
            met += [row["id"] for row in answer["result"]]
            after, first = (answer["result"][-1]["id"] if answer["more"] else None), False
        assert len(met) == len(everybody), order
        assert set(met) == everybody, order
