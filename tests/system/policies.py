"""What tests of the policy screens share: a chief, cases and an adopted policy."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import clock, moves
from app.core.db import session
from app.core.register import registers
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy
from tests.portal import find, person, row_id
from tests.unit.engines.deadlines.conftest import Cases

TODAY = clock.today()


def text(answer):
    return answer.get_data(as_text=True)


def rows(page):
    """The cells of every table row, without markup."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", row).split() for row in found]


@pytest.fixture
def chief(portal):
    """Somebody who holds the post that approves changes of B02."""
    with portal.app_context():
        sales = find(OrgUnit, code="S")
        boss, _user = person("gus", sales)
        people.give(boss, "general_manager", sales, post="B02.general_manager")
        session.commit()
    return "gus"


def adopt(portal, unit="G", first=TODAY - dt.timedelta(days=30)):
    with portal.app_context():
        made = policy.adopt(find(OrgUnit, code=unit), "B02", first)
        session.commit()
        return made.id


class Here(Cases):
    """Complaints of the small company."""

    def open(self, market="domestic"):
        unit = find(OrgUnit, code="S")
        begun = moves.begin(registers()["complaint"], unit.id)
        case = Complaint(
            unit_id=unit.id, owner_id=row_id(Employee, number="EVE"), policy=begun.policy, status=begun.start,
            pack_version_id=begun.pack_version_id, adopter_id=begun.adopter_id, title="爆板", market=market,
            customer_id=row_id(Customer, customer_no="C-S"),
        )
        moves.whole_of(case).save()
        self._tell(case, None, "", begun.start)
        return case


def accepted(portal):
    """A numbered complaint with its clocks; its id."""
    with portal.app_context():
        case = Here().accepted()
        session.commit()
        return case.id
