"""The account of a customer: locked before anything is decided on it, and held or set free by name."""

from __future__ import annotations

from collections.abc import Sequence

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
    """The account of the head of a group, or of a customer alone, if there is one; nothing is locked."""
    return session.scalar(sa.select(CreditAccount).filter_by(adopter_id=adopter_id, party=party, party_id=party_id))


def accounts_of(party: str, head: int) -> Sequence[CreditAccount]:
    """The accounts of the head of a group, or of a customer alone, with every adopting unit; nothing is locked."""
    found = sa.select(CreditAccount).filter_by(party=party, party_id=head)
    return session.scalars(found.order_by(CreditAccount.adopter_id)).all()


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


def free(account: CreditAccount, reason: str) -> None:
    """Let an account have credit without a limit, by somebody and for a reason."""
    if not reason.strip():
        raise Refusal(Problem(_("Please give the reason."), "reason", "required"))
    account.unlimited, account.unlimited_since, account.unlimited_reason = True, clock.now(), reason[:300]
    account.unlimited_by_id = access.current().employee_id
    session.flush()


def bind(account: CreditAccount) -> None:
    """The limits of an account count again."""
    account.unlimited = False
    account.unlimited_since = account.unlimited_reason = account.unlimited_by_id = None
    session.flush()


def join(kept: CreditAccount, gone: CreditAccount) -> None:
    """One account takes the place of another, both locked: an earlier hold stays, freedom from limits goes.

    What is used is summed from the documents; there is nothing to add up. Who is bound by a limit stays bound.
    """
    if gone.held_since is not None and (kept.held_since is None or gone.held_since < kept.held_since):
        for name in HOLD_FIELDS:
            setattr(kept, name, getattr(gone, name))
    if kept.unlimited and not gone.unlimited:
        bind(kept)
    session.delete(gone)
    session.flush()


HOLD_FIELDS = ("held_since", "hold_reason", "hold_clause", "held_by_id", "released_at", "released_by_id",
               "release_reason")  # fmt: skip
