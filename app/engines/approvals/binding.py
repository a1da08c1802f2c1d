"""A case with a decision under way stays with its policy version when the new one would decide it otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.engines.approvals.models import ApprovalRequest
from app.engines.policy import moving

if TYPE_CHECKING:
    from app.packs.schema import Pack


@moving.stays_bound
def under_way(slug: str, pack: Pack, others: Iterable[Pack]) -> sa.Select[int]:
    """Cases whose open request follows a route that the new version lacks, or ends otherwise."""
    packs = list(others)
    same = [
        key for key, route in pack.approvals.items()
        if route.register_ == slug
        and all(other.approvals[key].outcomes == route.outcomes for other in packs if key in other.approvals)
    ]
    return sa.select(ApprovalRequest.record_id).where(
        ApprovalRequest.of_register == slug, ApprovalRequest.status == "open",
        ApprovalRequest.policy == pack.code, ApprovalRequest.route.not_in(same),
    )  # fmt: skip
