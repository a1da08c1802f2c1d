"""Whether what a pack says of looking at files and of sharing commission leads somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.packs.references import Found, unknown

if TYPE_CHECKING:
    from app.packs.schema import Pack


def faults_of(pack: Pack) -> Found:
    """Posts, states and registers that rules of looking and of commission name and that the pack does not have."""
    for key, viewing in pack.viewing.items():
        path, case = f"viewing.{key}", pack.cases.get(viewing.register_)
        yield from unknown(f"{path}.register", [viewing.register_], pack.cases, "case register")
        for place, viewer in enumerate(viewing.seen_by):
            yield from unknown(f"{path}.seen_by.{place}", viewer.posts, pack.posts, "post")
            yield from unknown(f"{path}.seen_by.{place}", viewer.states, case.states if case else (), "state")
        if viewing.requests:
            asked = pack.cases.get(viewing.requests.register_)
            yield from unknown(f"{path}.requests.register", [viewing.requests.register_], pack.cases, "case register")
            yield from unknown(f"{path}.requests", viewing.requests.states, asked.states if asked else (), "state")
    if pack.commission:
        yield from unknown("commission.pool", pack.commission.pool, pack.posts, "post")
