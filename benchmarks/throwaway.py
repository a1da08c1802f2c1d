"""Throw-away registers, as many as a measure wants, spread over the areas of the menu."""

import types
from decimal import Decimal

from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.menu import AREAS
from app.core.register import Record, Register, Section, registers
from app.core.scope import Owned

KINDS = {"a": "甲", "b": "乙", "c": "丙"}


def make(number):
    """Add registers until there are ``number``; before ``create_app``."""
    areas = [area for area in AREAS if area]
    while len(registers()) < number:
        n = len(registers())
        _register(n, areas[n % len(areas)])


def _register(n, area):
    described = Register(
        area=area, label=f"登记簿 {n}", title="number", list=("number", "name", "kind", "amount"),
        filters=("kind",), search=("number", "name"), permissions=("approve",),
        sections=(Section("登记", ("number", "name", "kind", "amount", "phone", "unit_id", "owner_id")),),
    )

    def fill(body):
        body |= {
            "__module__": __name__, "register": described,
            "__annotations__": {
                "number": Mapped[str], "name": Mapped[str], "kind": Mapped[str | None],
                "amount": Mapped[Decimal | None], "phone": Mapped[str | None],
            },
            "number": fields.text("编号", 30, unique=True), "name": fields.text("名称", 120),
            "kind": fields.choice("类别", KINDS), "amount": fields.money("金额"),
            "phone": fields.personal("电话", 30, mask="phone"),
        }

    types.new_class(f"Throwaway{n}", (Owned, Record), exec_body=fill)
