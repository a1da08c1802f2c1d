"""What every save of sheets and notices must obey, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences import fines, sheets
from app.areas.consequences.effects import fill_notice
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import is_over
from app.areas.consequences.operations import current_sheet
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole


@check("loss_sheet")
def sheet_follows_a_closed_case(draft: Draft) -> Iterable[Problem]:
    """A sheet is drawn up for a founded, closed complaint, and for each of them once."""
    complaint = complaints.complaint_of(draft.get("complaint_id"))
    if complaint is None or draft.whole.record.id is not None:
        return
    if not complaints.may_follow("loss_sheet", complaint):
        text = _("The loss is not drawn up while the complaint is “%(state)s”.", state=complaints.state_of(complaint))
        yield Problem(text, "complaint_id", "closed_first", "（九）7")
    others = session.scalars(sa.select(LossSheet).filter_by(complaint_id=complaint.id))
    if any(not is_over(other) for other in others):
        text = _("This complaint has its sheet already; an approved one is corrected by a new version.")
        yield Problem(text, "complaint_id", "unique", "（九）7")


@before_create("loss_sheet")
def keep_version(whole: Whole) -> None:
    """A sheet after a dropped one counts on."""
    record: Any = whole.record
    last = session.scalar(sa.select(sa.func.max(LossSheet.version)).filter_by(complaint_id=record.complaint_id))
    if last:
        older = session.scalar(sa.select(LossSheet.id).filter_by(complaint_id=record.complaint_id, version=last))
        record.version, record.previous_id = last + 1, older


@after_change("loss_sheet")
def number_sheet(sheet: Any) -> None:
    """A sheet has its number and its head from the beginning."""
    complaints.give_number(sheet, clock.now())
    sheets.refresh_sheet(sheet)


# -- notices -----------------------------------------------------------------------------------------------------------


@check("penalty_notice")
def one_notice_per_case(draft: Draft) -> Iterable[Problem]:
    """A notice rests on an approved sheet; cases are never merged, and none has two notices."""
    complaint_id = draft.get("complaint_id")
    if fines.for_breaches(draft.whole.record):
        return
    if complaint_id is None:
        yield Problem(_("Name the complaint that the notice is about."), "complaint_id", "required", "（十二）2")
    if complaint_id is None or draft.whole.record.id is not None:
        return
    if current_sheet(complaint_id) is None:
        text = _("The loss and the responsibility of this case are not approved yet.")
        yield Problem(text, "complaint_id", "approved_sheet", "（十二）2")
    known = session.scalar(sa.select(PenaltyNotice).filter_by(complaint_id=complaint_id))
    if known is not None:
        text = _("This case has its notice already: %(number)s. There is one for each case.", number=known.notice_no)
        yield Problem(text, "complaint_id", "merged_cases", "经济处罚准则（三）2")


@before_create("penalty_notice")
def complete_notice(whole: Whole) -> None:
    """A notice takes its loss and department from the sheet, and names who issues it."""
    whole.update({"issued_by_id": access.current().employee_id})
    fill_notice(whole.record)


@after_change("penalty_notice")
def number_notice(notice: Any) -> None:
    """A notice has its number from the beginning."""
    complaints.give_number(notice, clock.now())
