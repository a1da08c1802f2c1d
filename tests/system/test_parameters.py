"""Every setting in one place, on both databases."""

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policies
from tests.both import company
from tests.portal import counted, enter, find

__all__ = ["company"]


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def setting(company):
    """A setting of B02 that a unit has changed; its label and the value."""
    with company.app_context():
        unit = find(OrgUnit, code="G")
        if not policies.ever_adopted(unit.id, "B02"):
            policies.adopt(unit, "B02", clock.today())
        pack = policies.pack_for(policies.current_version("B02", clock.today()).id)
        one = next(p for p in pack.parameters.values() if p.type in ("integer", "number"))
        known = session.execute(sa.text("SELECT count(*) FROM policy_parameter")).scalar()
        if not known:
            wanted = str(int(float(one.value)) + 1)
            policies.set_parameter(unit, "B02", one.key, wanted, "本公司另行规定", clock.today())
        session.commit()
        return str(one.label.zh), str(int(float(one.value)) + 1)


def test_what_a_unit_has_set_stands_beside_the_policys_value(company, setting):
    label, value = setting
    page = text(enter(company, "root").get("/parameters/", headers={"Accept-Language": "zh"}))
    assert label in page
    assert value in page
    assert "本公司另行规定" in page
    assert "KEZHI_LOGIN_ATTEMPTS" in page
    assert "SECRET" not in page


def test_a_policy_shows_all_it_leaves_to_be_set(company, setting):
    label, _value = setting
    root = enter(company, "root")
    page = text(root.get("/parameters/?policy=B02"))
    assert label in page
    assert "/policy/settings/B02/" in page
    assert root.get("/parameters/?policy=Z99").status_code == 400
    with company.app_context(), counted() as sent:
        assert root.get("/parameters/").status_code == 200
    assert len(sent) <= 25


@pytest.mark.parametrize(("name", "status"), [("sys", 200), ("amy", 403)])
def test_who_looks_at_it(company, name, status):
    assert enter(company, name).get("/parameters/").status_code == status
