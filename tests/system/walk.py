"""Every page of the program and somebody who uses it: out of the map of addresses, so that no screen is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User

from app.core import access
from app.core.access import SIGNED_IN
from app.core.db import session
from app.core.register import Register
from app.core.screen import Screen
from app.demo import accounts
from tests.demo import shown
from tests.portal import enter
from tests.system.test_every_route import Door, doors, register_of

ADMIN = "root"
FEW = 4
SAMPLE = ("complaint", "customer", "written_report", "org_unit")
BUSY = {
    "hepeishan": ("/", "/complaint/", "/complaint/?status=pending_decision", "/dashboard/?policy=B02"),
    "songzhiwei": ("/approvals/", "/approvals/several", "/find?q=26", "/notices/"),
    "gxpengjie": ("/dashboard/?board=credit", "/"),
    "gxtaoyong": ("/customer/", "/imports/customer"),
    "root": (
        "/help/?at=ComplaintView.list", "/nowhere", "/calculator/?what=due&item=all:complaint",
        "/calculator/?what=authority&item=decision&f_claimed_amount=120000",
        "/calculator/?what=class&item=sanction_grade&f_burden=x", "/policy/settings/B02/1",
    ),
}


@dataclass(frozen=True)
class Stop:
    """A page, whose screen or register it is, and who opens it."""

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

    def first(self, path: str, guard: str, action: str) -> str | None:
        """Whoever has least and still uses the page; of many that it is not open to, a few are asked."""
        may = self.may(guard, action)
        return next((name for name in (*may[:FEW], *may[-FEW:]) if self.opens(name, path)), None)

    def rows(self, register: Register) -> dict[str, int]:
        """The oldest row of the register that each of its readers sees."""
        found = {}
        with self.app.app_context():
            for name in self.may(register.guarded_by, "read"):
                seen = access.rows(register, "read", self.held[name])
                if row := session.scalar(sa.select(sa.func.min(register.model.id)).where(seen)):
                    found[name] = row
        return found


def screens(app: Flask) -> Iterator[Stop]:
    """Every address of every screen made by hand that answers with a page, and the busy ones again."""
    people, made = People(app), {one.__name__ for one in hand_made()}
    for door in _pages(app):
        name = door.endpoint.split(".")[0]
        if name in made and (account := people.first(door.address, door.guard, door.action)):
            yield Stop(account, door.address, name)
    yield from (Stop(account, path, "busy") for account, paths in BUSY.items() for path in paths)


def registers(app: Flask) -> Iterator[Stop]:
    """The list, a row and the form of every register, and what can be done with the row of some, by who keeps it."""
    people, doors_of = People(app), defaultdict(dict)
    for door in _pages(app):
        if (register := register_of(door.endpoint)) is not None:
            doors_of[register.slug][door.endpoint.split(".")[1]] = door
    for register in shown():
        rows, found = people.rows(register), doors_of[register.slug]
        account = next((name for name, row in rows.items() if people.opens(name, f"/{register.slug}/{row}")), None)
        yield Stop(account or people.may(register.guarded_by, "read")[0], f"/{register.slug}/", register.slug)
        if account:
            yield Stop(account, f"/{register.slug}/{rows[account]}", register.slug)
        for name in ("add", *(("edit", "history", "print") if register.slug in SAMPLE else ())):
            door = found.get(name)
            if door and (one := people.first(door.address, door.guard, door.action)):
                yield Stop(one, door.address, register.slug)


def hand_made() -> list[type[Screen]]:
    """The screens that are made by hand."""
    return [one for one in Screen.__subclasses__() if one.__module__.startswith("app.")]


def _pages(app: Flask) -> list[Door]:
    return [door for door in doors(app) if door.method == "GET" and not door.program]
