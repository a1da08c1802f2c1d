"""Merging of customers (客户合并): proposed by one who keeps them, carried out by another who approves it."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.customers.duplicates import WAYS
from app.core import fields
from app.core.lifecycle import Lifecycle, Move, State
from app.core.register import Record, Register, Section
from app.core.scope import Owned
from app.engines.merging.operations import is_history

PROPOSED, DONE, REFUSED, WITHDRAWN = "proposed", "done", "refused", "withdrawn"
DECIDED = {"decided_by_id": "@me", "decided_at": "@now"}
LIFE = Lifecycle(
    start=PROPOSED,
    states={
        PROPOSED: State(PROPOSED, _l("Waits for a decision"), "hold"),
        DONE: State(DONE, _l("Merged"), "ok", final=True),
        REFUSED: State(REFUSED, _l("Kept apart"), "mute", final=True),
        WITHDRAWN: State(WITHDRAWN, _l("Withdrawn"), "mute", final=True),
    },
    moves={
        "approve": Move(
            "approve", _l("Merge"), (PROPOSED,), DONE, guards=("merge_of_another", "both_in_reach", "can_be_merged"),
            effects=("merge_customers",), sets=DECIDED,
            confirm=_l("Everything that names the second customer will name the first; this cannot be undone."),
        ),
        "refuse": Move(
            "refuse", _l("Keep apart"), (PROPOSED,), REFUSED, guards=("merge_of_another",), sets=DECIDED, reason=True,
            tone="late",
        ),
        "withdraw": Move("withdraw", _l("Withdraw"), (PROPOSED,), WITHDRAWN, guards=("own_merge",), tone="late"),
    },
)  # fmt: skip


class CustomerMerge(Owned, Record):
    """One proposal for two customers."""

    keep_id: Mapped[int] = fields.ref(_l("Customer that stays"), "customer")
    gone_id: Mapped[int] = fields.ref(_l("Customer that is merged into it"), "customer")
    status: Mapped[str] = fields.state(_l("State"), default=PROPOSED)
    evidence: Mapped[list[str] | None] = fields.choices(_l("Alike by"), WAYS, computed=True)
    why: Mapped[str] = fields.longtext(_l("Why they are the same"), 2000)
    moved: Mapped[int | None] = fields.integer(_l("Records that moved"), computed=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)

    register = Register(
        area="customers", label=_l("Merging of customers"), title="keep_id", subject="evidence", icon="git-compare",
        lifecycle=LIFE, actions=frozenset({"add"}),
        list=("keep_id", "gone_id", "status", "evidence", "owner_id", "decided_by_id", "decided_at"),
        filters=("status", "keep_id", "gone_id", "owner_id"),
        sections=(
            Section(_l("Proposal"), ("keep_id", "gone_id", "status", "evidence", "why")),
            Section(_l("Decision"), ("moved", "decided_by_id", "decided_at", "unit_id", "owner_id")),
        ),
    )  # fmt: skip


is_history("customer_merge", "keep_id", "gone_id")
