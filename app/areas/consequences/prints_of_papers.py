"""Certificates, return slips and vouchers on paper: tables, sums in capitals, signatures and the room for seals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.areas.consequences import tables, vouchers
from app.core import printing, values
from app.core.printing import PrintPage
from app.engines.approvals.operations import signatures

OFFICE = ("status", "unit_id", "holder_unit_id")


def complete(page: PrintPage) -> None:
    """Lay a paper of this area out as its form looks."""
    add = PARTS.get(page.whole.register.slug)
    if add is None:
        return
    record: Any = page.whole.record
    elsewhere = {*OFFICE, *SHOWN, page.whole.register.title}
    for section in page.sections:
        section["fields"] = [field for field in section["fields"] if field["name"] not in elsewhere]
    add(page, record)
    page.sections = [section for section in page.sections if section.get("table") or _filled(section)]


def _filled(section: dict[str, Any]) -> bool:
    """Whether something stands in a section; what is only done later has no room on the paper."""
    return any(field["value"] for field in section.get("fields", ()))


SHOWN = (
    "discount_unit_price", "discount_amount", "net_unit_price", "net_amount", "approved_qty", "slip_qty", "unit_price",
    "actual_qty", "return_amount", "quantity", "amount", "differs", "in_force",
)  # fmt: skip


def _certificate(page: PrintPage, paper: Any) -> None:
    price, net = tables.money(paper.discount_unit_price), tables.money(paper.net_unit_price)
    rows = [[tables.word(paper, "kind"), price, tables.money(paper.discount_amount)]]
    if "net_amount" in page.whole.fields:
        rows.append([_("Really received"), net, tables.money(paper.net_amount)])
    heads = ("", (_("Unit price"),), (_("Amount"),))
    page.sections.insert(1, {"title": "", "table": tables.laid_out(heads, rows)})
    page.sections.insert(2, {"title": "", "fields": [_capitals(paper.discount_amount)]})
    page.opinions += [*_waiting(page, paper.signed_at), _seal(paper.customer_sealed_on)]


def _waiting(page: PrintPage, done: Any) -> list[dict[str, Any]]:
    """What the steps of the approvals said; room to sign where nothing was put up yet."""
    found = signatures(page.whole.record)
    return found or ([] if done else [{"role": _("Signature"), "text": "", "name": "", "when": ""}])


def _seal(day: Any) -> dict[str, Any]:
    when = f"{day:%Y-%m-%d}" if day else ""
    return {"role": _("Seal of the customer"), "text": "", "name": "", "when": when}


def _slip(page: PrintPage, slip: Any) -> None:
    what = "part_no" if "part_no" in page.whole.fields else "order_no"
    row = [getattr(slip, what) or "", *(_number(slip, name) for name in ("approved_qty", "slip_qty", "actual_qty")),
           tables.money(slip.unit_price), tables.money(slip.return_amount)]  # fmt: skip
    numbers = [(page.whole.fields[name].label,) for name in ("approved_qty", "slip_qty", "actual_qty")]
    for section in page.sections:
        section["fields"] = [field for field in section.get("fields", ()) if field["name"] != what]
    heads = (page.whole.fields[what].label, *numbers, (_("Unit price"),), (_("Amount returned"),))
    page.sections.insert(1, {"title": "", "table": tables.laid_out(heads, [row])})
    if slip.return_amount is not None:
        page.sections.insert(2, {"title": "", "fields": [_capitals(slip.return_amount)]})
    page.opinions += [*_waiting(page, slip.verified_by_id), _received(slip)]


def _received(slip: Any) -> dict[str, Any]:
    names = values.names_of([("employee", slip.received_by_id)])
    return {
        "role": _("Signed by the warehouse"), "text": "",
        "name": names.get(("employee", slip.received_by_id or 0), ""),
        "when": values.short(slip.received_at) if slip.received_at else "",
    }  # fmt: skip


def _number(row: Any, name: str) -> str:
    value = getattr(row, name)
    return f"{value:,}" if value is not None else "—"


def _voucher(page: PrintPage, voucher: Any) -> None:
    source = vouchers.source_of(voucher)
    label = source.register.label
    number = getattr(source, source.register.title) or ""
    text = (voucher.basis or {}).get("text", "")
    row = [f"{label} {number}", _number(voucher, "quantity"), text, tables.money(voucher.amount)]
    heads = (_("Source"), (_("Quantity posted"),), _("Calculation"), (_("Amount"),))
    page.sections.insert(1, {"title": "", "table": tables.laid_out(heads, [row])})
    page.sections.insert(2, {"title": "", "fields": [_capitals(voucher.amount)]})
    names = values.names_of([("employee", voucher.posted_by_id)])
    page.opinions.append({
        "role": _("Posted by"), "text": "", "name": names.get(("employee", voucher.posted_by_id or 0), ""),
        "when": f"{voucher.posted_on:%Y-%m-%d}",
    })  # fmt: skip


def _capitals(amount: Any) -> dict[str, Any]:
    return {"label": _("In words"), "value": tables.total_line(amount), "wide": True}


PARTS: Mapping[str, Callable[[PrintPage, Any], None]] = {
    "return_certificate": _certificate,
    "goods_return": _slip,
    "accounting_voucher": _voucher,
}
printing.on_print(complete, order=61)
