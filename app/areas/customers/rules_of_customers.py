"""What every customer file must obey: numbers that can be right, dates in order, no chain that leads back to itself."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.customer import Customer
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.identifiers import birth_date, credit_code_fault, identity_fault, phone_fault
from app.core.saving import Draft, check

HOME, CARD = "CN", (None, "identity_card")
PHONES = ("contact_phone", "other_phone")
PERIODS = (("lease_start", "lease_end"), ("opened_on", "left_on"), ("founded_on", "first_deal_on"))
BEYOND_THE_SALE = ("birthday", "age", "consumption_features", "rest_time")
STANDARD = "GB 11643"
CONSENT_CLAUSE = "1"
CHAINS = ("referred_by_id", "group_head_id")
LONGEST = 50


@check("customer")
def numbers_can_be_right(draft: Draft) -> Iterable[Problem]:
    """What was typed as code, identity number or telephone obeys the rule of such numbers."""
    if draft.get("country") == HOME:
        if (code := draft.values.get("credit_code")) and (fault := credit_code_fault(code)):
            yield Problem(fault, "credit_code", "credit_code")
        yield from _telephones(draft, PHONES)
    if draft.get("id_kind") in CARD and ("id_no" in draft.values or "id_kind" in draft.values):
        yield from _identity(draft, "id_no", draft.get("id_no"))
    yield from _identity(draft, "opener_id_no", draft.values.get("opener_id_no"))


@check("customer_person")
def numbers_of_a_person_can_be_right(draft: Draft) -> Iterable[Problem]:
    """The same of shareholders and principals; a shareholding company has a credit code."""
    yield from _telephones(draft, ("phone",))
    if (number := draft.values.get("id_no")) and credit_code_fault(number):
        yield from _identity(draft, "id_no", number)


def _telephones(draft: Draft, names: Iterable[str]) -> Iterable[Problem]:
    for name in names:
        if (number := draft.values.get(name)) and (fault := phone_fault(number)):
            yield Problem(fault, name, "phone")


def _identity(draft: Draft, name: str, number: str | None) -> Iterable[Problem]:
    if number and (fault := identity_fault(number, clock.today())):
        label = draft.whole.fields[name].label
        yield Problem(_("%(field)s: %(why)s", field=label, why=fault), name, "identity", STANDARD)


@check("customer")
def days_are_in_order(draft: Draft) -> Iterable[Problem]:
    """Nothing ends before it began; the day of birth is that of the identity number."""
    fields = draft.whole.fields
    for first, last in PERIODS:
        begun, ended = draft.get(first), draft.get(last)
        if begun and ended and ended < begun:
            text = _("“%(last)s” lies before “%(first)s”.", last=fields[last].label, first=fields[first].label)
            yield Problem(text, last, "not_before")
    birthday, number = draft.get("birthday"), draft.get("id_no")
    if birthday and number and draft.get("id_kind") in CARD and birth_date(number) not in (None, birthday):
        text = _("By the identity number the day of birth is %(day)s.", day=birth_date(number))
        yield Problem(text, "birthday", "contradiction")


@check("customer")
def without_consent_only_the_sale(draft: Draft) -> Iterable[Problem]:
    """Who does not agree has nothing kept beyond what the sale needs; a member has a card."""
    fields = draft.whole.fields
    for name in BEYOND_THE_SALE if draft.get("consent") is False else ():
        if draft.get(name) not in (None, ""):
            text = _("The customer does not agree that “%(field)s” is kept.", field=fields[name].label)
            yield Problem(text, name, "consent", CONSENT_CLAUSE)
    if draft.get("is_member") and not draft.get("member_card_no"):
        text = _("“%(field)s” is needed of a member.", field=fields["member_card_no"].label)
        yield Problem(text, "member_card_no", "required")


@check("customer")
def no_chain_leads_back(draft: Draft) -> Iterable[Problem]:
    """Nobody is recommended by himself, and no company heads its own group, however long the way."""
    for name in CHAINS:
        label = draft.whole.fields[name].label
        if (key := draft.values.get(name)) is not None and draft.whole.record.id in above(name, key):
            yield Problem(_("“%(field)s” leads back to this customer.", field=label), name, "chain")


def above(name: str, key: int) -> Iterable[int]:
    """The customers that one leads to by a field, itself first; one statement."""
    column = getattr(Customer, name)
    chain = sa.select(Customer.id, column.label("next"), sa.literal(1).label("steps")).where(Customer.id == key)
    steps = chain.cte("chain", recursive=True)
    further = sa.select(Customer.id, column, steps.c.steps + 1).where(Customer.id == steps.c.next)
    steps = steps.union_all(further.where(steps.c.steps < LONGEST))
    return session.scalars(sa.select(steps.c.id)).all()
