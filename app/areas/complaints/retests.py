"""Review of the data and second test of a coded sample by two testers who know neither result nor customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.appeals import report_of, setting
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_verification import ComplaintVerification
from app.areas.complaints.lab_task import SAMPLING, TEST, LabTask
from app.areas.complaints.opening import announce, begin, open_beside, take_system_step
from app.areas.complaints.sample import Sample
from app.areas.complaints.test_report import TestReport
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, check
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.numbering.operations import draw_code
from app.engines.people.models import Employee
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy

REVIEW, RETEST = "data_review", "retest"
TESTERS = ("tester_one_id", "tester_two_id")
GIVEN = N_("New laboratory task %(code)s: %(item)s")


# -- review ----------------------------------------------------------------------------------------------------------


@effect("open_data_review")
def open_data_review(moved: Moved) -> None:
    """Begin the review of raw records, equipment and the whole test."""
    _open(moved, REVIEW)


@effect("open_retest")
def open_retest(moved: Moved) -> None:
    """Begin the second test."""
    _open(moved, RETEST)


def _open(moved: Moved, kind: str) -> None:
    case: Any = moved.record
    open_beside(moved, ComplaintVerification, case.unit_id, complaint_id=case.id, kind=kind, counted_from=moved.at)


def latest(case: Any, kind: str) -> ComplaintVerification | None:
    """The newest verification of a kind of a case."""
    query = sa.select(ComplaintVerification).filter_by(complaint_id=case.id, kind=kind)
    return session.scalars(query.order_by(ComplaintVerification.id.desc()).limit(1)).first()


@guard("review_recorded")
def review_recorded(step: Step) -> Iterable[Problem]:
    """The review of this round is written down with its preliminary opinion."""
    row = latest(step.whole.record, REVIEW)
    if row is None or row.verified_at is None:
        text = _("Write down the review of the whole test and the preliminary opinion first.")
        yield Problem(text, None, "review_recorded", step.move.clause)


@effect("sign_review")
def sign_review(moved: Moved) -> None:
    """The quality manager's approval stands on the review."""
    if (row := latest(moved.record, REVIEW)) is not None:
        row.approved_by_id, row.approved_on = moved.employee_id, clock.to_local(moved.at).date()
        session.flush()


# -- sample ----------------------------------------------------------------------------------------------------------


@check("complaint_verification")
def new_sample_for_a_fault(draft: Draft) -> Iterable[Problem]:
    """A new sample is taken when sampling or transport was at fault, and then only."""
    source, fault = draft.get("sample_source"), draft.get("sampling_fault")
    if source == "resampled" and not fault:
        text = _("The original sample is tested again; a new one is taken only when sampling or transport was "
                 "at fault.")  # fmt: skip
        yield Problem(text, "sample_source", "resampling_fault", "2.2.3")
    if source == "original" and fault:
        text = _("Sampling or transport was at fault: a new sample is taken.")
        yield Problem(text, "sample_source", "resampling_fault", "2.2.3")


@effect("order_sampling")
def order_sampling(moved: Moved) -> None:
    """Send the sampler out with an order."""
    row: Any = moved.record
    row.code = _fresh_code(row)
    session.flush()
    _give(moved, row.sampler_id, SAMPLING, procedure=str(_text(row, "sampling_procedures")), place=row.sampling_place)


@effect("record_sampling")
def record_sampling(moved: Moved) -> None:
    """The new sample is registered with why, when and by whom it was taken; the second test goes on."""
    task: Any = moved.record
    row = _waiting(task, "sampling")
    if row is None:
        return
    report = report_of(moves.whole_of(session.get_one(Complaint, row.complaint_id)))
    session.add(Sample(
        complaint_id=row.complaint_id, sample_no=f"{report.sample_no}-C{row.id}", origin_no=report.sample_no,
        quantity=1, received_at=moved.at, resample_reason=row.resample_reason, sampled_on=task.done_on,
        sampler_id=task.owner_id, sampling_procedure=task.procedure,
    ))  # fmt: skip
    _work_is(row, "sampled")


# -- blind test ------------------------------------------------------------------------------------------------------


@guard("two_other_testers")
def two_other_testers(step: Step) -> Iterable[Problem]:
    """Two different testers test together, and neither made the original test unless the setting allows it."""
    one, two = (step.get(name) for name in TESTERS)
    if one == two:
        text = _("A second test is made by two different people at the same time.")
        yield Problem(text, TESTERS[1], "two_testers", step.move.clause)
    record: Any = step.whole.record
    seats = holders_many([f"{step.lifecycle.policy}.tester"], [step.lifecycle.within])
    known, report = {seat.employee_id for seat in seats}, _report(record)
    barred = () if setting(record, "allow_original_tester", step.at) else tuple(report.testers or ())
    for name in TESTERS:
        if (who := step.get(name)) in barred:
            text = _("Who made the original test does not make the second one.")
            yield Problem(text, name, "original_tester", step.move.clause)
        elif who is not None and who not in known:
            yield Problem(_("This person holds no post as a tester."), name, "tester_in_post", step.move.clause)


@guard("sample_at_hand")
def sample_at_hand(step: Step) -> Iterable[Problem]:
    """The sample to be tested is chosen; a new one was taken."""
    source, sampled = step.get("sample_source"), step.whole.get("lab_state") == "sampled"
    if (source == "resampled") != sampled:
        text = _("Order the new sampling first.") if source == "resampled" else _("The new sample is tested.")
        yield Problem(text, "sample_source", "sample_at_hand", step.move.clause)


@effect("hand_out_tests")
def hand_out_tests(moved: Moved) -> None:
    """Give the sample its blind code, and each tester a task that shows nothing but it."""
    row: Any = moved.record
    report = _report(row)
    row.code, row.lab_state = _fresh_code(row), None
    sample = _new_sample(row) if row.sample_source == "resampled" else None
    sample = sample or Sample(
        complaint_id=row.complaint_id, sample_no=f"{report.sample_no}-F{row.id}", origin_no=report.sample_no,
        quantity=1, received_at=moved.at,
    )  # fmt: skip
    sample.blind_code, sample.coded_by_id = row.code, moved.employee_id
    sample.coded_on = clock.to_local(moved.at).date()
    session.add(sample)
    session.flush()
    for name in TESTERS:
        _give(moved, getattr(row, name), TEST, procedure=str(_text(row, "test_procedure")), item=report.tested_item)


def _new_sample(row: Any) -> Sample | None:
    query = sa.select(Sample).where(Sample.complaint_id == row.complaint_id, Sample.sample_no.endswith(f"-C{row.id}"))
    return session.scalars(query.limit(1)).first()


def _give(moved: Moved, employee_id: int, kind: str, **values: Any) -> None:
    """A task of one person, in the own unit; nothing in it leads to the case."""
    row: Any = moved.record
    person = session.get_one(Employee, employee_id)
    whole = begin(LabTask, person.unit_id, row.policy, owner_id=person.id, kind=kind, **values)
    whole.update({"code": row.code})
    announce(whole, moved.at)
    said = {"code": row.code, "item": values.get("item") or values.get("place") or ""}
    address = f"/{LabTask.__tablename__}/{whole.record.id}"
    notifications.notify(f"lab_task:{whole.record.id}", [person.id], GIVEN, said, address, "2.2.2")


def _fresh_code(row: Any) -> str:
    """A code by the pack's pattern for samples that nobody bears yet."""
    pack = policy.pack_for(row.pack_version_id)
    pattern = next(rule.pattern for rule in pack.numbering.values() if "{random" in rule.pattern)

    def taken(code: str) -> bool:
        return session.scalar(sa.select(LabTask.id).filter_by(code=code).limit(1)) is not None

    return draw_code(pattern, taken)


def _text(row: Any, key: str) -> Any:
    texts = policy.pack_for(row.pack_version_id).texts
    return texts[key].zh if key in texts else ""


# -- results ---------------------------------------------------------------------------------------------------------


@guard("tested_together")
def tested_together(step: Step) -> Iterable[Problem]:
    """Nobody tests in the future, nor on another day than the other tester."""
    task: Any = step.whole.record
    day = step.get("done_on")
    if day and not clock.to_local(task.state_since).date() <= day <= clock.today():
        text = _("The work was done between the day of the order and today.")
        yield Problem(text, "done_on", "between", step.move.clause)
    others = sa.select(LabTask.done_on).where(
        LabTask.code == task.code, LabTask.kind == TEST, LabTask.id != task.id, LabTask.status == "done"
    )
    other: dt.date | None = session.scalar(others)
    if task.kind == TEST and day and other and day != other:
        text = _("Both testers test at the same time: the other one tested on %(day)s.", day=other.isoformat())
        yield Problem(text, "done_on", "same_time", step.move.clause)


@effect("collect_results")
def collect_results(moved: Moved) -> None:
    """When both testers are done, their results stand in the record of the second test."""
    task: Any = moved.record
    row = _waiting(task, "testing")
    query = sa.select(LabTask).where(LabTask.code == task.code, LabTask.kind == TEST, LabTask.status == "done")
    done = {one.owner_id: one for one in session.scalars(query)}
    if row is None or not {row.tester_one_id, row.tester_two_id} <= set(done):
        return
    one, two = done[row.tester_one_id], done[row.tester_two_id]
    row.tested_on, row.result_one, row.result_two = one.done_on, one.result, two.result
    _work_is(row, "tested")


@effect("tell_retest")
def tell_retest(moved: Moved) -> None:
    """The sample is decoded, and the case learns whether the original result is right."""
    row: Any = moved.record
    query = sa.select(Sample).where(Sample.complaint_id == row.complaint_id, Sample.blind_code == row.code)
    for sample in session.scalars(query):
        sample.unsealed_on = clock.to_local(moved.at).date()
    whole = moves.whole_of(session.get_one(Complaint, row.complaint_id))
    whole.update({"original_confirmed": row.original_confirmed})
    whole.save()


def _waiting(task: Any, state: str) -> ComplaintVerification | None:
    """The second test that waits for a task."""
    return session.scalars(sa.select(ComplaintVerification).filter_by(code=task.code, status=state).limit(1)).first()


def _work_is(row: ComplaintVerification, state: str) -> None:
    row.lab_state = state
    session.flush()
    take_system_step(row)


def _report(row: Any) -> TestReport:
    return report_of(moves.whole_of(session.get_one(Complaint, row.complaint_id)))
