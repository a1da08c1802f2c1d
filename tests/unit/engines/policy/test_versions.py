"""Versions of packs in the database, adoption, and a unit's own settings."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.core import access, actor, clock
from app.core.access import Access, Post
from app.core.db import Model, db, session
from app.core.errors import Forbidden, Refusal
from app.engines.people.models import OrgUnit
from app.engines.policy import following, operations, versions
from app.engines.policy.models import APPROVED, DRAFT, RETIRED, PackVersion, PolicyAdoption, PolicyParameter
from tests.small import account, add, app, counted  # noqa: F401 - a fixture
from tests.unit.engines.policy.trial import TEXT

TODAY = dt.date(2025, 9, 29)
AT = clock.from_local(dt.datetime(2025, 9, 29, 10))


@pytest.fixture
def shipped(app, tmp_path, monkeypatch):  # noqa: F811
    """A folder of shipped packs with the trial in it; its tables are there."""
    assert following
    Model.metadata.create_all(db.engine, tables=[m.__table__ for m in (PackVersion, PolicyAdoption, PolicyParameter)])
    monkeypatch.setattr(versions, "FOLDER", tmp_path)
    (tmp_path / "B02.yaml").write_text(TEXT, encoding="utf-8")
    with clock.freeze(dt.datetime(2025, 9, 29, 10)):
        yield tmp_path / "B02.yaml"


@pytest.fixture
def units(shipped):
    """Group → factory → workshop."""
    group = add(OrgUnit(code="G", name="集团", kind="group"))
    factory = add(OrgUnit(code="F", name="工厂", kind="company", parent_id=group.id))
    shop = add(OrgUnit(code="W", name="车间", kind="section", parent_id=factory.id))
    return group, factory, shop


@pytest.fixture
def as_post(monkeypatch):
    """Let the person hold a post."""

    def hold(code: str | None) -> None:
        posts = (Post(code, 1, "/1/"),) if code else ()
        monkeypatch.setattr(access, "current", lambda: Access(posts=posts))

    return hold


def changed(version: int, **texts: str) -> str:
    made = TEXT.replace("version: 1\n", f"version: {version}\n")
    for old, new in texts.items():
        made = made.replace(old, new)
    return made


def only() -> PackVersion:
    return session.scalars(sa.select(PackVersion)).one()


def test_loading_twice_keeps_one_version_with_one_statement_each(shipped):
    assert operations.load_packs() == {"loaded": 1}
    assert operations.load_packs() == {"loaded": 0}
    assert (only().status, only().effective_from) == (APPROVED, dt.date(2025, 1, 1))


def test_a_version_never_changes_and_a_shipped_one_takes_a_free_number(shipped):
    operations.load_packs()
    was = only().content
    shipped.write_text(changed(1, 经办="承办"), encoding="utf-8")
    assert operations.load_packs() == {"loaded": 1}
    first, second = session.scalars(sa.select(PackVersion).order_by(PackVersion.version))
    assert (first.content, first.status) == (was, APPROVED)
    assert (second.version, second.content["version"], second.status) == (2, "2", DRAFT)
    assert operations.load_packs() == {"loaded": 0}


def test_the_order_of_moves_survives_the_database(shipped):
    operations.load_packs()
    session.commit()
    pack = operations.pack_for(only().id)
    assert list(pack.cases["complaint"].moves) == ["send", "decide", "lapse"]
    assert list(pack.posts) == ["clerk", "head", "chief"]


def test_a_version_is_compiled_once(shipped):
    operations.load_packs()
    session.commit()
    known = only().id
    first = operations.pack_for(known)
    with counted() as sent:
        assert operations.pack_for(known) is first
    assert sent == []


def test_a_later_shipped_version_waits_for_approval(shipped, as_post):
    operations.load_packs()
    shipped.write_text(changed(2, 经办="承办"), encoding="utf-8")
    operations.load_packs()
    second = session.scalars(sa.select(PackVersion).filter_by(version=2)).one()
    assert second.status == DRAFT
    assert operations.current_version("B02", TODAY).version == 1
    as_post("B02.chief")
    operations.approve(second, dt.date(2025, 10, 1))
    assert operations.current_version("B02", TODAY).version == 1
    assert operations.current_version("B02", dt.date(2025, 10, 1)).version == 2


def test_an_earlier_approval_retires_what_would_have_come_later(shipped, as_post):
    operations.load_packs()
    second, third = operations.draft(changed(2)), operations.draft(changed(3))
    as_post("B02.chief")
    operations.approve(second, dt.date(2026, 1, 1))
    operations.approve(third, dt.date(2025, 12, 1))
    assert (second.status, third.status) == (RETIRED, APPROVED)


def test_only_the_post_named_by_the_policy_approves(shipped, as_post):
    operations.load_packs()
    second = operations.draft(changed(2))
    for code in (None, "B02.head", "A01.chief"):
        as_post(code)
        with pytest.raises(Forbidden) as refused:
            operations.approve(second, TODAY)
        assert refused.value.problems[0].clause == "六"
    as_post("B02.chief")
    with pytest.raises(Refusal, match=r"最早|earliest"):
        operations.approve(second, TODAY - dt.timedelta(days=1))
    operations.approve(second, TODAY)
    with pytest.raises(Refusal):
        operations.approve(second, TODAY)


def test_nobody_approves_the_own_draft(shipped, as_post):
    operations.load_packs()
    with actor.acting_as(account("author")):
        mine = operations.draft(changed(2))
        as_post("B02.chief")
        with pytest.raises(Refusal) as refused:
            operations.approve(mine, TODAY)
    assert [problem.rule for problem in refused.value.problems] == ["separation_of_duties"]


def test_a_faulty_draft_is_refused_with_every_path(shipped):
    with pytest.raises(Refusal) as refused:
        operations.draft(
            changed(1, **{"一, basis: assumed}\nparameters": "一, basis: odd}\nparameters", "en: Clerk": "e: C"})
        )
    assert {problem.field for problem in refused.value.problems} == {
        "calendar.basis",
        "posts.clerk.label.en",
        "posts.clerk.label.e",
    }
    operations.load_packs()
    with pytest.raises(Refusal) as refused:
        operations.draft(TEXT)
    assert refused.value.problems[0].field == "version"


# -- adoption --------------------------------------------------------------------------------------------------------


def test_the_nearest_adopting_unit_governs(units):
    operations.load_packs()
    group, factory, shop = units
    operations.adopt(group, "B02", dt.date(2025, 1, 1))
    assert operations.policy_of("complaint", shop.id, AT).adopter_id == group.id
    operations.adopt(factory, "B02", dt.date(2025, 9, 1))
    assert operations.policy_of("complaint", shop.id, AT).adopter_id == factory.id
    before = clock.from_local(dt.datetime(2025, 8, 31, 23))
    assert operations.policy_of("complaint", shop.id, before).adopter_id == group.id
    assert operations.policy_of("complaint", shop.id, AT).start == "draft"
    assert [found.unit_id for found in operations.adopted(shop.id, TODAY)] == [factory.id, group.id]


@pytest.mark.parametrize("slug", ["complaint", "letter"])
def test_without_a_fitting_policy_nothing_begins(units, slug):
    operations.load_packs()
    group, factory, shop = units
    operations.adopt(factory, "B02", TODAY)
    with pytest.raises(Refusal) as refused:
        operations.policy_of(slug, group.id if slug == "complaint" else shop.id, AT)
    assert refused.value.problems[0].rule == "adopted"


def test_a_policy_that_does_not_run_cannot_be_adopted(units):
    operations.load_packs()
    for code in ("A01", "Z99"):
        with pytest.raises(Refusal) as refused:
            operations.adopt(units[0], code)
        assert refused.value.problems[0].rule == "runs"
    with pytest.raises(Refusal):
        operations.adopt(units[0], "B02", dt.date(2024, 12, 31))


@pytest.mark.parametrize(
    ("first", "last"), [("2025-06-01", None), ("2025-02-01", "2025-03-31"), ("2025-01-01", "2025-03-01")]
)
def test_adoptions_of_a_unit_do_not_overlap(units, first, last):
    operations.load_packs()
    operations.adopt(units[0], "B02", dt.date(2025, 3, 1), dt.date(2025, 7, 31))
    with pytest.raises(Refusal) as refused:
        operations.adopt(units[0], "B02", dt.date.fromisoformat(first), dt.date.fromisoformat(last) if last else None)
    assert refused.value.problems[0].rule == "overlap"
    operations.adopt(units[0], "B02", dt.date(2025, 8, 1))


def test_a_lifecycle_is_bound_to_the_adopter(units):
    operations.load_packs()
    case = SimpleNamespace(pack_version_id=only().id, adopter_id=units[1].id, __tablename__="complaint")
    assert operations.lifecycle(case).within == units[1].path


def test_a_case_is_opened_by_a_post_of_the_pack_inside_the_adopter(units, as_post, monkeypatch):
    operations.load_packs()
    case = SimpleNamespace(
        id=None, pack_version_id=only().id, adopter_id=units[1].id, policy="B02", __tablename__="complaint"
    )
    draft = SimpleNamespace(whole=SimpleNamespace(record=case, register=SimpleNamespace(slug="complaint")))
    monkeypatch.setattr(operations.people, "path_of", lambda _unit: "/1/")
    for code, rules in (("B02.clerk", []), ("B02.head", ["post"]), (None, ["post"])):
        as_post(code)
        assert [problem.rule for problem in following.opened_by_a_post(draft)] == rules


# -- settings --------------------------------------------------------------------------------------------------------


def test_a_setting_counts_from_its_day_for_its_unit(units):
    operations.load_packs()
    group, factory, _shop = units
    operations.adopt(group, "B02", TODAY)
    operations.adopt(factory, "B02", TODAY)
    operations.set_parameter(factory, "B02", "days", "5", "旺季", dt.date(2025, 10, 1))
    operations.set_parameter(factory, "B02", "days", "6", "更正", dt.date(2025, 10, 1))
    pack = operations.pack_for(only().id)

    def value(unit, day):
        return operations.settings_for(pack, unit.id, day).value("days")

    later = dt.date(2025, 10, 1)
    assert (value(factory, TODAY), value(factory, later), value(group, later)) == (3, 6, 3)
    case = SimpleNamespace(pack_version_id=only().id, adopter_id=factory.id)
    with clock.freeze(dt.datetime(2025, 10, 2)):
        assert operations.parameter(case, "days") == 6


def test_a_setting_that_does_not_fit_is_refused_with_every_reason(units):
    operations.load_packs()
    operations.adopt(units[0], "B02", TODAY)
    with pytest.raises(Refusal) as refused:
        operations.set_parameter(units[0], "B02", "days", "99", " ", TODAY - dt.timedelta(days=1))
    assert {problem.field for problem in refused.value.problems} >= {"value", "reason", "valid_from"}
    with pytest.raises(Refusal) as refused:
        operations.set_parameter(units[1], "B02", "hours", "1", "x")
    assert [problem.field for problem in refused.value.problems] == ["policy", "key"]


def test_no_version_that_went_out_has_changed():
    """A shipped pack is edited under a new number: run ``flask policy release`` when it goes out."""
    assert versions.changed_since_release() == []


def test_an_edited_version_is_found(shipped, monkeypatch, tmp_path):
    out = tmp_path / "released.txt"
    out.write_text("", encoding="utf-8")
    monkeypatch.setattr(versions, "RELEASED", out)
    out.write_text("".join(f"{name} {sha}\n" for name, sha in versions.to_release().items()), encoding="utf-8")
    assert versions.changed_since_release() == []
    shipped.write_text(changed(1, 经办="承办"), encoding="utf-8")
    assert versions.changed_since_release() == ["B02/1"]
    shipped.write_text(changed(2, 经办="承办"), encoding="utf-8")
    assert versions.changed_since_release() == []
    assert set(versions.to_release()) == {"B02/1", "B02/2"}
