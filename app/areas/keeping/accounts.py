"""Accounts of an online shop: which receive customers, who works with them, who takes over a customer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.operations import Customer
from app.areas.privacy.operations import AccessGrant, AccountLogin
from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, effect
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.scope import call_in
from app.core.whole import Whole

MAIN, IN_USE = "main", "in_use"
FITS = {"presale": ("presale",), "aftersale": ("aftersale",), "other": ("presale", "aftersale")}
CLAUSE = "(一)2①"


@effect("open_account", early=True)
def open_account(moved: Moved) -> None:
    """The main account receives no customers, the others do; whoever works with it sees it."""
    row: Any = moved.record
    told = {"receives_customers": row.kind != MAIN, "granted_by_id": moved.employee_id, "granted_on": clock.today()}
    moved.whole.update(told)
    moved.whole.save()


@after_change("access_grant")
def user_sees_account(row: Any) -> None:
    """Whoever is to work with an account may see it."""
    if row.person_id is not None and row.id is not None:
        call_in(AccessGrant.register.slug, row.id, row.person_id)
        session.flush()


# -- logins ------------------------------------------------------------------------------------------------------------


@before_create("account_login")
def logged_in_by_me(whole: Whole) -> None:
    """Who logs in is who writes it down."""
    whole.update({"person_id": access.current().employee_id})


@check("account_login")
def account_is_free(draft: Draft) -> Iterable[Problem]:
    """An account in use, by the person whom it was given to, and by one person at a time."""
    account, me = session.get(AccessGrant, draft.get("account_id") or 0), access.current().employee_id
    if account is None:
        return
    record: Any = draft.whole.record
    if account.status != IN_USE:
        yield Problem(_("This account is not in use."), "account_id", "state", CLAUSE)
    if (record.person_id or me) != me or account.person_id not in (None, me):
        yield Problem(_("Somebody else works with this account."), "account_id", "own", CLAUSE)
    first, last = draft.get("login_at"), draft.get("logout_at")
    if first and first > clock.now():
        yield Problem(_("The login lies in the future."), "login_at", "not_future", CLAUSE)
    if first and last and not first <= last <= clock.now():
        yield Problem(_("The logout lies after the login and not in the future."), "logout_at", "not_before", CLAUSE)
    others = sa.select(AccountLogin.id).where(
        AccountLogin.account_id == account.id, AccountLogin.logout_at.is_(None), AccountLogin.id != (record.id or 0)
    )
    if last is None and session.scalar(others.limit(1)) is not None:
        yield Problem(_("Somebody is logged in with this account."), "account_id", "unique", CLAUSE)


def _logged_in(account_id: int) -> bool:
    me, row = access.current().employee_id, AccountLogin
    mine = sa.select(row.id).where(row.account_id == account_id, row.person_id == me, row.logout_at.is_(None))
    return session.scalar(mine.limit(1)) is not None


# -- customers at an account -------------------------------------------------------------------------------------------


@check("contact_log")
def customer_is_at_the_right_account(draft: Draft) -> Iterable[Problem]:
    """At an account writes who is logged in with it; the main one receives no customer but passes all on."""
    account = session.get(AccessGrant, draft.get("account_id") or 0)
    if account is None:
        if draft.get("to_account_id") is not None:
            yield Problem(_("Name the account that the customer came to."), "account_id", "required", CLAUSE)
        return
    if not _logged_in(account.id):
        yield Problem(_("You are not logged in with this account."), "account_id", "login", CLAUSE)
    goes_to = session.get(AccessGrant, draft.get("to_account_id") or 0)
    if goes_to is None:
        yield from _received(draft, account)
    else:
        yield from _passed_on(draft, account, goes_to)


def _received(draft: Draft, account: Any) -> Iterable[Problem]:
    if not account.receives_customers:
        text = _("This account receives no customers: transfer the customer to an account that does.")
        yield Problem(text, "account_id", "receives", CLAUSE)


def _passed_on(draft: Draft, account: Any, goes_to: Any) -> Iterable[Problem]:
    topic = draft.get("topic")
    for name in ("topic", "transfer_reason", "buyer_account"):
        if not draft.get(name):
            label = draft.whole.fields[name].label
            yield Problem(_("“%(field)s” is needed for a transfer.", field=label), name, "required", CLAUSE)
    if goes_to.id == account.id or goes_to.status != IN_USE or not goes_to.receives_customers:
        yield Problem(_("This account takes over no customers."), "to_account_id", "receives", CLAUSE)
    elif topic and goes_to.kind not in FITS[topic]:
        yield Problem(_("This account is not for this topic."), "to_account_id", "topic", CLAUSE)


@before_create("contact_log")
def passed_on_now(whole: Whole) -> None:
    """The time of the transfer, and the account by its name."""
    goes_to = session.get(AccessGrant, whole.get("to_account_id") or 0)
    if goes_to is not None:
        now = clock.now().replace(microsecond=0)
        whole.update({"transferred_at": now, "transferred_to": goes_to.account_name})


@after_change("contact_log")
def next_one_sees_the_customer(row: Any) -> None:
    """Whoever works with the other account may see the customer and this contact from now on, and nobody else."""
    goes_to = session.get(AccessGrant, row.to_account_id or 0)
    if goes_to is None or goes_to.person_id is None:
        return
    call_in("contact_log", row.id, goes_to.person_id)
    if row.customer_id is not None:
        call_in(Customer.register.slug, row.customer_id, goes_to.person_id)
    session.flush()
