"""Selling windows end by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.consequences.resale import Resale
from app.core import moves
from app.core.db import session
from app.engines.sweeps.registry import Batch, sweep

BATCH = 200


@sweep("consequences.fix_resales", title=_l("Resale: fix the loss when the window ends"), schedule="20 0 * * *")
def fix_resales(at: dt.datetime) -> Iterator[Batch]:
    """Fix the loss of every resale whose window ended before ``at``; one that is fixed is not open any more."""
    over = sa.select(Resale).where(
        Resale.window_end < at, Resale.ended.is_(False), Resale.loss_amount.is_(None)
    )
    due = over.order_by(Resale.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        for resale in rows:
            resale.ended = True
            session.flush()
            moves.move(resale, "fix", as_system=True)
        yield Batch({"checked": len(rows), "hit": len(rows)}, [_finding(row) for row in rows[:5]])


def _finding(resale: Resale) -> dict[str, object]:
    return {"case": f"resale {resale.id}", "url": f"/resale/{resale.id}", "unit": resale.unit_id,
            "due": resale.window_end.isoformat() if resale.window_end else ""}
