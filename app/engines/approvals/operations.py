"""Approvals as other engines, areas and screens use them."""

from app.engines.approvals.acts import (
    add_signer,
    copy_to,
    delegate,
    mark_read,
    receivers,
    recuse,
    time_out,
    transfer,
    urge,
    withdraw,
)
from app.engines.approvals.course import earlier_stations, outcome_of
from app.engines.approvals.deciding import DECISIONS, Docket, decide, move_for, take_up
from app.engines.approvals.following import Decision, watch_amounts
from app.engines.approvals.opening import latest, open_request, open_request_of, reroute, steps_of
from app.engines.approvals.remarks import remark, takes_part
from app.engines.approvals.routes import reasons, subject
from app.engines.approvals.signing import signatures
from app.engines.approvals.standing import asked, barred, capacity, cause_text, deciders, recusals
from app.engines.approvals.telling import post_words, subject_of

__all__ = [
    "DECISIONS", "Decision", "Docket", "add_signer", "asked", "barred", "capacity", "cause_text", "copy_to", "decide",
    "deciders", "delegate", "earlier_stations", "latest", "mark_read", "move_for", "open_request", "open_request_of",
    "outcome_of", "post_words", "reasons", "receivers", "recusals", "recuse", "remark", "reroute", "signatures",
    "steps_of", "subject", "subject_of", "take_up", "takes_part", "time_out", "transfer", "urge", "watch_amounts",
    "withdraw",
]
