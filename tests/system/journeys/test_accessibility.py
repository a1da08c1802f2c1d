"""The main screens by the rules of axe-core in both themes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role

from app import demo
from app.bootstrap import steps
from app.core import accounts, clock
from app.core.db import Model, db, session
from config import ROOT
from tests.browser import served
from tests.system.journeys.conftest import let_go
from tests.system.journeys.desk import PASSWORD, PHONE, WIDE, Office, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADMIN, NOW = "root", dt.datetime(2025, 10, 15, 10, 30)
SCREENS = {
    "xuwenjing": ("/", "/complaint/", "/complaint/add", "/complaint/{case}", "/customer/", "/notices/", "/profile/",
                  "/notices/wishes"),
    "songzhiwei": ("/approvals/", "/approvals/several", "/find?q=26", "/complaint/{case}"),
    "hepeishan": ("/dashboard/", "/complaint/{case}/print", "/written_report/", "/password/", "/calculator/"),
    ADMIN: (
        "/policy/", "/policy/B02", "/policy/adoption/", "/people/", "/people/{person}", "/roles/", "/calendar/",
        "/messages/", "/messages/add/mail", "/messages/add/dingtalk", "/outbox/", "/message_settings/",
        "/announcements/", "/sweeps/", "/org_unit/add", "/nowhere", "/calculator/?what=due&item=all:complaint",
        "/calculator/?what=authority&item=decision&f_claimed_amount=120000",
        "/calculator/?what=class&item=sanction_grade&f_burden=x",
    ),
}
# the watermark of a print is meant to be faint, and screen readers are told to pass over it
RULES = "() => axe.run({exclude: ['.watermark']}, {resultTypes: ['violations']})"


@pytest.fixture(scope="module")
def at_work(founded) -> Iterator[Flask]:
    """The demo, and an administrator."""
    app, folder = founded
    let_go(app)
    for left in folder.glob("portal.db*"):
        left.unlink()
    with clock.freeze(NOW):
        with app.app_context():
            Model.metadata.create_all(db.engine)
            for step in steps.STEPS:
                steps.call(step.path)
            demo.seed(PASSWORD)
            user, _once = accounts.open_account(ADMIN, "Root")
            user.roles.append(session.query(Role).filter_by(name="Admin").one())
            accounts.set_password(user, PASSWORD)
            session.commit()
        yield app
    let_go(app)


@pytest.fixture(params=[("zh", WIDE), ("en", PHONE)], ids=["wide", "phone"])
def busy_office(request, at_work, chromium) -> Iterator[Office]:
    language, width = request.param
    with served(at_work) as address:
        office = Office(chromium, address, language, width)
        yield office
        office.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_breaks_a_serious_rule(busy_office, theme):
    axe = (ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8")
    broken = []
    for account, paths in SCREENS.items():
        person = busy_office.person(account)
        person.page.context.add_cookies([{"name": "kz_theme", "value": theme, "url": busy_office.address}])
        for path in paths:
            broken += _look_over(person, path.format(case=1, person=1), axe)
    assert broken == []


def _look_over(person: Person, path: str, axe: str) -> list[str]:
    person.page.goto(f"{person.address}{path}")
    person.page.evaluate(axe)
    found = person.page.evaluate(RULES)["violations"]
    return [
        f"{path}: {rule['id']} {node['target']} {node['failureSummary']}"
        for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"][:2]
    ]


def test_the_sign_in_page_breaks_no_serious_rule(at_work, chromium):
    axe = (ROOT / "tests/vendor/axe/axe.min.js").read_text(encoding="utf-8")
    with served(at_work) as address:
        page = chromium.new_context(locale="zh-CN").new_page()
        page.goto(f"{address}/login/")
        page.evaluate(axe)
        broken = page.evaluate(RULES)["violations"]
        page.context.close()
    assert [rule["id"] for rule in broken if rule["impact"] in ("serious", "critical")] == []
