"""Effects that packs name for moves of complaints and of the registers beside them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.corrective_action import CorrectiveAction
from app.areas.complaints.opening import announce, number, open_beside
from app.areas.complaints.written_report import WrittenReport
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved, effect
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.approvals import operations as approvals
from app.engines.audit import operations as audit
from app.engines.documents import operations as documents
from app.engines.notifications import operations as notifications
from app.engines.policy import operations as policy

CALLED = N_("Urgent visit %(visit)s: you are to go along. The customer reported at %(when)s.")


@effect("assign_number", early=True)
def assign_number(moved: Moved) -> None:
    """Give the row its number by the pack's pattern; a later version keeps the number of the first."""
    number(moved.record, moved.at)


@effect("fix_authority")
def fix_authority(moved: Moved) -> None:
    """Write down the amount that decides and the post whose band it falls into; a change of post is noted."""
    record: Any = moved.record
    before = record.deciding_post
    for key, table in policy.pack_for(record.pack_version_id).authority.items():
        if table.register_ != moved.register.slug:
            continue
        ruling = policy.rule_authority(record, key, moved.whole.get)
        post = _asked_post(record, key) or ruling.post
        moved.whole.update({table.amount_field: ruling.amount, table.post_field: post})
        if before and before != post:
            text = N_("Re-routed: %(amount)s yuan is now decided by %(post)s")
            audit.note(record, "act", text, {"amount": ruling.amount, "post": f"{record.policy}.{post}"}, ruling.clause)
    session.flush()


def _asked_post(record: Any, key: str) -> str | None:
    """The post that an open request asks; an amount that falls meanwhile does not lower it."""
    for route in policy.pack_for(record.pack_version_id).approvals.values():
        if any(station.authority == key for station in route.stations):
            asked = approvals.open_request_of(record, route.key)
            if asked is not None and (frozen := asked.frozen.get("authority")):
                return str(frozen["post"]).removeprefix(f"{record.policy}.")
    return None


@effect("distribute_copies")
def distribute_copies(moved: Moved) -> None:
    """Send the copies of the closed form to their recipients."""
    documents.distribute(moved.record, moved.move.key if moved.move else "")


@effect("open_tracking")
def open_tracking(moved: Moved) -> None:
    """Open the improvement follow-up of a case that is to be tracked."""
    case: Any = moved.record
    if not case.needs_tracking:
        return
    closed_on = clock.to_local(moved.at).date()
    days = policy.settings_for(policy.pack_for(case.pack_version_id), case.adopter_id, closed_on).value(
        "improvement_days"
    )
    open_beside(
        moved,
        CorrectiveAction,
        case.unit_id,
        complaint_id=case.id,
        measure=moved.whole.get("countermeasure") or case.title,
        owner_unit_id=case.responsible_unit_id or case.unit_id,
        due_on=closed_on + dt.timedelta(days=days),
    )


@effect("open_report")
def open_report(moved: Moved) -> None:
    """Open the report that is due after an investigation or a visit as a draft of whoever made it; one for each."""
    subject: Any = moved.record
    about = "visit_id" if moved.register.slug == "urgent_visit" else "complaint_id"
    if session.scalar(sa.select(WrittenReport.id).where(getattr(WrittenReport, about) == subject.id)) is None:
        open_beside(
            moved,
            WrittenReport,
            moved.post.unit_id if moved.post else subject.unit_id,
            kind="visit" if about == "visit_id" else "investigation",
            investigated_on=clock.to_local(moved.at).date(),
            author_id=moved.employee_id,
            content="",
            **{about: subject.id},
        )


@effect("send_to_units")
def send_to_units(moved: Moved) -> None:
    """Let the units that the step asks for see the row."""
    move = moved.move
    names = (*move.requires, *move.writes) if move else ()
    several = (name for name in names if isinstance(moved.whole.get(name), list))
    for name in several:
        for unit_id in moved.whole.get(name) if moved.whole.fields[name].target == "org_unit" else ():
            moves.send_to(moved.record, unit_id)


@effect("call_people")
def call_people(moved: Moved) -> None:
    """Let everybody whom an urgent visit names see it, and tell them."""
    visit: Any = moved.record
    named = [visit.qc_person_id, *(visit.manufacturing_people or ()), *(visit.assigned_by_gm or ())]
    fresh = [who for who in dict.fromkeys(named) if who and call_in(moved.register.slug, visit.id, who)]
    said = {"visit": visit.visit_no or f"#{visit.id}", "when": visit.reported_at}
    clause = moved.move.clause if moved.move else ""
    notifications.notify(f"visit.called:{visit.id}", fresh, CALLED, said, f"/{moved.register.slug}/{visit.id}", clause)
    session.flush()


@effect("open_next_version")
def open_next_version(moved: Moved) -> None:
    """A refused case comes back as a draft of its owner: same number, next version, linked to the form before."""
    old: Any = moved.record
    rule = policy.pack_for(old.pack_version_id).cases[moved.register.slug].new_form
    clause = moved.move.clause if moved.move else None
    if rule is None:
        raise Refusal(Problem(_("The policy has no rule for a second form."), None, "new_form", clause))
    if old.next_id is not None:
        raise Refusal(Problem(_("The new form is already there."), "next_id", "new_form", clause))
    new = Complaint(
        unit_id=old.unit_id,
        owner_id=old.owner_id,
        policy=old.policy,
        pack_version_id=old.pack_version_id,
        adopter_id=old.adopter_id,
        status=moved.lifecycle.start,
        number=rule.number.format(case=old.case_no, version=old.version + 1),
        case_no=old.case_no,
        version=old.version + 1,
        previous_id=old.id,
    )
    whole = moves.whole_under(new, moved.lifecycle)
    whole.update({name: moved.whole.get(name) for name in rule.copies})
    announce(whole, moved.at, moved.employee_id, moved.post)
    old.next_id = new.id
    session.flush()
