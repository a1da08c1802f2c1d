"""Effects that packs name for tip-offs: the handler sees his case, shelving and recusals are carried out and kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.complaints import opening
from app.areas.complaints.case_disposition import CaseDisposition
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.guards_of_tips import identity_of
from app.core import moves
from app.core.db import session
from app.core.moves import Moved, effect
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.policy import operations as policy
from app.engines.policy.calc import meets
from app.engines.shielding import operations as shielding

ASKED = N_("%(case)s was handed to you to handle")
TEAM = N_("You are in the joint team for %(case)s")
UPWARD = N_("%(case)s is reported to the higher level")


def _clause(moved: Moved) -> str:
    return moved.move.clause if moved.move else ""


@effect("number_in_guise", early=True)
def number_in_guise(moved: Moved) -> None:
    """Give the numbers that are the case's own in another guise, such as that of its notice."""
    record: Any = moved.record
    for rule in policy.pack_for(record.pack_version_id).numbering.values():
        if rule.register_ == moved.register.slug and "{seq" not in rule.pattern and meets(rule.when, moved.whole.get):
            moved.whole.update({rule.field: rule.pattern.format(case=record.case_no)})


@effect("call_handler")
def call_handler(moved: Moved) -> None:
    """Let the handling officer see the case, and tell him."""
    case, handler = moved.record, moved.whole.get("handler_id")
    if handler:
        _call(case, [handler], ASKED, moved)


@effect("call_team")
def call_team(moved: Moved) -> None:
    """Let everybody of a joint team see the team and its case, and tell them."""
    team: Any = moved.record
    wanted = [team.leader_id, *(team.members or ())]
    for who in wanted:
        call_in(moved.register.slug, team.id, who)
    for unit_id in team.departments or ():
        moves.send_to(team, unit_id)
    _call(session.get_one(Complaint, team.complaint_id), wanted, TEAM, moved)


def _call(case: Any, wanted: list[int], text: str, moved: Moved) -> None:
    fresh = [who for who in dict.fromkeys(wanted) if who and call_in("complaint", case.id, who)]
    event = f"tip.called:{case.id}:{moved.move.key if moved.move else ''}"
    notifications.notify(event, fresh, text, {"case": case.number}, f"/complaint/{case.id}", _clause(moved))
    session.flush()


@effect("send_upward")
def send_upward(moved: Moved) -> None:
    """Tell the leaders of the higher level of a case that is filed with them, and let them see it."""
    record: Any = moved.record
    held = people.holders_many([f"{record.policy}.upper_leader"], [people.path_of(record.adopter_id)])
    _call(record, [seat.employee_id for seat in held], UPWARD, moved)


@effect("record_shelving")
def record_shelving(moved: Moved) -> None:
    """Keep what was shelved, why, and who allowed it."""
    case: Any = moved.record
    whole = opening.begin(
        CaseDisposition, case.unit_id, case.policy, kind="shelved", complaint_id=case.id,
        reason=moved.whole.get("shelve_reason") or "", owner_id=case.owner_id, decided_by_id=moved.employee_id,
        decided_at=moved.at,
    )  # fmt: skip
    opening.announce(whole, moved.at, moved.employee_id, moved.post)


@effect("reopen_shelved")
def reopen_shelved(moved: Moved) -> None:
    """Note on what was shelved that it was taken up again."""
    query = sa.select(CaseDisposition).filter_by(complaint_id=moved.record.id, kind="shelved", status="shelved")
    for row in session.scalars(query).all():
        moves.move(row, "take_up", as_system=True)


@effect("carry_out_disposition")
def carry_out_disposition(moved: Moved) -> None:
    """A granted recusal keeps the person from the case and puts another in his place; a granted look lets him in."""
    row: Any = moved.record
    case = session.get_one(Complaint, row.complaint_id)
    if row.kind == "recusal":
        _recuse(case, row, moved)
    identity = identity_of(case.id)
    if row.kind == "identity" and identity is not None:
        shielding.let_in(identity, row.person_id, _clause(moved))


def _recuse(case: Any, row: Any, moved: Moved) -> None:
    whole = moves.whole_of(case)
    if whole.get("handler_id") == row.person_id:
        whole.update({"handler_id": row.replaced_by_id})
    if case.owner_id == row.person_id:
        case.owner_id = row.replaced_by_id
    whole.save()
    shielding.recuse(case, row.person_id, _clause(moved))
    if row.replaced_by_id:
        _call(case, [row.replaced_by_id], ASKED, moved)
