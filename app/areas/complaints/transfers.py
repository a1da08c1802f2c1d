"""How a case and the transfers that it was handed over by follow each other: effects that packs name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.case_transfer import CaseTransfer
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.opening import number, open_beside, take_system_step
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard


def transfers_of(complaint_id: int) -> Sequence[CaseTransfer]:
    """The transfers of a case that were not sent back, in order."""
    found = sa.select(CaseTransfer).where(CaseTransfer.complaint_id == complaint_id, CaseTransfer.stage != "returned")
    return session.scalars(found.order_by(CaseTransfer.id)).all()


def progress_of(stages: Iterable[str]) -> str:
    """How far a case is: delayed if any part is, done when all are, else being worked on once anybody has begun."""
    known = set(stages)
    if not known:
        return "empty"
    if "delayed" in known:
        return "delayed"
    return known.pop() if len(known) == 1 else "working"


# -- sending ---------------------------------------------------------------------------------------------------------


@effect("open_transfers")
def open_transfers(moved: Moved) -> None:
    """Dispatch the case to each department that the step names, with its times."""
    _open(moved, "dispatch", moved.whole.get("dispatch_to") or ())
    follow(moved.record)


@effect("open_notices")
def open_notices(moved: Moved) -> None:
    """Tell each department of an emergency; no time but at once."""
    _open(moved, "urgent", moved.whole.get("notified_units") or ())


def _open(moved: Moved, kind: str, units: Iterable[int]) -> None:
    case: Any = moved.record
    told = {row.to_unit_id for row in transfers_of(case.id) if row.stage in ("sent", "working", "delayed")}
    timed = kind == "dispatch"
    for unit_id in dict.fromkeys(units):
        if unit_id in told:
            continue
        moves.send_to(case, unit_id)
        open_beside(
            moved, CaseTransfer, case.unit_id, complaint_id=case.id, kind=kind, to_unit_id=unit_id,
            from_unit_id=moved.post.unit_id if moved.post else case.unit_id, reason=case.content or case.title,
            sent_at=moved.at, sent_by_id=moved.employee_id,
            finish_by=moved.whole.get("finish_by") if timed else None,
            reply_by=moved.whole.get("reply_by") if timed else None,
        )  # fmt: skip
    _number(case.id, moved.at)


def _number(complaint_id: int, at: dt.datetime) -> None:
    for row in transfers_of(complaint_id):
        number(row, at)


# -- following -------------------------------------------------------------------------------------------------------


@effect("follow_case")
def follow_case(moved: Moved) -> None:
    """The case learns how far its transfers have come."""
    record: Any = moved.record
    follow(session.get_one(Complaint, record.complaint_id))


def follow(case: Any) -> None:
    """Write down how far the transfers of a case are, and let it take the step that this asks for."""
    whole = moves.whole_of(case)
    rows = transfers_of(case.id)
    progress = progress_of(row.stage for row in rows)
    whole.update({"progress": progress})
    if progress == "done" and rows:
        whole.update({"finished_at": max(row.fed_back_at for row in rows if row.fed_back_at)})
    whole.save()
    take_system_step(case)


@effect("redo_transfers")
def redo_transfers(moved: Moved) -> None:
    """What did not pass is to be done again, by a new time."""
    until = moved.whole.get("finish_by")
    for row in transfers_of(_case_id(moved.record)):
        if row.stage == "done":
            row.rework, row.delayed, row.new_finish_by = True, False, None
            row.finish_by = until
            session.flush()
            take_system_step(row)


@effect("settle_transfers")
def settle_transfers(moved: Moved) -> None:
    """What was verified is settled."""
    for row in transfers_of(_case_id(moved.record)):
        row.settled = True
        session.flush()
        take_system_step(row)


def _case_id(record: Any) -> int:
    return int(getattr(record, "complaint_id", None) or record.id)


# -- in time or not --------------------------------------------------------------------------------------------------


def in_time(at: dt.datetime, limit: dt.datetime | None) -> bool:
    """Whether something happened within a limit; the whole second of the limit is in time."""
    return limit is None or at.replace(microsecond=0) <= limit


@effect("judge_delay", early=True)
def judge_delay(moved: Moved) -> None:
    """Note whether the delay was told in time."""
    row: Any = moved.record
    row.delay_in_time = in_time(moved.at, row.delay_by)


@effect("judge_feedback", early=True)
def judge_feedback(moved: Moved) -> None:
    """Note whether the completion was fed back in time."""
    row: Any = moved.record
    row.feedback_in_time = in_time(moved.at, row.feedback_by)


# -- guards ----------------------------------------------------------------------------------------------------------


@guard("times_ahead")
def times_ahead(step: Step) -> Iterable[Problem]:
    """Times that are set lie ahead."""
    names = {*step.move.requires, *step.move.writes} & {"finish_by", "reply_by", "new_finish_by", "redo_by"}
    for name in sorted(names):
        if (at := step.get(name)) is not None and at <= step.at:
            text = _("“%(field)s” lies ahead.", field=step.whole.fields[name].label)
            yield Problem(text, name, "times_ahead", step.move.clause)
    new, old = step.get("new_finish_by"), step.whole.get("finish_by")
    if "new_finish_by" in names and new is not None and old is not None and new <= old:
        text = _("The new time to finish is later than the present one.")
        yield Problem(text, "new_finish_by", "later", step.move.clause)


@guard("finished_by_now")
def finished_by_now(step: Step) -> Iterable[Problem]:
    """Work is finished after it was taken on and not in the future."""
    at = step.get("finished_at")
    begun = step.whole.get("accepted_at") or step.whole.get("received_at")
    if at is not None and (at > step.at or (begun is not None and at < begun)):
        text = _("The time of finishing lies between the acceptance and now.")
        yield Problem(text, "finished_at", "between", step.move.clause)
