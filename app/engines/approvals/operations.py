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
from app.engines.approvals.course import earlier_stations
from app.engines.approvals.deciding import DECISIONS, decide, move_for
from app.engines.approvals.following import Decision, watch_amounts
from app.engines.approvals.opening import latest, open_request, open_request_of, reroute, steps_of

__all__ = [
    "DECISIONS", "Decision", "add_signer", "copy_to", "decide", "delegate", "earlier_stations", "latest", "mark_read",
    "move_for", "open_request", "open_request_of", "receivers", "recuse", "reroute", "steps_of", "time_out", "transfer",
    "urge", "watch_amounts", "withdraw",
]
