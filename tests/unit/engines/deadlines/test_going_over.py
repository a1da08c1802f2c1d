"""Running cases that go over to another version of their policy, with their clocks and their history."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.core import access, clock
from app.core.access import Access
from app.core.db import db, session
from app.core.errors import Forbidden, Refusal
from app.engines.approvals.models import ApprovalRequest
from app.engines.audit import operations as audit
from app.engines.deadlines import going_over, operations
from app.engines.deadlines.models import CANCELLED
from app.engines.policy import moving, versions
from app.engines.policy import operations as policy
from app.engines.policy.models import APPROVED, PackVersion, PolicyAdoption
from app.packs import schema, text
from tests.unit.engines.deadlines.conftest import at, shown

WHOLE, STEP = "case", "step_qc"


def put(content, path, value):
    """Change the content at a dotted path; ``None`` takes the key away."""
    *way, last = path.split(".")
    place = content
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is None:
        del place[last]
    else:
        place[last] = value


def without(content, name):
    """Leave a name out of every list."""
    for key, inner in content.items() if isinstance(content, dict) else enumerate(content):
        if isinstance(inner, list) and name in inner:
            content[key] = [one for one in inner if one != name]
        if isinstance(inner, dict | list):
            without(content[key], name)


def version(unlisted="", **changes):
    """A second version in force today, with other values at dotted paths (``__`` for the dot)."""
    first = session.scalars(sa.select(PackVersion).filter_by(code="B02", version=2)).one()
    content = schema.parse(text.write_text(first.content))
    for path, value in changes.items():
        put(content, path.replace("__", "."), value)
    without(content, unlisted)
    content["version"] = str(versions.next_number("B02"))
    made = policy.draft(text.write_text(content))
    made.status, made.effective_from = APPROVED, clock.today()
    session.flush()
    return made


@pytest.fixture
def case(cases):
    """A complaint with quality since 30 September, its clocks running."""
    with at("2025-09-26 14:30"):
        found = cases.accepted()
    with at("2025-09-30 10:00"):
        cases.go(found, "qc")
    assert shown(cases.clock(found, WHOLE).due_at) == "2025-10-21 23:59:59"
    assert shown(cases.clock(found, STEP).due_at) == "2025-10-09 23:59:59"
    return found


def said(case):
    return [entry.sentence for entry in audit.history("complaint", case.id)]


def test_a_new_version_leaves_running_cases_alone(cases, case):
    with at("2025-10-01 09:00"):
        made = version(clocks__case__allowances__0__number="10")
    assert case.pack_version_id != made.id
    assert shown(cases.clock(case, WHOLE).due_at) == "2025-10-21 23:59:59"
    assert [(group.slug, group.status, group.cases, group.why_not) for group in moving.groups(made)] == [
        ("complaint", "qc", 1, "")
    ]


def test_what_is_foreseen_is_what_happens_and_the_history_says_so(cases, case):
    with at("2025-10-01 09:00"):
        made = version(clocks__case__allowances__0__number="4", parameters__qc_days__value="8")
        foreseen = going_over.foresee(made, page=1, size=50)
        assert going_over.count(made) == len(foreseen) == 2
        told = {found.row.key: shown(found.after) for found in foreseen}
        assert told == {"B02.case": "2025-10-09 23:59:59", "B02.step_qc": "2025-10-09 23:59:59"}
        assert shown(cases.clock(case, WHOLE).due_at) == "2025-10-21 23:59:59"
        assert moving.move_over(made, "the limit was shortened") == 1
    session.refresh(case)
    whole, step = cases.clock(case, WHOLE), cases.clock(case, STEP)
    assert {row.key: shown(row.due_at) for row in (whole, step)} == told
    assert (case.pack_version_id, whole.pack_version_id, step.cap_due_at) == (made.id, made.id, whole.due_at)
    assert shown(case.due_at) == "2025-10-09 23:59:59"
    assert any("the limit was shortened" in sentence for sentence in said(case))
    assert len([sentence for sentence in said(case) if "2025-10-21 23:59" in sentence]) == 1


def test_a_unit_setting_still_counts_from_its_day(cases, case):
    with at("2025-10-01 09:00"):
        adopted = session.scalars(sa.select(PolicyAdoption).filter_by(policy="B02")).one()
        unit = session.get_one(going_over.people.OrgUnit, adopted.unit_id)
        policy.set_parameter(unit, "B02", "qc_days", "5", "busy")
        made = version(clocks__case__allowances__0__number="12")
        moving.move_over(made, "shorter")
    assert shown(cases.clock(case, STEP).due_at) == "2025-10-09 23:59:59"


def test_a_limit_that_the_version_drops_ends_and_one_that_it_adds_begins(cases, case):
    other = {
        "label": {"zh": "初判", "en": "First view"}, "register": "complaint", "start": {"states": ["qc"]},
        "allowances": [{"number": "2", "unit": "working_days", "clause": "（十）2", "basis": "assumed"}], "cap": "case",
        "responsible": "qc", "clause": "（十）2", "basis": "assumed",
    }
    changes = {"clocks__step_qc": None, "clocks__first_view": other}
    with at("2025-10-01 09:00"):
        made = version("step_qc", **changes)
        assert {found.row.key for found in going_over.foresee(made, page=1, size=50) if found.after is None} == {
            "B02.step_qc"
        }
        moving.move_over(made, "another step")
    assert cases.clock(case, STEP).status == CANCELLED
    added = cases.clock(case, "first_view")
    assert (shown(added.started_at), shown(added.due_at)) == ("2025-09-30 10:00:00", "2025-10-10 23:59:59")
    assert {row.key for row in operations.open_clocks("complaint", case.id)} == {"B02.case", "B02.first_view"}
    assert len([sentence for sentence in said(case) if "First view" in sentence or "初判" in sentence]) == 1


def test_cases_in_a_state_that_the_version_lacks_stay_and_say_why(cases, case):
    with at("2025-10-01 09:00"):
        stays = cases.accepted()
        cases.go(stays, "rd")
        lacking = {
            "cases__complaint__states__rd": None, "cases__complaint__moves__ask_rd": None,
            "cases__complaint__moves__advise": None, "clocks__step_rd": None,
            "cases__complaint__steps__3__states": ["production", "manager_office"],
        }
        made = version("step_rd", **lacking)
        reasons = {group.status: bool(group.why_not) for group in moving.groups(made)}
        assert reasons == {"qc": False, "rd": True}
        assert moving.move_over(made, "without R&D") == 1
    session.refresh(stays)
    assert (stays.pack_version_id == made.id, stays.status) == (False, "rd")


def test_a_case_with_a_decision_that_ends_otherwise_stays(cases, case):
    with at("2025-10-01 09:00"):
        request = ApprovalRequest(
            of_register="complaint", record_id=case.id, title="x", route="decision", policy="B02",
            pack_version_id=case.pack_version_id, adopter_id=case.adopter_id, unit_id=case.unit_id, frozen={},
        )
        session.add(request)
        session.flush()
        made = version(approvals__decision__outcomes={"approve": "decide"})
        assert [group.bound for group in moving.groups(made)] == [True]
        assert moving.move_over(made, "x") == 0
        request.status, request.closed_at = "approved", clock.now()
        session.flush()
        assert moving.move_over(made, "x") == 1


def test_closed_cases_and_versions_not_in_force_take_no_part(cases, case):
    with at("2025-10-01 09:00"):
        made = version(clocks__case__allowances__0__number="10")
        cases.go(case, "closed")
        assert moving.groups(made) == []
        made.effective_from = clock.today().replace(year=2026)
        session.flush()
        with pytest.raises(Refusal) as refused:
            moving.move_over(made, " ")
    assert [problem.rule for problem in refused.value.problems] == ["state", "required"]


def test_only_whoever_changes_policies_may_ask(case, monkeypatch):
    made = version(clocks__case__allowances__0__number="10")
    monkeypatch.setattr(access, "current", lambda: Access(grants={("complaint", "move"): frozenset()}))
    with pytest.raises(Forbidden):
        moving.move_over(made, "x")


@contextmanager
def counted():
    sent = []

    def keep(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", keep)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", keep)


def test_foreseeing_costs_the_same_for_many_cases(cases, case):
    with at("2025-10-01 09:00"):
        made = version(clocks__case__allowances__0__number="10")

        def statements():
            session.commit()
            session.expire_all()
            with counted() as sent:
                assert going_over.foresee(made, page=1, size=50)
            return len(sent)

        statements()
        before = statements()
        for _n in range(12):
            cases.go(cases.accepted(), "qc")
        assert statements() == before
