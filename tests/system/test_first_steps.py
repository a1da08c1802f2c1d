"""The first steps over HTTP on both databases: each step, what is wrong with what was typed, and who may not."""

from __future__ import annotations

import html
import io
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role, User

from app.core import accounts, clock
from app.core.db import session
from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Sheet
from app.engines.founding.models import FirstStep, Newcomer
from app.engines.people import operations as people
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.policy.models import PolicyAdoption
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps.models import SweepJob
from tests.company import portal
from tests.portal import PASSWORD, enter

__all__ = ["portal"]
POLICY = ""  # an installation without any company
TREE = "远山公司 | HQ\n  销售部\n  品管部 | QA | 部门\n    检验课"
STEPS = ("units", "people", "policies", "posts", "calendar", "sweeps", "check")


@pytest.fixture
def admin(portal):
    """The browser of the only account there is: an administrator who is no employee."""
    with portal.app_context():
        sweeps.sync()
        user, _password = accounts.open_account("admin", "Admin")
        user.roles.append(session.scalars(sa.select(Role).where(Role.name == "Admin")).one())
        accounts.set_password(user, PASSWORD)
        session.commit()
    client = enter(portal, "admin")
    client.get("/lang/en")
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)[-3000:]
    return html.unescape(answer.get_data(as_text=True))


def counted(portal, model):
    with portal.app_context():
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def key_of(portal, model, **by):
    with portal.app_context():
        return session.scalars(sa.select(model.id).filter_by(**by)).one()


def units(admin):
    assert admin.post("/first-steps/units", data={"tree": TREE, "step": "save"}).status_code == 302


def upload(admin, *rows):
    """Bring a table of people in; its preview, and the answer to the confirmation."""
    heads = ["Staff number", "Full name", "Unit", "Role", "Posts", "User name"]
    book = b"".join(xlsx.stream([Sheet("x", heads, [list(row) for row in rows])]))
    data = {"mode": "add", "file": (io.BytesIO(book), "people.xlsx")}
    sent = admin.post("/imports/newcomer", data=data, content_type="multipart/form-data")
    assert sent.status_code == 302, text(sent)
    preview = text(admin.get(sent.headers["Location"]))
    run = re.search(r"/run/(\d+)", sent.headers["Location"])[1]
    return preview, admin.post(f"/imports/run/{run}/commit")


def handed_out(answer):
    """The links of the sheet, by user name."""
    lines = re.search(r'<pre id="kz-links" hidden>(.*?)</pre>', text(answer), re.S)[1].strip().splitlines()
    return {cells[3]: re.sub(r"^https?://[^/]+", "", cells[4]) for cells in (line.split("\t") for line in lines)}


def joins(portal, link, status=302):
    """Somebody opens a link and chooses a password."""
    client = portal.test_client()
    answer = client.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == status, text(answer, answer.status_code)
    return client


@pytest.mark.usefixtures("portal")
def test_an_empty_portal_leads_into_the_first_step(admin):
    assert "First steps: 1 of 7" in text(admin.get("/"))
    assert admin.get("/first-steps/").headers["Location"].endswith("/first-steps/units")
    for step in STEPS:
        page = text(admin.get(f"/first-steps/{step}"))
        assert "1 of 7 done" in page
        assert ' style="' not in page
    refused = text(admin.post("/first-steps/check"), 422)
    assert "There is no unit yet." in refused
    assert "Nobody is taken in yet." in refused


def test_a_tree_is_looked_at_then_saved_and_saved_again_without_doubles(portal, admin):
    page = text(admin.post("/first-steps/units", data={"tree": TREE, "step": "look"}))
    assert "Make 4 units" in page
    assert "HQ-01" in page
    assert counted(portal, OrgUnit) == 0
    units(admin)
    with portal.app_context():
        found = {unit.name: unit for unit in session.scalars(sa.select(OrgUnit))}
        assert found["检验课"].kind == "section"
        assert found["检验课"].parent_id == found["品管部"].id
        assert found["检验课"].code == "QA-01"
        assert found["远山公司"].kind == "company"
    again = TREE + "\n  研发部"
    assert "Make 1 units" in text(admin.post("/first-steps/units", data={"tree": again, "step": "look"}))
    admin.post("/first-steps/units", data={"tree": again, "step": "save"})
    assert counted(portal, OrgUnit) == 5


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("", "Write at least the name of the company."),
        ("远山公司\n\t\t检验课", "Line 2: it lies two levels below the line above"),
        ("远山公司 | HQ\n  销售部 | HQ", "Line 2: the code HQ stands there twice."),
        ("远山公司 | HQ | 航空母舰", "“航空母舰” is no kind of unit."),
        ("远" * 121, "Line 1: a name of 1 to 120 characters is needed."),
        (f"远山公司 | {'H' * 41}", "Line 1: the code has more than 40 characters."),
        ("x" * 40_001, "The text is longer than 40000 characters."),
        ("\n".join(f"公司{n}" for n in range(1001)), "At most 1000 units at once."),
    ],
)  # fmt: skip
def test_a_tree_that_cannot_be_is_refused_and_kept(portal, admin, tree, said):
    page = text(admin.post("/first-steps/units", data={"tree": tree, "step": "save"}), 422)
    assert said in page
    assert tree[:200] in page
    assert counted(portal, OrgUnit) == 0


def test_people_come_in_by_a_table_with_posts_and_get_their_links_once(portal, admin):
    units(admin)
    preview, done = upload(
        admin, ["1", "王一", "销售部", "", "B02.sales_rep, A10 Sales representative", "wang"],
        ["2", "李二", "QA", "", "b02.QC", "li"], ["3", "赵三", "检验课", "", "", ""],
        ["4", "钱四", "检验课", "", "", "-"],
    )  # fmt: skip
    assert "Import 4 rows" in preview
    assert done.status_code == 302
    assert "Back to the first steps" in text(admin.get(done.headers["Location"]))
    with portal.app_context():
        held = {(row.post, row.unit_id) for row in session.scalars(sa.select(Holding))}
        sales = session.scalar(sa.select(OrgUnit.id).filter_by(name="销售部"))
        assert {("B02.sales_rep", sales), ("A10.sales_rep", sales)} <= held
        assert session.scalar(sa.select(sa.func.count()).select_from(Employee)) == 4
    assert "Open 3 accounts" in text(admin.get("/first-steps/people"))
    given = handed_out(admin.post("/first-steps/people/accounts"))
    assert set(given) == {"wang", "li", "3"}, "without a user name one signs in by his staff number"
    assert "Nobody waits for an account." in text(admin.post("/first-steps/people/accounts"), 422)
    page = text(admin.get("/first-steps/people"))
    assert given["wang"].removeprefix("/join/") not in page
    assert joins(portal, given["wang"]).get("/profile/").status_code == 200
    enter(portal, "wang")
    renewed = handed_out(admin.post("/first-steps/people/renew"))
    assert set(renewed) == {"li", "3"}
    joins(portal, given["li"], 410)
    joins(portal, renewed["li"])
    enter(portal, "li")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["1", "王一", "没有的部门", "", "", ""], "没有的部门"),
        (["1", "王一", "销售部", "", "B02.captain", ""], "There is no post “B02.captain”"),
        (["1", "王一", "销售部", "", "", "a b"], "no spaces"),
        (["1", "王一", "销售部", "", "", "ADMIN"], "is taken"),
        (["1", "王一", "销售部", "船长", "", ""], "船长"),
        (["1", "", "销售部", "", "", ""], "“Full name” is needed."),
        (["", "王一", "销售部", "", "", ""], "“Staff number” is needed."),
    ],
)
def test_a_row_that_does_not_fit_is_named_before_anything_is_saved(portal, admin, row, said):
    units(admin)
    preview, done = upload(admin, row, ["2", "李二", "销售部", "", "", "li"])
    assert said in preview
    assert done.status_code == 422
    assert counted(portal, Employee) == counted(portal, Newcomer) == 0


def test_duties_kept_apart_are_refused_in_the_preview(portal, admin):
    units(admin)
    with portal.app_context():
        labels = {code: str(label) for code, label in people.catalogue.role_labels().items()}
    preview, _done = upload(admin, ["1", "王一", "销售部", labels["network_admin"], "B02.system_admin", ""])
    assert "are kept apart" in preview
    assert "第34条" in preview


def test_several_policies_are_adopted_at_once_and_their_open_settings_shown(portal, admin):
    units(admin)
    top = key_of(portal, OrgUnit, code="HQ")
    page = text(admin.get("/first-steps/policies"))
    assert 'id="p-B02"' in page
    assert 'id="p-A07"' not in page  # the program does nothing of it yet
    assert "Choose a policy." in text(admin.post("/first-steps/policies", data={"unit_id": top}), 422)
    bad = text(admin.post("/first-steps/policies", data={"unit_id": "99999", "policy": "B02"}), 422)
    assert re.search(r'value="B02"[^>]*checked', bad)
    assert "A day such as" in text(
        admin.post("/first-steps/policies", data={"unit_id": top, "policy": "B02", "valid_from": "morgen"}), 422
    )
    unknown = text(admin.post("/first-steps/policies", data={"unit_id": top, "policy": ["B02", "A07"]}), 422)
    assert "A07 does not run yet" in unknown
    assert counted(portal, PolicyAdoption) == 0
    assert admin.post("/first-steps/policies", data={"unit_id": top, "policy": ["B02", "A10"]}).status_code == 302
    assert counted(portal, PolicyAdoption) == 2
    page = text(admin.get("/first-steps/policies"))
    assert f"/policy/settings/B02/{top}" in page
    assert "kz-assumed" in page


def test_posts_are_given_and_what_is_missing_is_named(portal, admin):
    units(admin)
    top = key_of(portal, OrgUnit, code="HQ")
    with portal.app_context():
        roles = {code: str(label) for code, label in people.catalogue.role_labels().items()}
    upload(admin, ["1", "王一", "销售部", roles["quality_officer"], "", "wang"], ["2", "李二", "QA", "", "", ""])
    assert "Posts come with the policies." in text(admin.get("/first-steps/posts"))
    admin.post("/first-steps/policies", data={"unit_id": top, "policy": "B02"})
    page = text(admin.get("/first-steps/posts"))
    wang = key_of(portal, Employee, number="1")
    assert re.search(rf'name="who:B02.qc".{{0,400}}value="{wang}" selected', page, re.S)
    assert "Choose who holds at least one post." in text(admin.post("/first-steps/posts"), 422)
    unknown = {"who:B02.captain": wang, "who:B02.qc": wang}
    refused = text(admin.post("/first-steps/posts", data=unknown), 422)
    assert "B02 B02.captain" in refused
    assert admin.post("/first-steps/posts", data={"who:B02.qc": "99999"}).status_code == 404
    with portal.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(Holding).where(Holding.post.is_not(None))) == 0
    done = admin.post("/first-steps/posts", data={"who:B02.qc": wang, "where:B02.qc": top})
    assert done.status_code == 302
    with portal.app_context():
        held = session.scalars(sa.select(Holding).filter_by(post="B02.qc")).one()
        assert (held.owner_id, held.unit_id) == (wang, top)
    told = text(admin.get("/first-steps/check"))
    assert all(part in told for part in ("nobody in “远山公司” is", "who has no account"))


def test_two_policies_that_open_the_same_case_in_one_unit_are_found(portal, admin):
    units(admin)
    top, below = key_of(portal, OrgUnit, code="HQ"), key_of(portal, OrgUnit, code="QA")
    admin.post("/first-steps/policies", data={"unit_id": top, "policy": ["B02", "A14"]})
    assert "A14 and B02 both govern" in text(admin.get("/first-steps/check"))
    with portal.app_context():
        row = session.scalars(sa.select(PolicyAdoption).filter_by(policy="A14")).one()
        row.unit_id = below
        session.commit()
    assert "both govern" not in text(admin.get("/first-steps/check"))


def test_calendar_and_sweeps(portal, admin):
    with portal.app_context():
        for job in session.scalars(sa.select(SweepJob)):
            job.enabled = False
        session.commit()
    assert str(clock.today().year) in text(admin.get("/first-steps/calendar"))
    assert admin.post("/first-steps/calendar").headers["Location"].endswith("/first-steps/sweeps")
    assert "sweeps are switched off" in text(admin.get("/first-steps/check"))
    assert admin.post("/first-steps/sweeps").status_code == 302
    with portal.app_context():
        assert session.scalar(sa.select(sa.func.count()).select_from(SweepJob).filter_by(enabled=False)) == 0
        assert session.scalar(sa.select(FirstStep.state).filter_by(step="calendar")) == "done"


def test_put_away_and_taken_up_again(admin):
    assert "First steps: " in text(admin.get("/"))
    assert admin.post("/first-steps/later").status_code == 302
    assert "First steps: " not in text(admin.get("/"))
    assert admin.post("/first-steps/again").status_code == 302
    assert "First steps: " in text(admin.get("/"))


def test_others_have_no_business_here(portal, admin):
    units(admin)
    upload(admin, ["1", "王一", "销售部", "", "B02.sales_rep", "wang"])
    with portal.app_context():
        person = session.scalars(sa.select(Employee).filter_by(number="1")).one()
        people.give(person, "employee", session.get_one(OrgUnit, person.unit_id))
        session.commit()
    admin.post("/first-steps/people/accounts")
    with portal.app_context():
        accounts.set_password(session.scalars(sa.select(User).filter_by(username="wang")).one(), PASSWORD)
        session.commit()
    clerk = enter(portal, "wang")
    assert "/first-steps/" not in text(clerk.get("/"))
    for path in STEPS:
        assert clerk.get(f"/first-steps/{path}").status_code == 403
    assert clerk.post("/first-steps/people/accounts").status_code == 403
    assert clerk.post("/first-steps/later").status_code == 403
