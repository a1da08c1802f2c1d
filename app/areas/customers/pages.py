"""What stands beside the form and on the page of a customer: who is likely the same; and two customers compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.areas.customers import duplicates
from app.areas.customers.customer_merge import PROPOSED
from app.areas.customers.duplicates import Alike
from app.areas.customers.merging import pair
from app.core import access, explaining, pages, saving, values
from app.core.fragments import fragment
from app.core.pages import FormPage, ShowPage
from app.core.register import register_of, registers
from app.core.whole import Whole
from app.core.wording import listed
from app.engines.merging import operations as merging


def beside_form(built: FormPage, typed: Mapping[str, Any]) -> None:
    """Customers that are likely the same as what is typed so far; those out of reach are only counted."""
    if built.whole.register.slug != "customer" or built.move is not None:
        return
    specs = {name: spec for name, spec in built.whole.fields.items() if name in typed}
    given, _problems = saving.read_values(specs, typed)
    whole = built.whole
    found, hidden = duplicates.alike(lambda n: given[n] if n in given else whole.get(n), whole.record.id)
    lines = [{"label": link(one), "value": "", "hint": one.why, "clause": None} for one in found]
    if hidden:
        lines.append({"label": _others(hidden), "value": "", "hint": _("Ask who keeps them."), "clause": None})
    if not lines:
        hint = _("Code, identity number, telephone and name are compared while you type.")
        lines.append({"label": _("None so far"), "value": "", "hint": hint, "clause": None})
    card = {"title": _("Likely the same customer"), "clause": "", "lines": lines, "waits": False}
    built.aside.append(Markup(render_template("_rail.html", card=card)))  # noqa: S704 -- the template escapes


def link(one: Alike) -> Markup:
    """The way to a customer that is likely the same."""
    return pages.link("customer", one.id, f"{one.name} {one.number}")


def _others(hidden: int) -> str:
    return _("%(count)s that you may not see", count=hidden)


def warn(page: ShowPage) -> None:
    """A note on the page of a customer that was merged, or that is there twice."""
    if page.whole.register.slug != "customer":
        return
    if page.record.merged_into_id is not None:
        text = escape(_("This customer was merged into another; it is only kept to be read."))
        page.notes.append({"tone": "hold", "text": text + " " + _survivor(page.record.merged_into_id)})
        return
    found, hidden = duplicates.alike(page.whole.get, page.record.id)
    if not (found or hidden):
        return
    named = [escape(_("%(name)s (%(more)s)")) % {"name": link(one), "more": one.why} for one in found[:3]]
    said = [*named, *([escape(_others(hidden))] if hidden else [])]
    text = escape(_("Likely the same customer:")) + " " + escape(_(", ")).join(said)
    if found and access.current().can("customer_merge", "write"):
        first, second = sorted((page.record.id, found[0].id))
        address = pages.url(registers()["customer_merge"], "add", keep_id=first, gone_id=second)
        text += Markup(' <a href="{}">{}</a>').format(address, _("Propose to merge them"))
    page.notes.append({"tone": "warn", "text": text})


def _survivor(key: int) -> Markup:
    """The way to the customer that stayed, for whoever may see it."""
    name = values.names_of([("customer", key)]).get(("customer", key), "")
    seen = saving.visible_ids("customer", [key])
    return pages.link("customer", key, name) if seen else Markup("")


def compare(page: ShowPage) -> None:
    """Both customers of a proposal beside each other, and what would move."""
    if page.whole.register.slug != "customer_merge":
        return
    keep, gone = pair(page.record.keep_id, page.record.gone_id)
    page.insert(1, _("Compared"), fragment("_table.html", table=_compared(keep, gone)))
    if page.record.status != PROPOSED:
        return
    moving = [f"{place.label} {count}" for place, count in merging.references("customer", gone.id)]
    text = listed(moving) or _("Nothing names the second customer.")
    page.insert(2, _("Records that would name the first customer"), escape(text))


def _compared(keep: Any, gone: Any) -> dict[str, Any]:
    """Every field in which one of them has something, and what the first will have."""
    register = register_of(keep)
    specs = [spec for spec in register.fields.values() if spec.stored]
    names = values.names_of(
        pair_ for row in (keep, gone) for pair_ in values.wanted_names(specs, lambda name, row=row: getattr(row, name))
    )
    filled = {spec.name for spec in merging.fillable(keep, gone)}
    rows = list(_rows(keep, gone, specs, lambda spec, row: values.html(spec, getattr(row, spec.name), names), filled))
    heads = (_("Field"), _("Stays"), _("Is merged into it"), "")
    return {"columns": [{"label": head} for head in heads], "rows": rows}


def _rows(
    keep: Any, gone: Any, specs: list[Any], shown: Callable[[Any, Any], Any], filled: set[str]
) -> Iterator[dict[str, Any]]:
    for spec in specs:
        mine, theirs = getattr(keep, spec.name), getattr(gone, spec.name)
        if mine in merging.EMPTY and theirs in merging.EMPTY:
            continue
        remark = _("is taken over") if spec.name in filled else _("the same") if mine == theirs else ""
        yield {"cells": [spec.label, shown(spec, keep), shown(spec, gone), remark]}


@explaining.explains("duplicates")
def explain(whole: Whole) -> Any:
    """Customers that are likely the same, and by what."""
    if whole.register.slug != "customer":
        return None
    found, hidden = duplicates.alike(whole.get, whole.record.id)
    return {"found": [{"id": one.id, "by": list(one.ways)} for one in found], "out_of_reach": hidden}


pages.on_form(beside_form, order=30)
pages.on_show(warn, order=5)
pages.on_show(compare, order=60)
