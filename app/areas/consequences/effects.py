"""Effects that packs name for moves of consequences."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.consequences import correcting, sanctions, sheets
from app.areas.consequences.opening import show_to
from app.areas.consequences.operations import current_sheet
from app.areas.consequences.repentance_letter import RepentanceLetter
from app.areas.consequences.sanction import Sanction
from app.core import moves
from app.core.db import session
from app.core.moves import Moved, effect
from app.core.register import register_of
from app.core.wording import N_
from app.core.words import cited
from app.engines.documents import operations as documents
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.tiering import operations as tiering

SHARED = N_("Your share in the loss of case %(case)s was settled: %(amount)s yuan.")
SANCTIONED = N_("A sanction against you was approved: %(number)s.")
REVOKED = N_("The sanction %(number)s against you was revoked.")
NOTICED = N_("A penalty notice that concerns you was approved: %(number)s.")
LETTER = N_("Please write the letter of repentance for sanction %(number)s.")


@effect("settle_shares")
def settle_shares(moved: Moved) -> None:
    """Let the bearers of an approved sheet see their own shares, and tell them."""
    sheet: Any = moved.record
    for share in sheets.shares_of(sheet.id):
        share.approved_at, share.owner_id = moved.at, share.employee_id
        if share.employee_id is not None:
            said = {"case": sheet.sheet_no, "amount": f"{share.amount:,.2f}"}
            _tell(f"share.settled:{share.id}", share, share.employee_id, SHARED, said, "行政处罚准则（二）")
    session.flush()


@effect("propose_sanctions")
def propose_sanctions(moved: Moved) -> None:
    """Propose the sanctions that follow from the shares of an approved sheet; nothing is proposed twice."""
    record: Any = moved.record
    sanctions.propose(record)


@effect("replace_previous")
def replace_previous(moved: Moved) -> None:
    """The version that an approved correction corrects is replaced by it."""
    correcting.replace_previous(moved.record)


@effect("open_correction")
def open_correction(moved: Moved) -> None:
    """Open a new version of an approved sheet as a draft with the same lines; the old one stands until then."""
    correcting.open_version(moved.record, moved.reason)


@effect("fix_resale_loss")
def fix_resale_loss(moved: Moved) -> None:
    """Fix the loss of returned goods when their selling window has ended."""
    resale: Any = moved.record
    sheets.fix_resale(resale)


@effect("tell_sanctioned")
def tell_sanctioned(moved: Moved) -> None:
    """An approved sanction becomes the person's own to see; one with a letter opens it; one it replaces is revoked."""
    sanction: Any = moved.record
    sanction.owner_id = sanction.employee_id
    said = {"number": sanction.sanction_no}
    _tell(f"sanction.approved:{sanction.id}", sanction, sanction.employee_id, SANCTIONED, said, moved_clause(moved))
    if tiering.figures_of(sanction, sanctions.GRADES, sanction.grade).get("letter"):
        _ask_for_letter(sanction, said)
    if sanction.replaces_id is not None:
        sanctions.lapse(session.get_one(Sanction, sanction.replaces_id))
    session.flush()


def _ask_for_letter(sanction: Any, said: dict[str, Any]) -> None:
    letter = RepentanceLetter(
        sanction_id=sanction.id, employee_id=sanction.employee_id, owner_id=sanction.employee_id,
        unit_id=sanction.unit_id,
    )
    session.add(letter)
    session.flush()
    life = moves.lifecycle_of(sanction)
    proposer = life.states[life.start].holder if life else None
    if life and proposer and (unit_id := people.unit_of_post(f"{life.policy}.{proposer.post}", life.within)):
        moves.send_to(letter, unit_id)
    _tell(f"letter.due:{letter.id}", letter, sanction.employee_id, LETTER, said, "行政处罚准则（三）")


@effect("end_joint")
def end_joint(moved: Moved) -> None:
    """A head's joint sanction goes with the one that it stands beside; a person who knew of his is told."""
    sanction: Any = moved.record
    joint = sanctions.joint_with(sanction)
    if joint is not None:
        sanctions.lapse(joint)
    if sanction.owner_id is not None:
        said = {"number": sanction.sanction_no}
        _tell(f"sanction.revoked:{sanction.id}", sanction, sanction.owner_id, REVOKED, said, moved_clause(moved))


@effect("publish_sanctions")
def publish_sanctions(moved: Moved) -> None:
    """Every sanction of a published announcement is announced."""
    announcement: Any = moved.record
    named = sa.select(Sanction).where(Sanction.id.in_(announcement.sanctions)).order_by(Sanction.id)
    for sanction in session.scalars(named).all():
        sanction.announcement_id, sanction.announced_at, sanction.published = announcement.id, moved.at, True
        session.flush()
        moves.move(sanction, "announce", as_system=True)


@effect("take_new_sheet")
def take_new_sheet(moved: Moved) -> None:
    """A notice that is corrected names the sheet that is in force now."""
    notice: Any = moved.record
    fill_notice(notice)
    session.flush()


def fill_notice(notice: Any) -> None:
    """Take loss and department of a notice from the approved sheet of its case."""
    sheet = current_sheet(notice.complaint_id)
    if sheet is not None:
        notice.sheet_id, notice.loss_base, notice.department_id = sheet.id, sheet.loss_total, sheet.responsible_unit_id


@effect("show_notice")
def show_notice(moved: Moved) -> None:
    """Let the persons concerned see an approved notice, and those who hold its copies the shares behind it."""
    notice: Any = moved.record
    units = {copy.unit_id for copy in documents.copies_of(notice)}
    for share in sheets.shares_of(notice.sheet_id):
        for unit_id in sorted(units):
            moves.send_to(share, unit_id)
        if share.employee_id is not None:
            show_to(notice, share.employee_id)
            said = {"number": notice.notice_no}
            _tell(f"notice.approved:{notice.id}", notice, share.employee_id, NOTICED, said, moved_clause(moved))


def moved_clause(moved: Moved) -> str:
    """The clause of the step that was made."""
    return moved.move.clause if moved.move else ""


def _tell(event: str, record: Any, employee_id: int, text: str, said: dict[str, Any], clause: str) -> None:
    url = f"/{register_of(record).slug}/{record.id}"
    notifications.notify(event, [employee_id], text, said, url, cited(moves.page_over(record), clause))
