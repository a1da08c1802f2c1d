"""Open lists of choices: added to, renamed, put in order, retired; forms, imports and templates follow."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core import openlists
from app.core.db import session
from app.core.openlists import OpenChoices
from app.core.register import registers
from app.engines.dictionary import operations as dictionary
from app.engines.dictionary.models import DictionaryEntry
from app.engines.exchange import cells, template
from app.engines.people import shipped
from tests.scenarios.desk import MANAGER, REP, at
from tests.scenarios.seats import customers

TENURE = "customer.tenure"


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def keeper(portal, sign_in):
    """Somebody whose role may write the dictionary."""
    with portal.app_context():
        shipped.sync_roles()
        from flask_appbuilder.security.sqla.models import Role

        pairs = shipped._pair_ids()
        role = session.scalar(sa.select(Role.id).filter_by(name="sales_manager"))
        shipped._grant([(role, pairs["dictionary_entry", act]) for act in ("read", "write")])
        session.commit()
    return sign_in(MANAGER).client


def act(client, action, status=302, word=TENURE, **given):
    answer = client.post(f"/dictionary/{word}", data={"action": action} | given)
    assert answer.status_code == status, answer.text[-600:]
    return answer


def keys(portal):
    with portal.app_context():
        return list(registers()["customer"].fields["tenure"].choices)


def test_a_choice_is_added_renamed_ordered_and_retired(portal, keeper):
    assert keys(portal) == ["tenant", "owner"]
    act(keeper, "add", zh="转租户", en="Sub-tenant")
    assert keys(portal) == ["tenant", "owner", "own_1"]
    act(keeper, "up", key="own_1")
    assert keys(portal) == ["tenant", "own_1", "owner"]
    act(keeper, "rename", key="owner", zh="业主自用", en="")
    act(keeper, "retire", key="tenant")
    page = keeper.get(f"/dictionary/{TENURE}").text
    assert "业主自用" in page
    assert "转租户" in keeper.get("/dictionary/").text
    with portal.app_context():
        choices = registers()["customer"].fields["tenure"].choices
        assert list(openlists.offered(choices)) == ["own_1", "owner"]
        assert str(choices["owner"]) == "业主自用"
        assert session.scalar(sa.select(sa.func.count()).select_from(DictionaryEntry)) == 3


def test_old_rows_keep_a_retired_choice_and_new_ones_are_not_offered_it(portal, sign_in, keeper):
    rep = sign_in(REP)
    first, second = customers(portal, REP, 2)
    with portal.app_context():
        session.get(Customer, first).tenure = "tenant"
        session.commit()
        version = session.get(Customer, first).row_version
    act(keeper, "retire", key="tenant")
    told = rep.call("PUT", f"customer/{second}", 422, tenure="tenant")
    assert [(problem["field"], problem["rule"]) for problem in told["errors"]] == [("tenure", "retired")]
    rep.call("PUT", f"customer/{first}", 200, short_name="老客户", tenure="tenant", row_version=version)
    with portal.app_context():
        assert session.get(Customer, first).tenure == "tenant"
    act(keeper, "add", zh="转租户", en="")
    rep.call("PUT", f"customer/{second}", 200, tenure="own_1")
    rep.call("PUT", f"customer/{second}", 422, tenure="own_2")


def test_templates_and_imports_know_what_the_company_added(portal, keeper):
    act(keeper, "add", zh="转租户", en="Sub-tenant")
    act(keeper, "retire", key="owner")
    with portal.app_context():
        spec = registers()["customer"].fields["tenure"]
        assert cells.words_of(spec)["sub-tenant"] == "own_1"
        assert template._choices(spec, {})[-1] in ("转租户", "Sub-tenant")
        assert len(template._choices(spec, {})) == 2
    act(keeper, "rename", key="own_1", zh="次承租人", en="")
    with portal.app_context():
        assert cells.words_of(spec)["次承租人"] == "own_1"
        assert "转租户" not in cells.words_of(spec)


@pytest.mark.parametrize(
    ("action", "given", "status"),
    [("add", {"zh": ""}, 422), ("add", {"zh": "长" * 61}, 422), ("rename", {"key": "nobody", "zh": "无"}, 404),
     ("retire", {"key": "nobody"}, 404), ("up", {"key": "nobody"}, 404), ("explode", {}, 400)],
)  # fmt: skip
def test_what_cannot_be_done(portal, keeper, action, given, status):
    act(keeper, action, status, **given)


def test_one_choice_stays_and_none_is_there_twice(portal, keeper):
    act(keeper, "retire", key="tenant")
    act(keeper, "retire", 422, key="owner")
    act(keeper, "restore", key="tenant")
    act(keeper, "add", zh="转租户")
    assert "转租户" in act(keeper, "add", 422, zh="转租户").text
    act(keeper, "add", 404, "customer.side", zh="无")


def test_only_who_may_opens_it(portal, sign_in):
    assert sign_in(REP).client.get("/dictionary/").status_code == 403
    assert sign_in(REP).client.post(f"/dictionary/{TENURE}", data={"action": "add", "zh": "无"}).status_code == 403


def test_no_policy_decides_by_an_open_list(portal):
    """No condition of a pack names a key of an open list, under the name of its field."""
    from pathlib import Path

    import yaml

    found = []
    with portal.app_context():
        fields = {one.spec.name: set(one.choices.shipped) for one in dictionary.lists()}
        assert len(dictionary.lists()) == 8
        assert all(isinstance(one.choices, OpenChoices) for one in dictionary.lists())
        assert all(one.name == f"{one.register.slug}.{one.spec.name}" for one in dictionary.lists())
    for file in Path("app/packs").glob("*.yaml"):
        _walk(yaml.safe_load(file.read_text(encoding="utf-8")), file.name, fields, found)
    assert not found


def _walk(node, place, fields, found):
    if isinstance(node, dict):
        for key, value in node.items():
            said = value if isinstance(value, list) else [value]
            if key in fields and any(isinstance(one, str) and one in fields[key] for one in said):
                found.append((place, key, value))
            _walk(value, f"{place}.{key}", fields, found)
    elif isinstance(node, list):
        for one in node:
            _walk(one, place, fields, found)
