"""Roles in words: what is added and taken away, how far a holding reaches, and all of it as a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, clock, menu, values, words
from app.core.db import session
from app.core.lifecycle import Words
from app.core.register import ACTIONS, registers
from app.core.wording import listed
from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Layout, Sheet
from app.engines.people import catalogue, roster, shipped
from app.engines.people.models import Employee, Holding
from app.engines.people.shipped import Pair

ACTION_HEADS = {
    "read": _l("Reading"), "write": _l("Writing"), "move": _l("Moving"), "approve": _l("Approving"),
    "reveal": _l("Unmasking"), "export": _l("Exporting"), "import": _l("Importing"),
    "print": _l("Printing"),
}  # fmt: skip


def reach(row: Holding, names: values.Names) -> str:
    """How far a holding reaches, as a sentence."""
    unit = names.get(("org_unit", row.unit_id), "")
    chosen = listed(names.get(("org_unit", key), "") for key in row.unit_ids or ())
    return {
        access.OWN: _("Rows of one's own"), access.UNIT: _("Rows of %(unit)s alone", unit=unit),
        access.BELOW: _("Rows of %(unit)s and all units below", unit=unit),
        access.UNITS: _("Rows of %(units)s and all units below", units=chosen), access.ALL: _("Rows of all units"),
    }[row.scope]  # fmt: skip


def unit_names(rows: Iterable[Holding]) -> values.Names:
    """The names that the reaches of some holdings need."""
    kept = list(rows)
    own = [("org_unit", row.unit_id) for row in kept]
    return values.names_of([*own, *(("org_unit", key) for row in kept for key in row.unit_ids or ())])


def told(pairs: Collection[Pair]) -> list[tuple[str, str]]:
    """Permissions by register: what it is called, and the acts."""
    by_slug: dict[str, set[str]] = {}
    for slug, action in pairs:
        by_slug.setdefault(slug, set()).add(action)
    return [
        (str(register.label), _(", ").join(str(ACTION_HEADS[act]) for act in ACTIONS if act in by_slug[slug]))
        for slug, register in registers().items() if slug in by_slug
    ]  # fmt: skip


def kept_apart(slug: str) -> list[tuple[str, str, str]]:
    """The roles that are kept apart from a role: name, why, clause."""
    labels, base = catalogue.role_labels(), catalogue.base_of(slug)
    found = []
    for duty in catalogue.duties():
        if base in duty.roles and duty.enforced and duty.roles[0] != duty.roles[1]:
            other = duty.roles[1] if duty.roles[0] == base else duty.roles[0]
            found.append((str(labels[other]), str(Words(duty.why.zh, duty.why.en)), duty.clause))
    return found


def offering() -> Iterator[tuple[str, Any, frozenset[str]]]:
    """Every register that roles open: key, description, acts."""
    for slug, register in registers().items():
        if offered := catalogue.offered(slug, registers()):
            yield slug, register, offered


def by_role() -> tuple[Mapping[str, set[Pair]], Mapping[str, set[Pair]]]:
    """What every role may do now, and what it was shipped with."""
    now: dict[str, set[Pair]] = {slug: set() for slug in catalogue.all_roles()}
    then: dict[str, set[Pair]] = {slug: set() for slug in catalogue.roles()}
    for found, grants in ((now, shipped.granted()), (then, shipped.defaults())):
        for role, slug, action in grants:
            found.setdefault(role, set()).add((slug, action))
    return now, {slug: then.get(catalogue.base_of(slug), set()) for slug in now}


# -- the workbook ------------------------------------------------------------------------------------------------------


def book() -> list[Sheet]:
    """The matrix, what differs from the shipped default, and who holds what."""
    now, then = by_role()
    labels = {slug: str(label) for slug, label in catalogue.role_labels().items()}
    return [_matrix(now, labels), _differences(now, then, labels), _holdings(labels)]


def _sheet(name: str, heads: list[str], rows: list[list[Any]]) -> Sheet:
    return Sheet(name, heads, rows, Layout(heads=[xlsx.HEAD] * len(heads), widths=[22] * len(heads)))


def _matrix(now: Mapping[str, set[Pair]], labels: Mapping[str, str]) -> Sheet:
    heads = [_("Area"), _("Register"), *(labels[slug] for slug in catalogue.all_roles())]
    rows = []
    for slug, register, _offered in offering():
        cells = [listed(ACTION_HEADS[act] for act in ACTIONS if (slug, act) in now[role])
                 for role in catalogue.all_roles()]  # fmt: skip
        rows.append([str(menu.AREAS.get(register.area, register.area)), str(register.label), *cells])
    return _sheet(_("Permission matrix"), heads, rows)


def _differences(
    now: Mapping[str, set[Pair]], then: Mapping[str, set[Pair]], labels: Mapping[str, str]
) -> Sheet:
    rows = []
    for role in catalogue.all_roles():
        for mark, pairs in ((_("added here"), now[role] - then[role]), (_("taken away here"), then[role] - now[role])):
            rows += [[labels[role], register, acts, mark] for register, acts in told(pairs)]
    return _sheet(_("Differences"), [_("Role"), _("Register"), _("Permissions"), _("Other than shipped")], rows)


def _holdings(labels: Mapping[str, str]) -> Sheet:
    query = sa.select(Holding, Employee.number, Employee.name).join(Employee, Employee.id == Holding.owner_id)
    query = query.where(Holding.holds_on(clock.today()), roster.in_reach("export"))
    held = session.execute(query.order_by(Employee.number, Holding.id)).all()
    names = unit_names(row for row, _number, _name in held)
    rows = [
        [number, name, labels.get(row.role, row.role), words.post_label(row.post) if row.post else "",
         names.get(("org_unit", row.unit_id), ""), reach(row, names), row.valid_from, row.valid_to]
        for row, number, name in held
    ]  # fmt: skip
    heads = [_("Staff number"), _("Name"), _("Role"), _("Post"), _("Unit"), _("Reaches"), _("From"), _("To")]
    return _sheet(_("Holdings"), heads, rows)


def posts(codes: Sequence[str] | None) -> str:
    """Posts, and roles without one, as people call them."""
    labels = catalogue.role_labels()
    return listed(labels[code] if code in labels else words.post_label(code) for code in codes or ())
