"""All registers are searched at once, by what their descriptions name; nobody finds what is not his to see."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import actor, saving
from app.core.db import session
from app.core.register import registers
from app.engines.people.models import Employee
from app.engines.search import everywhere
from app.engines.search.models import SearchToken
from tests.company import inside, portal
from tests.scenarios.conftest import Person
from tests.small import counted

__all__ = ["inside", "portal"]


def account(name):
    return session.scalars(sa.select(Employee.account_id).where(Employee.name == name)).one()


def found(text, who="梁伟东"):
    """What somebody finds, by register."""
    with actor.acting_as(account(who)):
        return {one.register.slug: [hit.title for hit in one.hits] for one in everywhere.find(text, 8)}


def test_every_register_that_people_fill_is_found_by_its_number_and_names():
    for register in registers().values():
        title = register.fields.get(register.title)
        plain = title is not None and title.kind.name == "text" and not title.words
        if plain and register.actions and not register.closed and not register.detail_of:
            assert register.title in register.named_by, register.slug
        if register.closed or register.detail_of:
            assert register.named_by == register.found_by, register.slug


def test_rows_of_several_registers_are_found_with_few_statements(inside):
    typed = {"customer_no": "T-0318", "name": "杭州麒麟热力", "contact_phone": "13800009913"}
    saving.create(registers()["customer"], typed)
    rep = session.scalars(sa.select(Employee).where(Employee.name == "许文静")).one()
    saving.update(rep, {"name": "麒麟儿"}, None)
    session.commit()
    assert found("麒麟") == {"customer": ["杭州麒麟热力"], "employee": ["麒麟儿"]}
    assert found("qlrl")["customer"] == found("9913")["customer"] == found("T-0318")["customer"] == ["杭州麒麟热力"]
    assert found("麒麟 热力") == {"customer": ["杭州麒麟热力"]}
    assert found("氏曾麟") == {}
    with actor.acting_as(account("梁伟东")), counted() as sent:
        everywhere.find("麒麟", 8)
    assert len(sent) <= 8


def test_tokens_of_any_register_follow_in_the_same_transaction(inside):
    unit = registers()["org_unit"]
    made = saving.create(unit, {"code": "QL-1", "name": "麒麟车间", "kind": "section"}).record
    kept = sa.select(SearchToken.row_id).where(SearchToken.register == "org_unit", SearchToken.token == "c麒麟")
    assert session.scalar(kept) == made.id
    session.rollback()
    assert session.scalar(kept) is None


@pytest.mark.parametrize(("who", "sees"), [("songzhiwei", True), ("luojianguo", False), ("xuwenjing", False)])
def test_nobody_finds_a_foreign_row(portal, who, sees):
    """A customer of the sales department that its representative does not keep."""
    with portal.app_context():
        unit = session.scalars(sa.select(Employee.unit_id).where(Employee.name == "宋志伟")).one()
        made = saving.create(registers()["customer"], {"customer_no": "T-1", "name": "玄武灯具"}, unit_id=unit).record
        made.unit_id, made.owner_id = unit, None
        session.commit()
    client = Person(portal, who).client
    for text in ("玄武", "xwdj", "T-1"):
        page = client.get("/find", query_string={"q": text}).get_data(as_text=True)
        assert ("玄武灯具" in page) == sees, (who, text)


def test_rows_of_closed_registers_are_not_found_by_a_permission_alone(inside):
    closed = [one.slug for one in registers().values() if one.closed]
    assert closed
    with actor.acting_as(account("梁伟东")):
        assert not {one.register.slug for one in everywhere.find("2", 8)} & set(closed)


def test_the_command_tells_how_far_it_is(portal, inside):
    answer = portal.test_cli_runner().invoke(args=["search", "rebuild", "org_unit"])
    assert answer.exit_code == 0
    assert "org_unit: " in answer.output
