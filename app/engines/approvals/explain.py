"""Who decides a record, and why, for programs."""

from __future__ import annotations

from typing import Any

from app.core import clock, explaining
from app.core.whole import Whole
from app.engines.approvals import inbox, routes
from app.engines.approvals.models import Approval, ApprovalRequest


@explaining.explains("approvals")
def explain_approvals(whole: Whole) -> list[dict[str, Any]]:
    """Every request of a row with its frozen route, its bands and their clauses, and each step."""
    found: dict[int, dict[str, Any]] = {}
    for request, step in inbox.course(whole.register.slug, whole.record.id):
        told = found.setdefault(request.id, _request(request))
        told["steps"].append(_step(step))
    return list(found.values())


def _request(request: ApprovalRequest) -> dict[str, Any]:
    return {
        "id": request.id, "route": request.route, "subject": request.frozen["subject"], "status": request.status,
        "amount": f"{request.amount:.2f}" if request.amount is not None else None, "clause": request.frozen["clause"],
        "why": routes.reasons(request.frozen, request.amount), "authority": request.frozen["authority"],
        "reason": request.reason, "steps": [],
    }


def _step(step: Approval) -> dict[str, Any]:
    return {
        "id": step.id, "position": step.position, "kind": step.kind, "post": step.post, "status": step.status,
        "decided_by_id": step.decided_by_id, "decided_as": step.decided_as, "comment": step.comment,
        "decided_at": clock.to_local(step.decided_at).isoformat() if step.decided_at else None,
    }
