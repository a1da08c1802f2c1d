"""Every page of the program and somebody who uses it: out of the map of addresses, so that no screen is forgotten."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User

from app.core import access, links
from app.core.access import SIGNED_IN
from app.core.db import session
from app.core.register import Register
from app.core.screen import Screen
from app.demo import accounts
from tests.demo import shown
from tests.portal import enter
from tests.system.test_every_route import Door, doors, register_of

ADMIN, FEW = "root", 8
SAMPLE = ("complaint", "customer", "written_report", "org_unit")
MORE = ("edit", "history", "print")
# what is empty for most people, and what an address says more of
BUSY = {
    "hepeishan": ("/", "/complaint/?in_state=B02.pending_decision", "/dashboard/?policy=B02"),
    "songzhiwei": ("/approvals/", "/approvals/several", "/find?q=26", "/notices/", "/reports/"),
    "gxpengjie": ("/dashboard/?board=credit", "/"),
    "gxtaoyong": ("/customer/", "/imports/customer"),
    ADMIN: (
        "/help/?at=ComplaintView.list", "/help/page?name=deadlines", "/nowhere", "/parameters/?policy=B02",
        "/calculator/?policy=B02&what=due&item=all:complaint",
        "/calculator/?policy=B02&what=authority&item=decision&f_claimed_amount=120000",
        "/calculator/?policy=B02&what=class&item=sanction_grade&f_burden=100001",
    ),
}


@dataclass(frozen=True)
class Stop:
    """A page, whose screen or register it is, and who opens it; a visitor has no account."""

    account: str
    path: str
    of: str


class People:
    """The people of the demo from the one with the fewest permissions up, then the administrator.

    No application context may be open while they look: requests would share what it remembers of a person.
    """

    def __init__(self, app: Flask) -> None:
        self.app, self._clients = app, dict[str, FlaskClient]()
        with app.app_context():
            names = [name for name, *_rest in accounts()]
            users = session.execute(sa.select(User.username, User.id).where(User.username.in_([*names, ADMIN])))
            assert access._load is not None
            held = {name: access._load(user) for name, user in users}
        self.held = dict(sorted(held.items(), key=lambda one: (one[0] == ADMIN, len(one[1].grants), one[0])))

    def opens(self, account: str, path: str) -> bool:
        """Whether the account gets a whole page there."""
        if account not in self._clients:
            self._clients[account] = enter(self.app, account)
        with self._clients[account].get(path, buffered=True) as answer:
            return answer.status_code == 200 and b"</html>" in answer.data

    def may(self, guard: str, action: str) -> list[str]:
        """Who has the permission."""
        return [name for name, held in self.held.items() if guard in SIGNED_IN or held.can(guard, action)]

    def user_of(self, door: Door) -> str | None:
        """Whoever has least and still uses the page, of a few; nobody when it is no page of its own."""
        if not self.opens(ADMIN, door.address):
            return None
        may = self.may(door.guard, door.action)
        return next(name for name in (*may[:FEW], *may[-FEW:]) if self.opens(name, door.address))

    def reader_of(self, register: Register) -> tuple[str, int] | None:
        """Whoever has least and sees a row of the register, and the oldest row that he sees."""
        for name in self.may(register.guarded_by, "read"):
            with self.app.app_context():
                seen = access.rows(register, "read", self.held[name])
                row = session.scalar(sa.select(sa.func.min(register.model.id)).where(seen))
            if row and self.opens(name, f"/{register.slug}/{row}"):
                return name, row
        return None


class Walk:
    """The ways through a demo."""

    def __init__(self, app: Flask) -> None:
        self.people = People(app)
        self.pages = [door for door in doors(app) if door.method == "GET" and not door.program]

    def screens(self) -> Iterator[Stop]:
        """Every address of every screen made by hand that answers with a page; some again where much is going on."""
        made = {one.__name__ for one in hand_made()}
        for door in self.pages:
            name = door.endpoint.split(".")[0]
            if name in made and (account := self.people.user_of(door)):
                yield Stop(account, door.address, name)
        yield from (Stop(account, path, "") for account, paths in BUSY.items() for path in paths)
        yield from (Stop("", "/login/", ""), Stop("", "/forgotten/", "ForgottenView"))
        yield Stop("", f"/join/{self._link()}", "JoinView")

    def _link(self) -> str:
        """A one-time link of somebody; it ends nothing while it is only looked at."""
        with self.people.app.app_context():
            user = session.scalars(sa.select(User).where(User.active).order_by(User.id).limit(1)).one()
            _link, text = links.make(user, dt.timedelta(days=1))
            session.commit()
        return text

    def registers(self) -> Iterator[Stop]:
        """The list, a row and the form of every register, and for some what can be done with the row."""
        found: dict[str, dict[str, Door]] = defaultdict(dict)
        for door in self.pages:
            if (register := register_of(door.endpoint)) is not None:
                found[register.slug][door.endpoint.split(".")[1]] = door
        for register in shown():
            yield from self._register(register, found[register.slug])

    def _register(self, register: Register, found: dict[str, Door]) -> Iterator[Stop]:
        reader = self.people.reader_of(register)
        account = reader[0] if reader else self.people.may(register.guarded_by, "read")[0]
        yield Stop(account, f"/{register.slug}/", register.slug)
        if reader:
            yield Stop(account, f"/{register.slug}/{reader[1]}", register.slug)
        for name in ("add", *(MORE if register.slug in SAMPLE else ())):
            if name in found and (user := self.people.user_of(found[name])):
                yield Stop(user, found[name].address, register.slug)


def hand_made() -> list[type[Screen]]:
    """The screens that are made by hand."""
    return [one for one in Screen.__subclasses__() if one.__module__.startswith("app.")]
