"""Fines for breaches: within the bounds of the pack, and proposed by themselves when a clock that it names is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences.opening import open_case, show_to
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.register import registers
from app.core.saving import Draft, check
from app.core.wording import N_
from app.engines.calculating.operations import settings_of
from app.engines.deadlines import late
from app.engines.deadlines import operations as deadlines
from app.engines.deadlines.watch import Due
from app.engines.limits import operations as limits
from app.engines.limits.calc import AT_LEAST, AT_MOST, EXACTLY, Measured
from app.engines.notifications import operations as notifications
from app.engines.policy import operations as policy

FINED = N_("A fine of %(amount)s yuan was imposed on you: %(number)s.")
REVOKED = N_("The fine %(number)s was revoked.")
PERSON, BREACH, DAY, AMOUNT = "employee_id", "breach", "occurred_on", "amount"


def for_breaches(notice: Any) -> bool:
    """Whether a notice fines a person, as policies with a table of fines have it."""
    return bool(policy.pack_for(notice.pack_version_id).fines)


def bounds(notice: Any, breach: str, amount: Any) -> Iterator[Measured]:
    """The amount against what the pack says of a breach: one bound when the fine is fixed, else both."""
    fine, settings = policy.pack_for(notice.pack_version_id).fines[breach], settings_of(notice)
    least, most = settings.resolve(fine.least), settings.resolve(fine.most)
    kept = [(EXACTLY, least)] if least == most else [(AT_LEAST, least), (AT_MOST, most)]
    for bound, limit in kept:
        yield Measured(breach, fine.label, bound, limit, amount - amount, amount, "money", "", fine.clause, fine.basis)


@check("penalty_notice")
def fine_is_complete(draft: Draft) -> Iterable[Problem]:
    """A fine names the person, the breach and its day, and stays within the bounds of the policy."""
    notice: Any = draft.whole.record
    if not for_breaches(notice):
        return
    clause = policy.pack_for(notice.pack_version_id).cases["penalty_notice"].clause
    for name in (PERSON, BREACH, DAY, AMOUNT):
        if draft.get(name) is None:
            yield Problem(_("“%(field)s” is needed.", field=draft.whole.fields[name].label), name, "required", clause)
    breach, amount, day = draft.get(BREACH), draft.get(AMOUNT), draft.get(DAY)
    if day is not None and day > clock.today():
        yield Problem(_("This day lies in the future."), DAY, "not_future", clause)
    if breach is not None and breach not in policy.pack_for(notice.pack_version_id).fines:
        yield Problem(_("The policy knows no fine for this breach."), BREACH, "unknown", clause)
    elif breach is not None and amount is not None:
        for measured in bounds(notice, breach, amount):
            yield from limits.broken(measured, AMOUNT)


# -- proposed by the program -------------------------------------------------------------------------------------------


def propose_for_late(found: Sequence[Due]) -> None:
    """Propose the fines for clocks that a sweep found late."""
    for due in found:
        if due.setting.rules.pack.fines:
            _propose(due.row, str(due.subject.title))


def propose_for_done_late(moved: Moved) -> None:
    """Propose the fines for clocks that a step stopped too late, before any sweep found them."""
    record: Any = moved.record
    if moved.register.from_pack and moved.move and policy.pack_for(record.pack_version_id).fines:
        for row in deadlines.late_steps(moved.register.slug, record.id):
            _propose(row, str(getattr(record, moved.register.title) or f"#{record.id}"))


def _propose(row: Any, title: str) -> None:
    """One notice for one late clock of a person, whoever finds it."""
    pack = policy.pack_for(row.pack_version_id)
    key = row.key.removeprefix(f"{pack.code}.")
    fine = next((fine for fine in pack.fines.values() if key in fine.clocks), None)
    known = sa.select(PenaltyNotice.id).filter_by(clock_id=row.id)
    if fine is None or row.owner_id is None or session.scalar(known) is not None:
        return
    case: Any = session.get_one(registers()[row.of_register].model, row.record_id)
    missed = clock.to_local(row.due_at + dt.timedelta(seconds=1)).date()
    open_case(
        PenaltyNotice, case, case.unit_id, complaint_id=case.id if row.of_register == "complaint" else None,
        employee_id=row.owner_id, breach=fine.key, occurred_on=missed, amount=settings_of(case).resolve(fine.least),
        reason_item=f"{title} {fine.label}", clock_id=row.id,
    )  # fmt: skip


late.on_late(propose_for_late)
moves.on_moved(propose_for_done_late, order=16)


# -- told to the person ------------------------------------------------------------------------------------------------


@effect("tell_fined")
def tell_fined(moved: Moved) -> None:
    """A confirmed fine becomes the person's own to see; so does its revocation."""
    notice: Any = moved.record
    show_to(notice, notice.employee_id)
    text = FINED if notice.approved_at is not None else REVOKED
    said = {"number": notice.notice_no, "amount": f"{notice.amount:,.2f}"}
    event = f"fine.{moved.target}:{notice.id}"
    clause = moved.move.clause if moved.move else ""
    notifications.notify(event, [notice.employee_id], text, said, f"/penalty_notice/{notice.id}", clause)
