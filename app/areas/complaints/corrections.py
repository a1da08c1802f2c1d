"""Correction of a wrong report: signatory, recall, void stamp, corrected report with the change mark, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.appeals import found, setting
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_laboratory import ComplaintLaboratory
from app.areas.complaints.opening import take_system_step
from app.areas.complaints.test_report import TestReport
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole

MARK = "change_mark"
CLAUSE = "2.2.5"
ORDER = ("approved_by_id", "recalled_on", "voided_on")


def order_problem(old: TestReport) -> str | None:
    """What has to happen to the old report before it may be corrected, in the order of the policy."""
    missing = next((name for name in ORDER if not getattr(old, name)), None)
    said = {
        "approved_by_id": _("The authorised signatory has not approved the correction of report %(number)s."),
        "recalled_on": _("Report %(number)s has not been recalled from the customer."),
        "voided_on": _("Report %(number)s has not been stamped void."),
    }
    return said[missing] % {"number": old.number} if missing else None


@guard("correction_in_order")
def correction_in_order(step: Step) -> Iterable[Problem]:
    """A corrected report is issued after approval, recall and void stamp, and bears the change mark."""
    old = session.get(TestReport, step.whole.get("corrects_id") or 0)
    typed = (step.get(MARK) or "").strip().upper()
    if old is None:
        if typed:
            text = _("Only a report that corrects another bears a change mark.")
            yield Problem(text, MARK, "change_mark", CLAUSE)
        return
    if text := order_problem(old):
        yield Problem(text, "corrects_id", "correction_in_order", CLAUSE)
    mark = str(setting(step.whole.record, MARK, step.at)).upper()
    if typed != mark:
        text = _("A corrected report bears the change mark %(mark)s.", mark=mark)
        yield Problem(text, MARK, "change_mark", CLAUSE)


@effect("print_number", early=True)
def print_number(moved: Moved) -> None:
    """The number as it is printed: with the change mark behind the number of the report that it corrects."""
    report: Any = moved.record
    if report.corrects_id:
        report.change_mark = report.change_mark.strip().upper()
        more = report.version - 1 if report.version > FIRST_CORRECTION else ""
        report.number = f"{report.report_no}({report.change_mark}{more})"
    else:
        report.number = report.report_no
    session.flush()


FIRST_CORRECTION = 2


@effect("replace_report")
def replace_report(moved: Moved) -> None:
    """The report that was corrected gives way to the new one."""
    new: Any = moved.record
    if new.corrects_id:
        old = session.get_one(TestReport, new.corrects_id)
        old.replaced_by_id = new.id
        found(old, "corrected")


@effect("tell_appeal")
def tell_appeal(moved: Moved) -> None:
    """The appeal that waits for the correction learns how the report stands."""
    query = (
        sa.select(Complaint)
        .join(ComplaintLaboratory, ComplaintLaboratory.id == Complaint.id)
        .where(ComplaintLaboratory.report_id == moved.record.id, Complaint.status == "correcting")
    )
    for case in session.scalars(query).all():
        whole = moves.whole_of(case)
        whole.update({"report_state": moved.target})
        whole.save()
        take_system_step(case)


@before_create("test_report")
def next_version(whole: Whole) -> None:
    """A corrected report takes the number, the customer and the sample of the one that it corrects."""
    old = session.get(TestReport, whole.get("corrects_id") or 0)
    if old is None:
        return
    same = {name: whole.get(name) or getattr(old, name) for name in ("customer_id", "sample_no", "tested_item")}
    whole.update({"version": old.version + 1, **same})


@check("test_report")
def report_fits(draft: Draft) -> Iterable[Problem]:
    """One number for one report, which a correction keeps; the customer receives what was issued."""
    report: Any = draft.whole.record
    old = session.get(TestReport, draft.get("corrects_id") or 0)
    number = draft.get("report_no")
    if old is not None and number and number != old.report_no:
        text = _("A corrected report keeps the number %(number)s.", number=old.report_no)
        yield Problem(text, "report_no", "same_number", CLAUSE)
    if number and (other := _twin(report, number, old)) is not None:
        text = _("Report %(number)s is there already.", number=other.number or number)
        yield Problem(text, "report_no", "unique", "1.1")
    issued, received, today = draft.get("issued_on"), draft.get("received_on"), clock.today()
    if issued and issued > today:
        yield Problem(_("The day of issue lies in the future."), "issued_on", "not_future", "1.1")
    if received and (received > today or (issued and received < issued)):
        text = _("The customer received the report between its issue and today.")
        yield Problem(text, "received_on", "between", "1.1")


def _twin(report: Any, number: str, old: TestReport | None) -> TestReport | None:
    """Another report that bears the same number in the same version."""
    version = old.version + 1 if old else 1
    query = sa.select(TestReport).where(
        TestReport.adopter_id == report.adopter_id, TestReport.report_no == number, TestReport.version == version,
        TestReport.id != (report.id or 0),
    )  # fmt: skip
    return session.scalars(query.limit(1)).first()
