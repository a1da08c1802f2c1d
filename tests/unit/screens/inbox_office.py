"""Four people who route and decide, and two cases that wait: the office behind the tests of the inbox."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask_appbuilder.security.sqla.models import User

from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.core import actor, clock, moves
from app.core.db import session
from app.engines.approvals import operations as approvals
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy.models import APPROVED, PackVersion
from tests.portal import person, portal, row_id
from tests.unit.engines.approvals.pack import CONTENT

__all__ = ["office", "page", "portal", "status_of"]
STAFF = {
    "control": ("case_coordinator", "B02.case_control", "G"), "deputy": ("executive_in_charge", "B02.deputy_gm", "G"),
    "chief": ("general_manager", "B02.general_manager", "G"), "manager": ("sales_manager", "B02.sales_manager", "S"),
}


@pytest.fixture
def office(portal):
    """Four people who route and decide, and two cases that wait for the sales manager."""
    with portal.app_context():
        units = {unit.code: unit for unit in session.query(OrgUnit)}
        for username, (role, post, home) in STAFF.items():
            people.give(person(username, units[home])[0], role, units[home], post=post)
        version = PackVersion(
            code="B02", version=90, title_zh="试", title_en="Trial", status=APPROVED, sha256="trial", content=CONTENT,
            effective_from=clock.today(),
        )
        session.add(version)
        session.flush()
        steps = {}
        for number, amount in (("251007", "98000"), ("251008", "50000")):
            case = Complaint(
                title="爆板分层", case_no=number, customer_id=row_id(Customer, customer_no="C-S"), market="domestic",
                unit_id=units["S"].id, owner_id=row_id(Employee, number="AMY"), policy="B02", status="combined",
                pack_version_id=version.id, adopter_id=units["G"].id, claimed_amount=Decimal(amount),
                combined_opinion=f"建议赔付 {number}",
            )
            session.add(case)
            session.flush()
            with actor.acting_as(row_id(User, username="control")):
                moves.move(case, "route")
            steps[number] = approvals.steps_of(approvals.latest(case, "decision"))[0].id
        session.commit()
        session.remove()
    portal.steps = steps
    return portal


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def status_of(app, number):
    with app.app_context():
        return session.query(Complaint.status).filter_by(case_no=number).scalar()
