"""Fines for breaches: within the bounds of the pack, and proposed by themselves when a clock that it names is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.consequences.opening import open_case, show_to
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.register import registers
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.calculating import operations as calculating
from app.engines.calculating.operations import settings_of
from app.engines.deadlines import late
from app.engines.deadlines import operations as deadlines
from app.engines.deadlines.watch import Due
from app.engines.limits import operations as limits
from app.engines.limits.calc import AT_LEAST, AT_MOST, EXACTLY, Measured
from app.engines.notifications import operations as notifications
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.leading import Fine

FINED = N_("A fine of %(amount)s yuan was imposed on you: %(number)s.")
REVOKED = N_("The fine %(number)s was revoked.")
PERSON, BREACH, DAY, AMOUNT = "employee_id", "breach", "occurred_on", "amount"


def for_breaches(notice: Any) -> bool:
    """Whether a notice fines a person, as policies with a table of fines have it."""
    return bool(policy.pack_for(notice.pack_version_id).fines)


def bounds(notice: Any, breach: str, amount: Any) -> Iterator[Measured]:
    """The amount against what the pack says of a breach: one bound when the fine is fixed, else both."""
    fine, settings = policy.pack_for(notice.pack_version_id).fines[breach], settings_of(notice)
    if fine.calculation:
        return
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
    reckoned = list(_reckoned(notice, draft.get))
    for name in (PERSON, BREACH, DAY, *reckoned, *(() if reckoned else (AMOUNT,))):
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
        yield from _equals(draft, amount)


# -- worked out --------------------------------------------------------------------------------------------------------


def _fine_of(notice: Any, breach: str | None) -> Fine | None:
    return policy.pack_for(notice.pack_version_id).fines.get(breach or "")


def _reckoned(notice: Any, read: Callable[[str], Any]) -> Iterator[str]:
    """The fields of a notice out of which its amount is worked out; none when the policy gives bounds."""
    fine = _fine_of(notice, read(BREACH))
    if fine is not None and fine.calculation:
        yield from policy.pack_for(notice.pack_version_id).calculations[fine.calculation].inputs


def amount_of(notice: Any, read: Callable[[str], Any]) -> Decimal | None:
    """What the calculation of a breach comes to, in yuan; ``None`` while a fact is missing or there is none."""
    facts = {name: read(name) for name in _reckoned(notice, read)}
    fine = _fine_of(notice, read(BREACH))
    if fine is None or not fine.calculation or None in facts.values():
        return None
    return calculating.amount_of(notice, fine.calculation, facts).amount


def _equals(draft: Draft, amount: Decimal) -> Iterator[Problem]:
    """An amount that the policy works out is exactly that."""
    notice: Any = draft.whole.record
    due, fine = amount_of(notice, draft.get), _fine_of(notice, draft.get(BREACH))
    if due is not None and fine is not None and due != amount:
        nothing, key, cited = amount - amount, fine.key, (fine.clause, fine.basis)
        measured = Measured(key, fine.label, EXACTLY, due, nothing, amount, "money", "", *cited)
        yield from limits.broken(measured, AMOUNT)


@before_create("penalty_notice")
def work_out(whole: Whole) -> None:
    """A notice whose amount follows from its facts gets it."""
    notice: Any = whole.record
    if for_breaches(notice) and (due := amount_of(notice, whole.get)) is not None:
        whole.update({AMOUNT: due})


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
    """One notice for one late clock of a person, whoever finds it; while it is only proposed, days late add up."""
    pack = policy.pack_for(row.pack_version_id)
    key = row.key.removeprefix(f"{pack.code}.")
    fine = next((fine for fine in pack.fines.values() if key in fine.clocks), None)
    known: Any = session.scalars(sa.select(PenaltyNotice).filter_by(clock_id=row.id)).one_or_none()
    if fine is None or row.owner_id is None:
        return
    missed = clock.to_local(row.due_at + dt.timedelta(seconds=1)).date()
    days = deadlines.working_calendar(row).count_working_days(missed, clock.today() + dt.timedelta(days=1))
    if known is None:
        _open(row, fine, title, missed, max(days, 1))
    elif fine.calculation and known.status == pack.cases["penalty_notice"].start:
        known.late_days = max(days, 1)
        known.amount = amount_of(known, moves.whole_of(known).get)
        session.flush()


def _open(row: Any, fine: Fine, title: str, missed: dt.date, days: int) -> None:
    """The notice for a late clock: the least amount, or what its days late come to."""
    case: Any = session.get_one(registers()[row.of_register].model, row.record_id)
    facts = {BREACH: fine.key, "late_days": days if fine.calculation else None}
    amount = amount_of(case, facts.get) if fine.calculation else settings_of(case).resolve(fine.least)
    open_case(
        PenaltyNotice, case, case.unit_id, complaint_id=case.id if row.of_register == "complaint" else None,
        employee_id=row.owner_id, occurred_on=missed, amount=amount, reason_item=f"{title} {fine.label}",
        clock_id=row.id, **facts,
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
