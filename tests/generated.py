"""Data made out of field specs: right ones of every kind, and wrong ones with what is wrong about them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.fieldspec import FieldSpec
from app.core.register import Register, registers

FIRST, SPAN = "B02", 1000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_numbers = itertools.count(SPAN * (1 + _worker))  # below that number is what the demo was filled with


def value(spec: FieldSpec, ids: Mapping[str, int]) -> Any:
    """A value that the field takes, as JSON."""
    n = next(_numbers)
    return _VALUES[spec.kind.name](spec, n, ids)


def _number(spec: FieldSpec, n: int) -> int:
    low, high = int(spec.minimum or 0), spec.maximum
    return low + 1 if high is None else min(low + 1, int(high))


_VALUES: Mapping[str, Any] = {
    "text": lambda spec, n, _ids: f"文{n}"[: spec.size or 200],
    "longtext": lambda spec, n, _ids: f"第一行 {n}\n第二行",
    "integer": lambda spec, n, _ids: _number(spec, n),
    "money": lambda spec, n, _ids: "12.50",
    "percent": lambda spec, n, _ids: "12.5",
    "decimal": lambda spec, n, _ids: "1.5",
    "date": lambda spec, n, _ids: clock.today().isoformat(),
    "datetime": lambda spec, n, _ids: clock.to_local(clock.now()).isoformat(),
    "boolean": lambda spec, n, _ids: True,
    "post": lambda spec, n, _ids: "B02.qc",
    "choice": lambda spec, n, _ids: next(iter(spec.choices)),
    "choices": lambda spec, n, _ids: list(spec.choices)[:2],
    "ref": lambda spec, n, ids: ids[spec.target],
    "refs": lambda spec, n, ids: [ids[spec.target]],
    "personal": lambda spec, n, _ids: f"1381234{n % 10000:04d}",
    "json": lambda spec, n, _ids: {"n": n},
}


def _decided(ids: Mapping[str, int]) -> int:
    complaint = registers()["complaint"].model
    return session.scalar(
        sa.select(sa.func.min(complaint.id)).where(complaint.decided_at.is_not(None), complaint.policy == FIRST)
    )


@contextmanager
def first_numbers() -> Iterator[None]:
    """Count from one, as who fills the demo does: no worker of a run makes up what is there already."""
    global _numbers
    kept, _numbers = _numbers, itertools.count(1)
    yield
    _numbers = kept


def stock() -> None:
    """Lay in what rows of consequences use up: closed complaints without a sheet, returned goods not yet resold."""
    complaint, item = registers()["complaint"].model, registers()["loss_item"].model
    ended = sa.select(complaint).where(complaint.closed_at.is_not(None), complaint.founded, complaint.policy == FIRST)
    like = session.scalars(ended.order_by(complaint.id)).first()
    kept = {column.key for column in complaint.__table__.columns} - {"id", "number", "case_no", "row_version"}
    values_ = {name: getattr(like, name) for name in kept}
    session.add_all(complaint(**values_, case_no=f"X{number}") for number in range(6))
    goods = {"sheet_id": _draft_sheet(), "kind": "return", "quantity": 10, "unit_price": 5}
    session.add_all(item(**goods, line_no=f"X-{number}") for number in range(6))
    slip = registers()["goods_return"].model
    back = {"complaint_id": like.id, "return_reason": "分层", "return_basis": "核决", "slip_qty": 2, "actual_qty": 2,
            "unit_price": 5, "status": "received", "received_at": clock.now()}  # fmt: skip
    own = {name: getattr(like, name) for name in ("unit_id", "owner_id", "policy", "pack_version_id", "adopter_id")}
    session.add_all(slip(**back, **own, slip_no=f"X-{number}") for number in range(6))
    buyer = registers()["customer"].model
    session.add_all(buyer(customer_no=f"TWICE{n}", name=f"重{n}", unit_id=like.unit_id) for n in range(40))
    detail = session.get_one(registers()["complaint_pcb"].model, like.id)
    detail.receivable_amount, detail.approved_return_qty = 1000, 1000
    session.commit()


def _order() -> int:
    """An order for goods that is still being written."""
    order = registers()["shipment"].model
    return session.scalar(sa.select(sa.func.min(order.id)).where(order.status == "draft"))


def _settled() -> int:
    """A founded, closed complaint that has no sheet."""
    complaint, sheet = registers()["complaint"].model, registers()["loss_sheet"].model
    free = sa.select(complaint.id).where(
        complaint.closed_at.is_not(None), complaint.founded, complaint.policy == FIRST,
        complaint.id.not_in(sa.select(sheet.complaint_id)),
    )  # fmt: skip
    return session.scalars(free.order_by(complaint.id)).first()


def _draft_sheet() -> int:
    sheet = registers()["loss_sheet"].model
    return session.scalar(sa.select(sa.func.min(sheet.id)).where(sheet.status == "draft", sheet.policy == FIRST))


def _goods() -> int:
    """Returned goods of an open sheet that nobody resells."""
    item, resale = registers()["loss_item"].model, registers()["resale"].model
    sheets = sa.select(registers()["loss_sheet"].model.id).filter_by(status="draft")
    free = sa.select(item.id).where(
        item.kind == "return", item.sheet_id.in_(sheets), item.id.not_in(sa.select(resale.loss_item_id))
    )
    return session.scalars(free.order_by(item.id)).first()


def _no_share(_ids: Mapping[str, int]) -> dict[str, Any]:
    """Somebody who has no share in an open sheet."""
    share, person, sheet = registers()["responsibility_share"].model, registers()["employee"].model, _draft_sheet()
    taken = sa.select(share.employee_id).where(share.sheet_id == sheet, share.employee_id.is_not(None))
    free = session.scalar(sa.select(sa.func.min(person.id)).where(person.id.not_in(taken)))
    return {"sheet_id": sheet, "bearer_type": "person", "employee_id": free, "fault_item": "item_1"}


def _to_announce(_ids: Mapping[str, int]) -> dict[str, Any]:
    """An approved sanction and the month in which its case was closed."""
    sanction, complaint = registers()["sanction"].model, registers()["complaint"].model
    approved = sa.select(sanction).where(
        sanction.approved_at.is_not(None), sanction.complaint_id.is_not(None), sanction.policy == FIRST
    )
    found = session.scalars(approved.order_by(sanction.id)).all()
    one = next((row for row in found if row.announcement_id is None), None)
    if one is None:
        one = found[-1]
        one.announcement_id = None
        session.commit()
    closed = clock.to_local(session.get_one(complaint, one.complaint_id).closed_at)
    return {"month": f"{closed:%Y-%m}", "sanctions": [one.id]}


def _to_notice() -> int:
    """A complaint with an approved sheet and no notice."""
    sheet, notice = registers()["loss_sheet"].model, registers()["penalty_notice"].model
    free = sa.select(sa.func.min(sheet.complaint_id)).where(
        sheet.status == "approved", sheet.policy == FIRST, sheet.complaint_id.not_in(sa.select(notice.complaint_id))
    )
    return session.scalar(free)


def _returning() -> int:
    """A closed complaint whose decision approves many returned goods and an amount."""
    detail = registers()["complaint_pcb"].model
    return session.scalar(sa.select(sa.func.min(detail.id)).where(detail.approved_return_qty == 1000))


def _received() -> int:
    """A received slip without a proof."""
    slip, proof = registers()["goods_return"].model, registers()["return_proof"].model
    free = sa.select(sa.func.min(slip.id)).where(
        slip.slip_no.startswith("X-"), slip.id.not_in(sa.select(proof.slip_id))
    )
    return session.scalar(free)


def _of_policy(slug: str, code: str) -> int:
    """The first row of a register under a policy."""
    model = registers()[slug].model
    return session.scalar(sa.select(sa.func.min(model.id)).where(model.policy == code))


def _month() -> str:
    """Another month each time."""
    n = next(_numbers)
    return f"{2001 + n // 12 % 20}-{n % 12 + 1:02}"


def _liability() -> int:
    """A confirmed liability of which something is left."""
    model = registers()["credit_liability"].model
    left = sa.select(sa.func.min(model.id)).where(model.status == "confirmed", model.amount > model.deducted)
    return session.scalar(left)


def _without_hotline() -> int:
    """A unit that has no hotline yet."""
    unit, line = registers()["org_unit"].model, registers()["service_hotline"].model
    return session.scalar(sa.select(sa.func.min(unit.id)).where(unit.id.not_in(sa.select(line.company_id))))


def _anybodys_account() -> int:
    """An account of a shop that nobody has for himself."""
    model = registers()["access_grant"].model
    return session.scalar(sa.select(sa.func.min(model.id)).filter_by(status="in_use", person_id=None))


def _without_household() -> int:
    """A customer whose file belongs to no household."""
    customer, home = registers()["customer"].model, registers()["household"].model
    taken = sa.select(home.customer_id).where(home.customer_id.is_not(None))
    return session.scalar(sa.select(sa.func.min(customer.id)).where(customer.id.not_in(taken)))


def _where(post: str) -> int:
    """A unit in which somebody holds a post."""
    holding = registers()["holding"].model
    return session.scalar(sa.select(sa.func.min(holding.unit_id)).where(holding.post == post))


def _two_customers(_ids: Mapping[str, int]) -> dict[str, Any]:
    """Two customers that nobody has proposed to merge yet."""
    model, merge = registers()["customer"].model, registers()["customer_merge"].model
    named = sa.union(sa.select(merge.keep_id), sa.select(merge.gone_id))
    free = sa.select(model.id).where(model.customer_no.startswith("TWICE"), model.id.not_in(named))
    keep, gone = session.scalars(free.order_by(model.id).limit(2))
    return {"keep_id": keep, "gone_id": gone}


NUMBERS = {
    "credit_code": "91110000802100433B", "id_kind": "identity_card", "id_no": "11010519491231002X",
    "opener_id_no": "11010519491231002X", "birthday": "1949-12-31",
}  # fmt: skip
# what the rules of a register ask beyond the kinds of its fields
CONTEXT: Mapping[str, Callable[[Mapping[str, int]], dict[str, Any]]] = {
    "pay_item": lambda _ids: {"month": f"{2100 + next(_numbers) % 7000}-01"},
    "payroll_run": lambda _ids: {"month": f"{2100 + next(_numbers) % 7000}-01"},
    "newcomer": lambda _ids: {"number": f"T{next(_numbers)}", "posts": "B02.qc", "role": "salesperson",
                              "username": f"t{next(_numbers)}"},
    "calendar": lambda _ids: {"zone": "Asia/Shanghai", "office_hours": "08:00-12:00", "code": f"K{next(_numbers)}"},
    "complaint": lambda ids: {"customer_id": ids["customer"], "market": "domestic"},
    "corrective_action": lambda _ids: {"owner_unit_id": _where("B02.dept_head")},
    "contact_log": lambda _ids: {"contacted_at": "2025-01-02T09:00", "account_id": None, "to_account_id": None},
    "authority_rule": lambda _ids: {"amount_from": f"{(n := next(_numbers))}.00", "amount_to": f"{n}.50"},
    "access_rule": lambda _ids: {"code": f"Z{next(_numbers)}"},
    "account_login": lambda _ids: {"account_id": _anybodys_account(), "login_at": "2025-01-02T09:00",
                                   "logout_at": "2025-01-02T18:00"},
    "business_result": lambda ids: {
        "customer_id": ids["customer"], "balance_on": "2025-01-02", "currency": f"{next(_numbers) % 999:03}",
        "amount": "12.50", "rate": "1.5",
    },
    "customer_asset": lambda _ids: {"plate_no": "沪A12345"},
    "customer": lambda _ids: NUMBERS | {"group_head_id": None, "referred_by_id": None, "consent": True},
    "customer_merge": _two_customers,
    "customer_person": lambda _ids: {"position": "principal", "id_no": NUMBERS["id_no"]},
    "customer_financial": lambda _ids: {"content": "走访所见：库存正常"},
    "service_script": lambda _ids: {"code": f"S{next(_numbers)}"},
    "customer_reply": lambda ids: {"complaint_id": _decided(ids)},
    "written_report": lambda ids: {"complaint_id": ids["complaint"]},
    "anomaly_slip": lambda _ids: {"loss_caused": False},
    "service_hotline": lambda _ids: {"company_id": _without_hotline()},
    "household": lambda _ids: {"household_no": f"H{next(_numbers)}", "customer_id": _without_household(),
                               "occupancy": "left", "moved_in_on": "2020-01-01", "moved_out_on": "2025-01-01"},
    "contact_window": lambda _ids: {"from_time": "12:15", "to_time": "12:45", "weekdays": []},
    "urgent_visit": lambda _ids: {"qc_can_attend": False},
    "loss_sheet": lambda _ids: {"complaint_id": _settled()},
    "loss_item": lambda _ids: {"sheet_id": _draft_sheet(), "kind": "claim", "actual_amount": "12.50"},
    "resale": lambda _ids: {"loss_item_id": _goods()},
    "shipment_line": lambda _ids: {"shipment_id": _order()},
    "responsibility_share": _no_share,
    "external_liability": lambda _ids: {"sheet_id": _draft_sheet()},
    "sanction": lambda _ids: {"complaint_id": _settled()},
    "personnel_announcement": _to_announce,
    "penalty_notice": lambda _ids: {"complaint_id": _to_notice()},
    "return_certificate": lambda _ids: {"complaint_id": _returning(), "discount_amount": "0.01"},
    "goods_return": lambda _ids: {"complaint_id": _returning()},
    "return_proof": lambda _ids: {"slip_id": _received()},
    "return_tolerance": lambda _ids: {"order_no": f"PO{next(_numbers)}"},
    "sales_lead_unit": lambda _ids: {"lead_id": _of_policy("sales_lead", "C01"), "room": f"X-{next(_numbers)}"},
    "report_plan": lambda ids: {"source": "board:complaints", "at_time": "08:00", "every": "day",
                                "people": [ids["employee"]]},
    "post_quota": lambda _ids: {"code": f"P{next(_numbers)}"},
    "complaint_step": lambda _ids: {"complaint_id": _of_policy("complaint", "A08")},
    "reward": lambda ids: {"employee_id": ids["employee"], "grade": "bonus", "amount": "12.50"},
    "income_deduction": lambda _ids: {"liability_id": _liability(), "pay_month": _month(), "amount": "0.01"},
    "recovery_rate": lambda _ids: {"month": _month()},
    "recovery_exclusion": lambda _ids: {"complaint_id": _returning(), "month": _month()},
}


def row(register: Register, ids: Mapping[str, int], *, everything: bool = False) -> dict[str, Any]:
    """What a program sends to add a row: the fields that are needed, or all that may be typed."""
    wanted = {n: s for n, s in register.writable.items() if s.stored and (everything or s.required)}
    found = {name: value(spec, ids) for name, spec in wanted.items() if not spec.target or spec.target in ids}
    return found | (CONTEXT[register.slug](ids) if register.slug in CONTEXT else {})


def as_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a browser sends it."""
    return {
        name: [str(part) for part in found] if isinstance(found, list) else
        str(found).lower() if isinstance(found, bool) else str(found)
        for name, found in values.items()
    }
