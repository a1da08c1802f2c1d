"""Appeals against test reports: in writing and in time; their acceptance, written notices, feedback and the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import rounds
from app.areas.complaints.complaint_laboratory import TEST_DATA
from app.areas.complaints.corrective_action import CorrectiveAction
from app.areas.complaints.customer_reply import CustomerReply
from app.areas.complaints.joint_investigation import JointInvestigation
from app.areas.complaints.opening import take_system_step
from app.areas.complaints.test_report import TestReport
from app.core import attachments, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.people.seats import holders
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering

ORAL = "oral"
CHAIR = "quality_manager"


def is_appeal(read: Any) -> bool:
    """Whether a complaint is about the result of a test."""
    return bool(read("matter") == TEST_DATA)


@check("complaint_laboratory")
def appeal_in_writing(draft: Draft) -> Iterable[Problem]:
    """An appeal is written; what the customer only says is no appeal."""
    if not is_appeal(draft.get):
        return
    if tiering.classify(draft.whole.record, "appeal_form", draft.get).tier == ORAL:
        text = _("An appeal against a test result is made in writing: ask the customer for a letter with its reasons "
                 "and grounds.")  # fmt: skip
        yield Problem(text, "channel", "written_appeal", "1.1")


@check("complaint_laboratory")
def appeal_in_time(draft: Draft) -> Iterable[Problem]:
    """An appeal comes within the limit that counts from the day on which the customer received the report."""
    report, came = session.get(TestReport, draft.get("report_id") or 0), draft.get("received_at")
    if not is_appeal(draft.get) or report is None:
        return
    if report.appeal_until is None or report.received_on is None:
        text = _("Report %(number)s has not been delivered to the customer yet.", number=report.number or "")
        yield Problem(text, "report_id", "delivered", "1.1")
    elif came is not None and came > report.appeal_until:
        last = clock.to_local(report.appeal_until).date().isoformat()
        text = _("The report was received on %(received)s; an appeal was possible until %(last)s.",
                 received=report.received_on.isoformat(), last=last)  # fmt: skip
        yield Problem(text, "received_at", "appeal_window", "1.1")
    elif came is not None and clock.to_local(came).date() < report.received_on:
        text = _("The appeal lies before the day on which the customer received the report.")
        yield Problem(text, "received_at", "not_before", "1.1")


@check("complaint_laboratory")
def appellant_has_the_report(draft: Draft) -> Iterable[Problem]:
    """The report is one of the customer who appeals; nobody appeals in the future."""
    report, customer = session.get(TestReport, draft.get("report_id") or 0), draft.get("customer_id")
    if report is not None and customer is not None and report.customer_id not in (None, customer):
        yield Problem(_("The report is that of another customer."), "report_id", "same_customer", "1.1")
    if (came := draft.get("received_at")) is not None and came > clock.now():
        yield Problem(_("The time of the complaint lies in the future."), "received_at", "not_future", "1.1")


@before_create("complaint")
def customer_of_the_report(whole: Whole) -> None:
    """An appeal without a customer is that of the customer of its report."""
    if "report_id" in whole.fields and (report := session.get(TestReport, whole.get("report_id") or 0)) is not None:
        whole.update({"customer_id": whole.get("customer_id") or report.customer_id})


# -- acceptance ------------------------------------------------------------------------------------------------------


@guard("letter_attached")
def letter_attached(step: Step) -> Iterable[Problem]:
    """The written appeal itself is attached."""
    files = attachments.of_row(step.whole.register.slug, step.whole.record.id)
    if not any(file.field == "letter" for file in files):
        text = _("Attach the written appeal of the customer.")
        yield Problem(text, "letter", "letter_attached", step.move.clause)


@guard("chair_in_post")
def chair_in_post(step: Step) -> Iterable[Problem]:
    """Who chairs the handling is a quality manager."""
    known = {person.id for person in holders(f"{step.lifecycle.policy}.{CHAIR}", step.lifecycle.within)}
    if step.get("chair_id") not in known:
        yield Problem(_("The quality manager chairs the handling."), "chair_id", "chair_in_post", step.move.clause)


@effect("take_appeal")
def take_appeal(moved: Moved) -> None:
    """The report comes under appeal; until when it could be appealed is kept with the case."""
    report = report_of(moved.whole)
    came, until = moved.whole.get("received_at"), report.appeal_until
    moved.whole.update({"appeal_until": until, "in_time": bool(came and until and came <= until)})
    moved.whole.save()
    found(report, "appealed")


@effect("appeal_again")
def appeal_again(moved: Moved) -> None:
    """The next round is about the report that stands now: the corrected one, if there is one."""
    report = report_of(moved.whole)
    report = session.get_one(TestReport, report.replaced_by_id) if report.replaced_by_id else report
    moved.whole.update({"report_id": report.id, "report_state": None})
    moved.whole.save()
    found(report, "appealed")


@effect("uphold_report")
def uphold_report(moved: Moved) -> None:
    """The original result is right: the report stands."""
    found(report_of(moved.whole), "upheld")


@effect("find_report_wrong")
def find_report_wrong(moved: Moved) -> None:
    """The original result is wrong: the correction goes to the signatory."""
    found(report_of(moved.whole), "wrong")


def report_of(whole: Whole) -> TestReport:
    """The report that a case is about."""
    return session.get_one(TestReport, whole.get("report_id"))


def found(report: TestReport, finding: str) -> None:
    """Write what an appeal came to into the report, which takes the step that it asks for."""
    report.finding = finding
    session.flush()
    take_system_step(report)


# -- general complaints ----------------------------------------------------------------------------------------------


@guard("team_reported")
def team_reported(step: Step) -> Iterable[Problem]:
    """An investigation team that was needed has handed in its report."""
    done = sa.select(JointInvestigation.id).where(
        JointInvestigation.complaint_id == step.whole.record.id, JointInvestigation.concluded_at.is_not(None)
    )
    if step.get("team_needed") and session.scalar(done.limit(1)) is None:
        text = _("The investigation team hands in its report first.")
        yield Problem(text, "team_needed", "team_reported", step.move.clause)


# -- notice, feedback, end -------------------------------------------------------------------------------------------


@effect("keep_notice")
def keep_notice(moved: Moved) -> None:
    """Keep the written notice to the customer: the result of the appeal, what was done, or why we are not at fault."""
    case: Any = moved.record
    fault = "measures_taken" if moved.whole.get("founded") else "explanation_no_fault"
    reply = CustomerReply(
        complaint_id=case.id, kind="retest_result" if is_appeal(moved.whole.get) else fault,
        means=moved.whole.get("notice_means"), content=moved.whole.get("notice_text"), replied_at=moved.at,
        replied_by_id=moved.employee_id, customer_response="pending",
    )  # fmt: skip
    session.add(reply)
    session.flush()


@guard("nonconformity_opened")
def nonconformity_opened(step: Step) -> Iterable[Problem]:
    """Work that did not conform has its corrective action."""
    if step.get("nonconforming") and not _about(CorrectiveAction, step):
        text = _("Open the corrective action for the work that did not conform first.")
        yield Problem(text, "nonconforming", "nonconformity_opened", step.move.clause)


@guard("compensation_agreed")
def compensation_agreed(step: Step) -> Iterable[Problem]:
    """The loss of a founded complaint was talked over with the customer, and the outcome is written down."""
    model: Any = registers()["compensation"].model
    lost = step.get("founded") and step.get("economic_loss")
    if lost and not _about(model, step, model.agreed_on.is_not(None)):
        text = _("Agree with the customer on the compensation of the loss first.")
        yield Problem(text, "economic_loss", "compensation_agreed", step.move.clause)


def _about(model: Any, step: Step, *conditions: Any) -> bool:
    query = sa.select(model.id).where(model.complaint_id == step.whole.record.id, *conditions)
    return session.scalar(query.limit(1)) is not None


@guard("rounds_exhausted")
def rounds_exhausted(step: Step) -> Iterable[Problem]:
    """A case of a customer who is not satisfied ends only after the last round that the policy allows."""
    record, rule = step.whole.record, rounds.rule_of(step.whole.record)
    most = rounds.most_of(record, rule, step.at) if rule else None
    done = len(rounds.forms_of(record, rule)) if rule else 0
    if most is None or done < most:
        text = _("The customer is not satisfied: the case is handled again (round %(round)s of %(most)s).",
                 round=done, most=most if most is not None else "∞")  # fmt: skip
        yield Problem(text, "customer_accepts", "rounds_exhausted", step.move.clause)


def setting(case: Any, key: str, at: Any) -> Any:
    """The value of a setting of the policy of a case on the day of an instant."""
    pack = policy.pack_for(case.pack_version_id)
    return policy.settings_for(pack, case.adopter_id, clock.to_local(at).date()).value(key)
