"""Files kept no longer than the policy says: years after the last purchase what names a person is stripped for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.customers.operations import Customer, CustomerProfile, ProfileAnswer
from app.core import attachments, clock
from app.core.attachments import Attachment
from app.core.db import session
from app.core.register import Register, registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.deadlines.recurring import adoptions
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from app.engines.sweeps.registry import Batch, sweep

YEARS, BATCH, FEW = "anonymise_years", 100, 5
DONE = N_("Made anonymous: %(years)s years after the last purchase.")
PLAIN = ("short_name", "salutation", "birthday", "age", "id_kind", "address", "position", "channels", "preferred_time",
         "rest_time", "member_card_no", "consumption_features", "service_records", "class_reason", "note", "history",
         "demand", "business_note", "development_note")  # fmt: skip
LINES = ("customer_person", "customer_bank_account")
PERSON, CLOSED = "person", "closed"


@sweep("loyalty.anonymise", title=_l("Files of customers who bought nothing for years: made anonymous"),
       schedule="50 2 * * *")  # fmt: skip
def anonymise(at: dt.datetime) -> Iterator[Batch]:
    """Strip what names a person from each file whose time is over; a second run finds none of them."""
    day = clock.to_local(at).date()
    for adopter_id, code in adoptions():
        version = policy.current_version(code, day)
        pack = policy.pack_for(version.id) if version is not None else None
        if pack is None or YEARS not in pack.parameters:
            continue
        years = int(policy.settings_for(pack, adopter_id, day).value(YEARS))
        clause = pack.parameters[YEARS].clause
        while ids := _due(adopter_id, _years_before(day, years)):
            for key in ids:
                strip(session.get_one(Customer, key), day, years, clause)
            found = [{"case": f"#{key}", "url": f"/customer/{key}", "unit": adopter_id} for key in ids[:FEW]]
            yield Batch({"checked": len(ids), "hit": len(ids)}, found)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _due(adopter_id: int, before: dt.date) -> Sequence[int]:
    row = Customer
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    found = sa.select(row.id).where(
        row.unit_id.in_(below), row.side == PERSON, row.last_buy_on < before, row.anonymised_on.is_(None)
    )
    return session.scalars(found.order_by(row.id).limit(BATCH)).all()


def strip(customer: Any, day: dt.date, years: int, clause: str) -> None:
    """Leave number, unit, dates and amounts of a file; tokens by which it was found go with what they were made of."""
    register: Register = customer.register
    for name in (*register.personal, *PLAIN):
        setattr(customer, name, None)
    customer.name, customer.standing, customer.anonymised_on = customer.customer_no, CLOSED, day
    for slug in LINES:
        _delete(registers()[slug].model, customer_id=customer.id)
    for profile in session.scalars(sa.select(CustomerProfile).filter_by(customer_id=customer.id)).all():
        _strip_profile(profile)
    _strip_related(customer.id)
    papers = session.scalars(sa.select(Attachment.id).filter_by(register=register.slug, record_id=customer.id)).all()
    if papers:
        attachments.drop(register.slug, customer.id, papers)
    session.flush()
    audit.note(customer, "act", DONE, {"years": years}, clause)


def _strip_profile(profile: Any) -> None:
    """A volume keeps its number and how complete it was, and no answer."""
    for name in (*profile.register.personal, "customer_name", "characteristics", "preferences", "quality_notes",
                 "life_background", "company_and_post"):  # fmt: skip
        setattr(profile, name, None)
    _delete(ProfileAnswer, profile_id=profile.id)


def _strip_related(customer_id: int) -> None:
    """Personal fields of all other rows that name the customer, such as the number that was called."""
    for register in registers().values():
        names = [spec.name for spec in register.fields.values() if spec.target == Customer.__tablename__
                 and spec.kind.name == "ref"]  # fmt: skip
        table = register.model.__table__
        empty = [name for name in register.personal if table.c[name].nullable]
        if not names or not empty or register.slug in (Customer.__tablename__, CustomerProfile.__tablename__):
            continue
        mine = sa.select(register.model).where(sa.or_(*(table.c[name] == customer_id for name in names)))
        for row in session.scalars(mine).all():
            for name in empty:
                setattr(row, name, None)


def _delete(model: Any, **place: Any) -> None:
    for row in session.scalars(sa.select(model).filter_by(**place)).all():
        session.delete(row)
