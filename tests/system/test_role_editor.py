"""The matrix of roles, changes with a look ahead, copies, and the workbook; on both databases."""

import io
import re
import zipfile

import pytest

from app.core import clock
from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.people import catalogue, own_roles, shipped
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.both import company
from tests.portal import counted, enter, find, row_id

__all__ = ["company"]

COPY = {"zh": "外勤销售", "en": "Field sales", "of": "salesperson", "scope": "own"}


def text(answer):
    return answer.get_data(as_text=True)


def copied(company, client, **more):
    answer = client.post("/roles/new", data=COPY | more)
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"].rpartition("/")[2]


@pytest.fixture
def root(company):
    yield enter(company, "root")
    with company.app_context():
        from sqlalchemy import text as sql

        session.execute(sql("DELETE FROM holding WHERE role LIKE 'own_%'"))
        session.execute(sql("DELETE FROM ab_permission_view_role WHERE role_id IN "
                            "(SELECT id FROM ab_role WHERE name LIKE 'own_%')"))
        session.execute(sql("DELETE FROM ab_role WHERE name LIKE 'own_%'"))
        session.execute(sql("DELETE FROM own_role"))
        session.commit()


def test_the_matrix_marks_what_differs_from_the_default(company, root):
    before = text(root.get("/roles/matrix?area=customers&_l_=en"))
    with company.app_context():
        default = shipped.pairs_of("guard")
    grants = [f"{slug}:{act}" for slug, act in default | {("customer", "export")}]
    root.post("/roles/guard", data={"grant": grants})
    after = text(root.get("/roles/matrix?area=customers&_l_=en"))
    assert "E+" in after
    assert "E+" not in before
    assert root.get("/roles/matrix?area=nowhere").status_code == 400
    root.post("/roles/guard", data={"default": "1"})
    assert "E+" not in text(root.get("/roles/matrix?area=customers&_l_=en"))


@pytest.mark.parametrize(("name", "status"), [("sys", 200), ("bob", 403)])
@pytest.mark.parametrize("path", ["/roles/matrix", "/roles/export", "/roles/new"])
def test_who_looks_at_it(company, name, status, path):
    assert enter(company, name).get(path).status_code == status


def test_a_change_is_looked_at_before_it_is_saved(company, root):
    with company.app_context():
        default = shipped.pairs_of("salesperson")
    kept = [*[f"{slug}:{act}" for slug, act in sorted(default)][1:], "sweep_job:read"]
    page = text(root.post("/roles/salesperson/preview", data={"grant": kept}, headers={"Accept-Language": "en"}))
    assert "Sweep" in page
    assert "艾米" in page
    assert "安娜" in page
    assert "2 holdings change at once" in page
    with company.app_context():
        assert shipped.pairs_of("salesperson") == default, "looking saved something"
    sent = re.findall(r'name="grant" value="([^"]+)"', page)
    assert sorted(sent) == sorted(kept)
    assert root.post("/roles/salesperson", data={"grant": sent}).status_code == 302
    with company.app_context():
        assert ("sweep_job", "read") in shipped.pairs_of("salesperson")
    assert "Nothing changes" in text(
        root.post("/roles/salesperson/preview", data={"grant": sent}, headers={"Accept-Language": "en"})
    )
    root.post("/roles/salesperson", data={"default": "1"})
    assert root.post("/roles/salesperson/preview", data={"grant": ["nothing:read"]}).status_code == 422
    assert root.post("/roles/nobody/preview", data={}).status_code == 404


def test_only_administrators_make_preview_and_delete(company, root):
    slug, admin = copied(company, root), enter(company, "sys")
    assert admin.post("/roles/new", data=COPY | {"zh": "另一", "en": "Other"}).status_code == 403
    assert admin.post(f"/roles/{slug}/preview", data={"grant": []}).status_code == 403
    assert admin.post(f"/roles/{slug}/delete").status_code == 403
    assert "data-row" in text(admin.get(f"/roles/{slug}"))


def test_a_copy_opens_what_the_first_opens_and_is_edited_on(company, root):
    slug = copied(company, root)
    with company.app_context():
        assert shipped.pairs_of(slug) == shipped.pairs_of("salesperson")
        pk, unit = row_id(Employee, number="BOB"), row_id(OrgUnit, code="Q")
    form = {"role": slug, "unit_id": unit, "valid_from": clock.today().isoformat()}
    assert "外勤销售" in text(root.get(f"/people/{pk}/give"))
    assert root.post(f"/people/{pk}/give", data=form).status_code == 302
    assert "外勤销售" in text(root.get(f"/people/{pk}"))
    assert "外勤销售" in text(root.get("/holding/?_l_=zh"))
    with company.app_context():
        bob = people.load_access(session.get(Employee, pk).account_id)
        assert len(bob.reaches("customer", "read")) == 2
        assert {reach.scope for reach in bob.reaches("customer", "read")} >= {"own"}
    root.post(f"/roles/{slug}", data={"grant": ["customer:read", "account_key:read"]})
    page = text(root.get(f"/roles/{slug}?area={registers()['account_key'].area}"))
    assert "鲍勃" in page
    assert re.search(r'value="account_key:read" checked', page)
    assert enter(company, "bob").get("/account_key/").status_code == 200


def test_duties_are_kept_apart_for_copies_too(company, root, monkeypatch):
    pair = next(d for d in catalogue.duties() if d.scope == "person" and d.enforced and d.roles[0] != d.roles[1])
    first, second = pair.roles
    slug = copied(company, root, of=first)
    monkeypatch.setattr(people, "_adopted", lambda _unit, _day: [(code, 1, "/") for code in pair.policies])
    with company.app_context():
        assert catalogue.base_of(slug) == first
        person, unit = find(Employee, number="AMY"), find(OrgUnit, code="S")
        people.give(person, second, unit)
        with pytest.raises(Refusal) as refused:
            people.give(person, slug, unit)
        assert [problem.rule for problem in refused.value.problems] == ["separation_of_duties"]
        session.rollback()
    assert pair.clause in text(root.get(f"/roles/{slug}"))


def test_wrong_names_are_told_and_nothing_typed_is_lost(company, root):
    copied(company, root)
    for wrong, field in (({"zh": ""}, "zh"), ({"en": "x" * 50}, "en"), ({"scope": "units"}, "scope")):
        refused = root.post("/roles/new", data=COPY | {"zh": "新名", "en": "New name"} | wrong)
        assert refused.status_code == 422, (wrong, field)
        assert 'value="salesperson" selected' in text(refused)
    assert root.post("/roles/new", data=COPY).status_code == 422  # the name is taken
    assert root.post("/roles/new", data=COPY | {"zh": "甲", "en": "B", "of": "nobody"}).status_code == 422


def test_a_role_goes_only_while_nobody_held_it(company, root):
    slug, second = copied(company, root), copied(company, root, zh="第二", en="Second")
    with company.app_context():
        people.give(find(Employee, number="ANN"), slug, find(OrgUnit, code="Q"))
        session.commit()
    assert root.post(f"/roles/{slug}/delete").status_code == 409
    assert root.post(f"/roles/{second}/delete").status_code == 302
    assert root.get(f"/roles/{second}").status_code == 404
    assert root.post("/roles/guard/delete").status_code == 422
    with company.test_request_context():
        assert set(own_roles.own()) == {slug}
    assert "第二" in text(root.get("/logins/?event=role_deleted"))


def test_synchronising_leaves_own_roles_alone(company, root):
    slug = copied(company, root)
    with company.app_context():
        before = shipped.pairs_of(slug)
        people.sync_roles()
        session.commit()
        assert shipped.pairs_of(slug) == before


def test_the_workbook_holds_matrix_differences_and_holdings(company, root):
    slug = copied(company, root)
    root.post(f"/roles/{slug}", data={"grant": ["customer:read"]})
    answer = root.get("/roles/export?_l_=en")
    assert answer.status_code == 200
    opened = zipfile.ZipFile(io.BytesIO(answer.data))
    sheets = [opened.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
    assert "Field sales" in sheets[0]
    assert "taken away here" in sheets[1]
    assert "鲍勃" in sheets[2]
    assert "Rows of S" in sheets[2]


def test_pages_cost_the_same_for_many_roles(company, root):
    def statements(path):
        with company.app_context(), counted() as sent:
            assert root.get(path).status_code == 200
        return len(sent)

    few = statements("/roles/matrix"), statements("/roles/")
    for number in range(5):
        copied(company, root, zh=f"副本{number}", en=f"Copy {number}")
    assert (statements("/roles/matrix"), statements("/roles/")) == few
    assert max(few) <= 15
    assert len(text(root.get("/roles/matrix")).encode()) < 90_000
