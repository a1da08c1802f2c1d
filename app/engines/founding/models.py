"""The first steps that somebody has seen to, and the people who are taken in from a table."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.engines.people import catalogue

UNITS, PEOPLE, POLICIES, POSTS = "units", "people", "policies", "posts"
CALENDAR, SWEEPS, CHECK = "calendar", "sweeps", "check"
STEPS = {
    UNITS: _l("Company and units"),
    PEOPLE: _l("People"),
    POLICIES: _l("Policies"),
    POSTS: _l("Posts"),
    CALENDAR: _l("Working calendar"),
    SWEEPS: _l("Sweeps"),
    CHECK: _l("Last check"),
}
DONE, PUT_AWAY = "done", "put_away"
STATES = {DONE: _l("Done"), PUT_AWAY: _l("Put away")}


class FirstStep(Record):
    """A step of setting up that somebody has seen to (初始化步骤); what can be counted is never kept here."""

    step: Mapped[str] = fields.choice(_l("Step"), STEPS, unique=True, computed=True)
    state: Mapped[str] = fields.choice(_l("State"), STATES, computed=True)

    register = Register(
        area="platform", label=_l("First step"), title="step", icon="flag", list=("step", "state"),
        sections=(Section(_l("First step"), ("step", "state")),), actions=frozenset(), permissions=("write",),
        menu=False,
    )


class Newcomer(Record):
    """A person to take in (人员登记): becomes an employee with roles and posts when the row is saved.

    The account is opened afterwards, since its link is shown only once.
    """

    number: Mapped[str] = fields.text(_l("Staff number"), 40, unique=True)
    name: Mapped[str] = fields.text(_l("Full name"), 80)
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit")
    role: Mapped[str | None] = fields.choice(
        _l("Role"), catalogue.RoleChoices(inside=True),
        help=_l("What the person may open. Who holds a post has its role already."),
    )
    posts: Mapped[str | None] = fields.text(
        _l("Posts"), 400,
        help=_l("Posts of a policy by code, such as B02.qc, or as in “B02 Quality”; several parted by commas. "
                "May be given later."),
    )  # fmt: skip
    username: Mapped[str | None] = fields.text(
        _l("User name"), 64, unique=True,
        help=_l("For signing in: no spaces. Empty: the staff number; a dash (-): no account."),
    )
    email: Mapped[str | None] = fields.text(_l("E-mail"), 200)
    employee_id: Mapped[int | None] = fields.ref(_l("Employee"), "employee", computed=True)

    register = Register(
        area="organisation", label=_l("Person to take in"), title="name", icon="user-plus",
        list=("number", "name", "unit_id", "role", "posts", "username", "employee_id"),
        search=("number", "name", "username"), filters=("unit_id",), order="number", actions=frozenset({"add"}),
        sections=(
            Section(_l("Person"), ("number", "name", "unit_id")),
            Section(_l("What he does"), ("role", "posts")),
            Section(_l("Account"), ("username", "email", "employee_id")),
        ),
    )
