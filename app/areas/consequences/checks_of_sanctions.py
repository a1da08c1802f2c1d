"""What every save of sanctions and their announcements must obey, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import sanctions
from app.areas.consequences.sanction import Sanction
from app.core import access, clock, forms
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.limits import operations as limits
from app.engines.people.models import Employee
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
TABLE = "行政处罚准则（三）"


@check("sanction")
def sanction_keeps_to_its_case(draft: Draft) -> Iterable[Problem]:
    """A sanction by hand belongs to a closed case; one that came out of a share or beside another keeps its person."""
    record: Any = draft.whole.record
    if record.id is None:
        complaint = complaints.complaint_of(draft.get("complaint_id"))
        follows = complaint is not None and sanctions.follows_losses(record)
        if complaint is not None and follows and not complaints.may_follow("sanction", complaint):
            state = complaints.state_of(complaint)
            text = _("No sanction is proposed while the complaint is “%(state)s”.", state=state)
            yield Problem(text, "complaint_id", "closed_first", "（九）7")
        if complaint is None and sanctions.follows_losses(record):
            yield Problem(_("Name the complaint that the sanction follows."), "complaint_id", "required", TABLE)
    elif record.sheet_id is not None or record.joint_of_id is not None:
        for name in ("employee_id", "complaint_id"):
            if draft.get(name) != draft.whole.get(name):
                text = _("This sanction follows from a share; its person and its case stay.")
                yield Problem(text, name, "locked", TABLE)


@check("sanction")
def grade_and_fine_keep_to_the_table(draft: Draft) -> Iterable[Problem]:
    """The grade is not below the table's, and the fine not below the least one of the grade."""
    record: Any = draft.whole.record
    grade, fine = draft.get("grade"), draft.get("conversion_fine")
    if grade is None:
        return
    if grade not in tiering.tier_of(record, sanctions.GRADES).classes:
        yield Problem(_("The policy knows no such sanction."), "grade", "choice")
        return
    if tiering.rank(record, sanctions.GRADES, grade) < tiering.rank(record, sanctions.GRADES, record.table_grade):
        text = _("The table gives “%(grade)s”; a sanction may be graver, not lighter.", grade=_label(draft, record))
        yield Problem(text, "grade", "not_below", TABLE)
    base = draft.get("base_number") or sanctions.usual_base(record)
    untouched = record.id is not None and fine == record.conversion_fine and grade != record.grade
    if fine is not None and not untouched and sanctions.FINE in policy.pack_for(record.pack_version_id).calculations:
        facts = sanctions.fine_facts(record, grade, base)
        yield from limits.broken(limits.measure(record, "fine_minimum", fine, given=facts), "conversion_fine")


@forms.offers("sanction", "grade")
def grades_of_the_policy(whole: Whole) -> Iterable[str]:
    """A form offers the grades of the policy that the sanction stands under."""
    return tiering.tier_of(whole.record, sanctions.GRADES).classes


def _label(draft: Draft, record: Any) -> Any:
    return draft.whole.fields["grade"].choices[record.table_grade]


@before_create("sanction")
def not_yet_the_person_s(whole: Whole) -> None:
    """A proposal belongs to the person's unit; it is the person's own to see when it is approved."""
    record: Any = whole.record
    record.owner_id = None
    record.unit_id = session.get_one(Employee, record.employee_id).unit_id


@after_change("sanction")
def follow_the_grade(sanction: Any) -> None:
    """Number, fine and joint sanction follow every save."""
    complaints.give_number(sanction, clock.now())
    sanctions.refresh(sanction)


@check("personnel_announcement")
def only_approved_sanctions(draft: Draft) -> Iterable[Problem]:
    """An announcement names a month, and sanctions of its closed cases that the general manager approved."""
    month = str(draft.get("month") or "")
    if month and not MONTH.fullmatch(month):
        yield Problem(_("A month is written like 2025-09."), "month", "pattern", "（十二）1")
        return
    for key in dict.fromkeys(draft.get("sanctions") or []):
        sanction = session.get(Sanction, key)
        if sanction is None:
            continue
        if problem := _not_to_announce(sanction, draft.whole.record.id):
            yield Problem(problem, "sanctions", "publish_unapproved", "行政处罚准则（四）")
        complaint = complaints.complaint_of(sanction.complaint_id)
        if month and complaint is not None and not complaints.closed_in_month(complaint, month):
            said = {"number": sanction.sanction_no, "month": month}
            text = _("The case of sanction %(number)s was not closed in %(month)s.", **said)
            yield Problem(text, "sanctions", "month", "（十二）1")


def _not_to_announce(sanction: Sanction, announcement_id: int | None) -> str | None:
    if sanction.approved_at is None or sanction.lapsed:
        return str(_("Sanction %(number)s is not approved; nothing else is announced.", number=sanction.sanction_no))
    if sanction.announcement_id not in (None, announcement_id):
        return str(_("Sanction %(number)s is announced already.", number=sanction.sanction_no))
    return None


@before_create("personnel_announcement")
def prepared_by(whole: Whole) -> None:
    """Whoever draws up an announcement prepared it."""
    whole.update({"prepared_by_id": access.current().employee_id})


@after_change("personnel_announcement")
def number_announcement(announcement: Any) -> None:
    """An announcement has its number from the beginning."""
    complaints.give_number(announcement, clock.now())
