"""The account of a customer: locked before anything is decided on it, and held or set free by name."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, upsert
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.engines.credit.calc import Hold
from app.engines.credit.models import CreditAccount
from app.engines.credit.registry import heads_of


def lock(party: str, party_id: int, adopter_id: int) -> CreditAccount:
    """The account of a customer or of its group, made when it is first wanted, locked until the commit.

    On PostgreSQL the lock lets rows that refer to it pass; on SQLite the transaction holds the only lock already.
    """
    place = {"adopter_id": adopter_id, "party": party, "party_id": heads_of([party_id])[party_id]}
    wanted = sa.select(CreditAccount).filter_by(**place).with_for_update(key_share=True)
    wanted = wanted.execution_options(populate_existing=True)
    if (found := session.scalar(wanted)) is None:
        session.execute(upsert.insert(CreditAccount).values(created_at=clock.now(), unlimited=False, **place)
                        .on_conflict_do_nothing())  # fmt: skip
        found = session.scalars(wanted).one()
    return found


def account_of(party: str, party_id: int, adopter_id: int) -> CreditAccount | None:
    """The account to look at, if there is one; nothing is locked."""
    head = heads_of([party_id])[party_id]
    return session.scalar(sa.select(CreditAccount).filter_by(adopter_id=adopter_id, party=party, party_id=head))


def hold_of(account: CreditAccount | None) -> Hold | None:
    """Why an account gets no more credit, while it is held."""
    if account is None or account.held_since is None:
        return None
    return Hold(account.hold_reason or "", account.held_since, account.hold_clause or "")


def hold(account: CreditAccount, reason: str, clause: str = "") -> None:
    """Stop all credit of an account; one that is held already keeps its first reason."""
    if not reason.strip():
        raise Refusal(Problem(_("Please give the reason."), "reason", "required", clause or None))
    if account.held_since is None:
        account.held_since, account.hold_reason, account.hold_clause = clock.now(), reason[:300], clause or None
        account.held_by_id = access.current().employee_id
        account.released_at = account.released_by_id = account.release_reason = None
        session.flush()


def release(account: CreditAccount, reason: str) -> None:
    """Let an account have credit again, by somebody and for a reason."""
    if account.held_since is None:
        raise Refusal(Problem(_("This account is not held."), None, "held"))
    if not reason.strip():
        raise Refusal(Problem(_("Please give the reason."), "reason", "required"))
    account.held_since = account.hold_reason = account.hold_clause = account.held_by_id = None
    account.released_at, account.release_reason = clock.now(), reason[:300]
    account.released_by_id = access.current().employee_id
    session.flush()
