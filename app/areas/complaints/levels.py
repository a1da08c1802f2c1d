"""Levels of a complaint by the criteria of its pack, and what a level asks of the people who handle it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.opening import number, open_beside
from app.areas.complaints.written_report import WrittenReport
from app.areas.customers import operations as customers
from app.areas.organisation import operations as organisation
from app.areas.organisation.operations import Meeting
from app.core import clock, explaining, moves, pages
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.origin import unit_of_post
from app.core.pages import ShowPage
from app.core.ripples import after_change
from app.core.whole import Whole
from app.engines.deadlines import following as deadlines
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering

LEVEL = "level"
REACHED = "reached"
PUT_FORWARD = ("stated_reason", "course", "result")
LAST_CONTACT = "last_contact_at"


# -- level -------------------------------------------------------------------------------------------------------------


@effect("classify_level", early=True)
def classify_level(moved: Moved) -> None:
    """The level by the criteria of the pack; nobody sets it by hand, and it never falls."""
    moved.whole.update({"repeated": moved.whole.get("repeat_of_id") is not None})
    found = tiering.classify(moved.record, LEVEL, moved.whole.get)
    known = moved.whole.get(LEVEL)
    if tiering.rank(moved.record, LEVEL, found.tier) > tiering.rank(moved.record, LEVEL, known):
        moved.whole.update({LEVEL: found.tier})
    moved.whole.save()


def _graded(whole: Whole) -> tiering.Classified | None:
    record: Any = whole.record
    known = whole.register.slug == "complaint" and whole.fields.get(LEVEL) and whole.get(LEVEL)
    if not known or LEVEL not in policy.pack_for(record.pack_version_id).tiers:
        return None
    return tiering.classify(record, LEVEL, whole.get)


@explaining.explains("tier")
def explain_level(whole: Whole) -> Any:
    """The level that the facts give, with every criterion."""
    found = _graded(whole)
    return tiering.explained(found) if found else None


def show_level(page: ShowPage) -> None:
    """Why the facts give this level, and whether answers of the customer raised it."""
    if (found := _graded(page.whole)) is None:
        return
    said = tiering.reason(found)
    if page.whole.get(LEVEL) != found.tier:
        said += " " + _("The answers of the customer raised it since.")
    box = Markup('<div class="kz-why mt-3"><strong>{}</strong> {}</div>').format(_("Why this level"), said)
    label = str(page.whole.fields[LEVEL].label)
    for section in page.sections:
        if any(str(shown["label"]) == label for shown in section["fields"]):
            section["html"] = box
            return


pages.on_show(show_level, order=14)


# -- contacts ----------------------------------------------------------------------------------------------------------


@effect("keep_contact", early=True)
def keep_contact(moved: Moved) -> None:
    """The first contact is the last one until another is logged; the time to the next counts from there."""
    moved.whole.update({LAST_CONTACT: moved.whole.get("contacted_at")})


@after_change("contact_log")
def count_contact(row: Any) -> None:
    """A contact that reached the customer of an open case lets the time to the next one begin anew."""
    case: Any = session.get(Complaint, row.complaint_id) if row.complaint_id and row.outcome == REACHED else None
    if case is None or LAST_CONTACT not in (whole := moves.whole_of(case)).fields or case.closed_at is not None:
        return
    if (known := whole.get(LAST_CONTACT)) is None or known < row.contacted_at:
        whole.update({LAST_CONTACT: row.contacted_at})
        whole.save()
        deadlines.after_edit(whole, {LAST_CONTACT: row.contacted_at})


@guard("contact_dated")
def contact_dated(step: Step) -> Iterable[Problem]:
    """The first contact lies between the receipt and now, and the customer was told how it goes on."""
    received, contacted = step.get("received_at"), step.get("contacted_at")
    if received and contacted and not received <= contacted <= step.at:
        text = _("The first contact lies between the receipt and now.")
        yield Problem(text, "contacted_at", "between", step.move.clause)
    if step.get("explained_flow") is False:
        text = _("Tell the customer the steps, how long each takes and how to reach you.")
        yield Problem(text, "explained_flow", "explained", "5.3.1.3")


@guard("attempts_made")
def attempts_made(step: Step) -> Iterable[Problem]:
    """The customer was tried as often, and on as many days, as the policy's settings say."""
    case: Any = step.whole.record
    tried = customers.failed_attempts(case.id)
    often, days = (policy.parameter(case, key) for key in ("unreachable_attempts", "unreachable_days"))
    if len(tried) < often or len(set(tried)) < days:
        text = _(
            "At least %(often)s attempts on %(days)s days are logged before a customer counts as out of reach; "
            "there are %(tried)s on %(known)s.",
            often=often, days=days, tried=len(tried), known=len(set(tried)),
        )  # fmt: skip
        yield Problem(text, None, "attempts_made", step.move.clause)


# -- the highest level -------------------------------------------------------------------------------------------------


@effect("open_special_report")
def open_special_report(moved: Moved) -> None:
    """The special report on a case is begun for the post that now has it; one for each case."""
    case: Any = moved.record
    if session.scalar(sa.select(WrittenReport.id).filter_by(complaint_id=case.id, kind="special")) is None:
        born = open_beside(
            moved, WrittenReport, case.holder_unit_id or case.unit_id, kind="special", complaint_id=case.id,
            investigated_on=clock.to_local(moved.at).date(), content="",
        )
        report: Any = born.record
        report.owner_id = None
        session.flush()


@guard("guidance_given")
def guidance_given(step: Step) -> Iterable[Problem]:
    """A case of the highest level is answered after its special report was instructed upon."""
    case: Any = step.whole.record
    about = sa.select(WrittenReport.id).filter_by(complaint_id=case.id, kind="special")
    if session.scalar(about.where(WrittenReport.instruction.is_not(None))) is None:
        text = _("The special report on this case has no instruction yet.")
        yield Problem(text, None, "guidance_given", step.move.clause)


@effect("open_meeting")
def open_meeting(moved: Moved) -> None:
    """A case that the customer still refuses is put before the meeting; whoever carries on the case sees it."""
    case: Any = moved.record
    born = open_beside(
        moved, Meeting, moved.post.unit_id if moved.post else case.unit_id, complaint_id=case.id,
        subject=case.title, meeting_on=moved.whole.get("meeting_on"), submitted_by_id=moved.employee_id,
        submitted_on=clock.to_local(moved.at).date(),
        content="\n".join(filter(None, map(moved.whole.get, PUT_FORWARD))) or None,
    )  # fmt: skip
    number(born.record, moved.at)
    life = moved.lifecycle
    for post in {post for step in life.leaving(moved.target) for post in step.posts}:
        if (unit_id := unit_of_post(f"{life.policy}.{post}", life.within)) is not None:
            moves.send_to(born.record, unit_id)
    session.flush()


def _decided(step: Step, final: bool) -> Meeting | None:
    met = organisation.meetings_about(step.whole.record.id)
    return met[0] if met and met[0].decided_at is not None and bool(met[0].final) is final else None


@guard("meeting_goes_on")
def meeting_goes_on(step: Step) -> Iterable[Problem]:
    """The meeting decided what is to be done, and did not close the case."""
    if _decided(step, False) is None:
        text = _("The meeting has not decided yet, or its decision closes the case.")
        yield Problem(text, None, "meeting_goes_on", step.move.clause)


@guard("meeting_closes")
def meeting_closes(step: Step) -> Iterable[Problem]:
    """The meeting decided that the case is closed."""
    if _decided(step, True) is None:
        text = _("Only a decision of the meeting that says so closes the case.")
        yield Problem(text, None, "meeting_closes", step.move.clause)


@effect("carry_out_meeting")
def carry_out_meeting(moved: Moved) -> None:
    """The decision of the meeting counts as carried out when the case goes on by it."""
    case: Any = moved.record
    for meeting in organisation.meetings_about(case.id)[:1]:
        meeting.executed = True
        session.flush()
        moves.move(meeting, "execute", as_system=True)
