"""Rows as they are now, read outside of any request."""

import sqlalchemy as sa

from app.areas.customers.customer import Customer
from app.core.db import session
from tests.portal import row_id

CUSTOMER = {"customer_no": "C-9", "name": "九号", "side": "buyer", "country": "CN"}


def rows(portal, model=Customer):
    with portal.app_context():
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def of(portal, model, **by):
    with portal.app_context():
        return row_id(model, **by)
