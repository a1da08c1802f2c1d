"""The demo leaves with its database, and what is one's own moves into a clean one, on both databases."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User
from werkzeug.datastructures import FileStorage

import config
from app import create_app
from app.areas.customers.customer import Customer
from app.bootstrap import database, demo, main, setup, undemo
from app.bootstrap.console import SetupError
from app.core import accounts, attachments, clock, installation
from app.core.attachments import Attachment
from app.core.db import db, session
from app.demo import company
from app.engines.audit.models import AuditEntry
from app.engines.audit.verification import verify
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import Name
from app.engines.documents import annexes
from app.engines.notifications.models import MessageWish
from app.engines.notifications.ways import MessageChannel
from app.engines.people import operations as people
from app.engines.people import own_roles, shipped
from app.engines.people.api_keys import AccountKey
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.people.own_roles import OwnRole
from app.engines.policy import operations as policies
from app.engines.policy.models import PolicyAdoption
from app.engines.reports.plans import ReportPlan
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.models import SweepJob
from app.engines.views.models import SavedView
from tests.office import docx, paragraph
from tests.portal import PASSWORD
from tests.postgres import tools
from tests.small import DATABASES, fresh_database

DAY = dt.date(2031, 5, 6)
pytestmark = pytest.mark.slow


@pytest.fixture(params=DATABASES)
def here(request, tmp_path, monkeypatch):
    """An installation with one demo company, and a company of one's own beside it."""
    (tmp_path / "instance").mkdir()
    if request.param != "sqlite":
        monkeypatch.setenv("PATH", tools())
    with fresh_database(request.param, tmp_path / "instance") as url:
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        monkeypatch.setenv("KEZHI_INSTANCE", str(tmp_path / "instance"))
        settings = config.settings()
        setup.ensure_keys(settings)
        app = create_app()
        setup.set_up(app, settings, demo_wanted=False)
        with app.app_context():
            company.found(PASSWORD, "A14")
            installation.remember(installation.DEMO, {"seeded": True})
            sweeps.sync()
            founded()
            session.commit()
        (settings.instance / "demo.txt").write_text("secret")
        let_go(app)
        yield settings
        let_go(app)


def founded():
    """What somebody set up beside the demo."""
    top = OrgUnit(code="OWN", name="远山公司", kind="company")
    session.add(top)
    session.flush()
    unit = OrgUnit(code="OWN-1", name="销售部", kind="department", parent_id=top.id)
    session.add(unit)
    session.flush()
    person = Employee(number="N1", name="王一", unit_id=unit.id, mobile="13812345678")
    session.add(person)
    session.flush()
    people.open_account(person, "wang")
    user = session.get_one(User, person.account_id)
    accounts.set_password(user, PASSWORD)
    policies.adopt(top, "B02")
    policies.introduce_all()
    people.give(person, "salesperson", unit, post="B02.sales_rep")
    calendars.set_day("CN", DAY, working=False, name=Name("厂庆", "Anniversary"), reason="厂庆")
    sweeps.set_enabled(next(name for name in names() if name != "audit.seal"), False)
    wanted = {(slug, action) for _role, slug, action in shipped.granted("salesperson")} - {("customer", "export")}
    shipped.set_granted("salesperson", wanted | {("notice", "read")})
    arranged(person, unit)


def arranged(person, unit):
    """How somebody likes his portal: a role of his own, messages, a view, a key, a form of the company's."""
    role = own_roles.copy("远山业务", "Own sales", "salesperson", "unit")
    people.give(person, role, unit)
    demo_unit = session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code.not_like("OWN%"))).first()
    stranger = session.scalars(sa.select(Employee.id).where(Employee.unit_id != unit.id)).first()
    plan = {"owner_id": person.id, "unit_id": unit.id, "source": "board:complaints", "every": "day"}
    session.add_all([
        MessageChannel(name="邮件", sort="mail", enabled=True, host="mail.example", secret="s3cret",
                       unit_ids=[unit.id, demo_unit]),
        MessageWish(employee_id=person.id, kind="late", channel="mail", mode="off"),
        SavedView(register="customer", account_id=person.account_id, name="我的客户", asked={"side": "buyer"}),
        AccountKey(name="ERP", account_id=person.account_id, ident="abcdef", digest="0" * 64, scopes={}),
        ReportPlan(name="每日", people=[person.id, stranger], within_id=unit.id, **plan),
        ReportPlan(name="演示", people=[person.id], within_id=demo_unit, **plan),
    ])
    form = FileStorage(io.BytesIO(docx(paragraph("{{ customer_no }}"))), filename="客户.docx")
    annexes.take_in("customer", "客户卡", form)


def names():
    return [job.name for job, _run in sweeps.jobs_with_last_run()]


def let_go(app):
    with app.app_context():
        session.remove()
        db.engine.dispose()


def inside(look):
    """What somebody finds in the database."""
    app = create_app()
    with app.app_context():
        found = look()
        session.rollback()
    let_go(app)
    return found


def content(key):
    with attachments.open_file(key) as file:
        return file.read()


def everything():
    off = session.scalars(sa.select(SweepJob.name).filter_by(enabled=False)).all()
    person = session.scalars(sa.select(Employee).filter_by(number="N1")).one()
    user = session.get_one(User, person.account_id)
    return {
        "units": sorted(session.scalars(sa.select(OrgUnit.code))),
        "users": sorted(session.scalars(sa.select(User.username))),
        "person": (person.id, person.name, person.mobile, session.get_one(OrgUnit, person.unit_id).name,
                   person.unit_id),
        "password": user.password, "held": sorted((row.role, row.post or "") for row in session.scalars(
            sa.select(Holding).filter_by(owner_id=person.id))),
        "adopted": list(session.scalars(sa.select(PolicyAdoption.policy))), "off": list(off),
        "role": sorted(shipped.pairs_of(session.scalars(sa.select(OwnRole.slug)).one())),
        "view": session.scalars(sa.select(SavedView)).one().asked,
        "plans": [(plan.name, plan.people) for plan in session.scalars(sa.select(ReportPlan).order_by(ReportPlan.id))],
        "wish": session.scalars(sa.select(MessageWish)).one().mode,
        "key": session.scalars(sa.select(AccountKey)).one().ident,
        "form": content(session.scalars(sa.select(Attachment.storage_key)).one())[:2],
        "mail": session.scalars(sa.select(MessageChannel)).one().secret,
        "rest": calendars.calendar_for().is_working(DAY), "grants": shipped.granted("salesperson"),
        "admins": [user.username for user in session.scalars(sa.select(User)) if any(
            role.name == "Admin" for role in user.roles)],
    }  # fmt: skip


def test_what_is_ones_own_moves_and_the_demo_is_gone(here, capsys):
    before = inside(everything)
    with pytest.raises(SetupError, match="not confirmed"):
        undemo.remove(here, sure=False)
    assert inside(everything) == before
    undemo.remove(here, sure=True)
    after = inside(everything)
    assert after["units"] == ["OWN", "OWN-1"]
    assert after["users"] == ["admin", "wang"]
    assert after["adopted"] == ["B02"]
    assert [name for name, _people in before["plans"]] == ["每日", "演示"]
    assert after["plans"] == [("每日", [after["person"][0]])], "no receiver and no unit of the demo"
    kept = {*before} - {"units", "users", "adopted", "plans"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert inside(lambda: session.scalars(sa.select(MessageChannel.unit_ids)).one()) == [after["person"][4]]
    assert database.recall(here, installation.DEMO) == {"seeded": False}
    demo.refuse_open_host(here, "0.0.0.0", wanted=False)
    assert list((here.instance / "backups").glob("*-before-remove-demo.zip"))
    assert not (here.instance / "demo.txt").exists()
    assert "one-time" not in capsys.readouterr().out  # the administrator there was goes on
    assert inside(sealed) == []
    with pytest.raises(SetupError, match="there is no demo here"):
        undemo.remove(here, sure=True)


def sealed():
    """New rows get new ids, the audit trail begins anew, and its seals agree."""
    session.add(OrgUnit(code="OWN-2", name="品管部", kind="department"))
    session.commit()
    outcome = sweeps.run("audit.seal", clock.now() + dt.timedelta(hours=1))
    assert outcome.error is None
    assert outcome.counts
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) > 3
    return verify(clock.now() + dt.timedelta(hours=1))


def test_cases_of_ones_own_are_not_lost_by_the_way(here):
    app = create_app()
    with app.app_context():
        unit = session.scalars(sa.select(OrgUnit).filter_by(code="OWN-1")).one()
        session.add(Customer(customer_no="C1", name="苏州启衡", unit_id=unit.id))
        session.commit()
    let_go(app)
    with pytest.raises(SetupError, match="1; take them out first"):
        undemo.remove(here, sure=True)
    assert "wang" in inside(everything)["users"]


def test_an_administrator_is_printed_when_only_the_demo_had_one(here, capsys):
    app = create_app()
    with app.app_context():
        admin = session.scalars(sa.select(User).filter_by(username="admin")).one()
        admin.email = "admin@demo.invalid"
        session.commit()
        assert session.scalars(sa.select(Role.id).filter_by(name="Admin")).one()
    let_go(app)
    args = __import__("run").parse(["remove-demo", "--yes"])
    assert main.run(args) == 0
    said = capsys.readouterr().out
    assert "the password is shown only now" in said
    assert "the demo is gone" in said
