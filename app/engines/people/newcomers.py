"""Many people at once: employees with accounts, roles and posts out of a table; tried out first, then saved whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import access, accounts, clock, saving, words
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.core.web import LOCALES
from app.engines.people import catalogue
from app.engines.people import operations as people
from app.engines.people.models import SCOPES, Employee, Holding, OrgUnit

MOST = 300
COLUMNS = ("number", "name", "unit", "mobile", "username", "email", "role", "role_unit", "scope", "since")
NEEDED = ("number", "name", "unit")
Row = Mapping[str, str]


@dataclass
class Outcome:
    """What becomes of a row: what is done, what is wrong, and a one-time password once it is saved."""

    number: int
    row: Row
    done: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    username: str = ""
    password: str = ""


def rehearse(rows: Iterable[tuple[int, Row]]) -> list[Outcome]:
    """What would become of the rows; nothing is kept. The caller has nothing else unsaved."""
    found = list(_each(rows, trial=True))
    session.rollback()
    return found


def bring(rows: Iterable[tuple[int, Row]]) -> list[Outcome]:
    """Save every row; raises ``Refusal`` with all that is wrong, and then keeps nothing."""
    found = list(_each(rows, trial=False))
    Refusal.when([
        Problem(_("Row %(row)s: %(text)s", row=one.number, text=str(problem.message)), problem.field, problem.rule)
        for one in found for problem in one.problems
    ])  # fmt: skip
    return found


def _each(rows: Iterable[tuple[int, Row]], *, trial: bool) -> Iterator[Outcome]:
    access.require("employee", "write")
    names = set[str]()
    for count, (number, row) in enumerate(rows, start=1):
        made = Outcome(number, row)
        if count > MOST:
            made.problems.append(Problem(_("At most %(most)s people at once; split the file.", most=MOST), rule="size"))
            yield made
            return
        try:
            with session.begin_nested():
                _bring_one(row, made, names, trial)
        except Refusal as refusal:
            made.problems += refusal.problems
        yield made


def _bring_one(row: Row, made: Outcome, names: set[str], trial: bool) -> None:
    Refusal.when(_missing(row))
    unit, person = _unit(row["unit"], "unit"), _known(row)
    if person is None:
        given = {"number": row["number"], "name": row["name"], "unit_id": unit.id, "mobile": row["mobile"] or None}
        person = saving.create(registers()["employee"], given).record
        made.done.append(_("new employee"))
    if row["username"] and person.account_id is None:
        _open(person, row, made, names, trial)
    if row["role"]:
        _give(person, row, unit, made)


def _missing(row: Row) -> Iterator[Problem]:
    for name in NEEDED:
        if not row[name]:
            yield Problem(_("“%(field)s” is needed.", field=str(heads()[name])), name, "required")


def _known(row: Row) -> Employee | None:
    """The employee of this number; another name under the same number is nobody's slip to guess at."""
    found = session.scalar(sa.select(Employee).where(Employee.number == row["number"]))
    if found is not None and found.name != row["name"]:
        text = _("The number %(number)s belongs to %(name)s.", number=found.number, name=found.name)
        raise Refusal(Problem(text, "number", "unique"))
    return found


def _open(person: Employee, row: Row, made: Outcome, names: set[str], trial: bool) -> None:
    made.username = accounts.check_username(row["username"])
    if made.username.lower() in names:
        raise Refusal(Problem(_("The user name stands in the file twice."), "username", "unique"))
    names.add(made.username.lower())
    made.done.append(_("account %(name)s", name=made.username))
    if not trial:
        made.password = people.open_account(person, made.username, row["email"])


def _give(person: Employee, row: Row, home: OrgUnit, made: Outcome) -> None:
    role, post = _role(row["role"])
    unit = _unit(row["role_unit"], "role_unit") if row["role_unit"] else home
    first = _day(row["since"])
    held = sa.select(Holding.id).where(
        Holding.owner_id == person.id, Holding.role == role, Holding.unit_id == unit.id,
        Holding.post == post if post else Holding.post.is_(None), Holding.holds_on(first),
    )  # fmt: skip
    if session.scalar(held.limit(1)) is not None:
        return
    people.give(person, role, unit, post=post, scope=_scope(row["scope"]), valid_from=first)
    label = words.post_label(post) if post else str(catalogue.role_labels()[role])
    made.done.append(_("%(role)s in %(unit)s", role=label, unit=unit.name))


def _unit(text: str, column: str) -> OrgUnit:
    found = session.scalars(sa.select(OrgUnit).where(sa.or_(OrgUnit.code == text, OrgUnit.name == text)).limit(2)).all()
    by_code = [unit for unit in found if unit.code == text]
    if len(by_code or found) != 1:
        said = _("There are several units “%(name)s”; give the code.", name=text[:60]) if found else _(
            "There is no unit “%(name)s”.", name=text[:60]
        )
        raise Refusal(Problem(said, column, "reference"))
    return (by_code or list(found))[0]


def _role(text: str) -> tuple[str, str | None]:
    """A role by key or name, or a post by code or name, which brings its role along."""
    for slug, label in catalogue.role_labels().items():
        if text in (slug, label.zh, label.en):
            return slug, None
    posts = [code for code in catalogue.role_of_post() if text in (code, words.post_label(code))]
    if len(posts) > 1:
        said = _("Several posts are called “%(name)s”; give the code.", name=text[:60])
        raise Refusal(Problem(said, "role", "choice"))
    if not posts:
        raise Refusal(Problem(_("There is no role “%(name)s”.", name=text[:60]), "role", "choice"))
    return catalogue.role_of_post()[posts[0]], posts[0]


def _scope(text: str) -> str | None:
    if not text:
        return None
    for key, label in SCOPES.items():
        if key != access.UNITS and text in (key, str(label)):
            return key
    raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=text[:40]), "scope", "choice"))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-")) if text else clock.today()
    except ValueError:
        raise Refusal(Problem(_("“%(text)s” is no day.", text=text[:40]), "since", "date")) from None


def heads() -> dict[str, str]:
    """What the columns are called."""
    return {
        "number": _("Staff number"), "name": _("Name of the person"), "unit": _("Unit"), "mobile": _("Mobile"),
        "username": _("User name"), "email": _("E-mail"), "role": _("Role or post"), "role_unit": _("Unit of the role"),
        "scope": _("Reaches"), "since": _("From day"),
    }  # fmt: skip


def _titles() -> dict[str, str]:
    """The columns by what they may be called: a template is filled in whatever language it was made in."""
    found = {name: name for name in COLUMNS}
    for language in LOCALES:
        with force_locale(language):
            found |= {label: name for name, label in heads().items()}
    return found


def read(lines: Iterable[tuple[int, list[str]]]) -> list[tuple[int, Row]]:
    """The rows of a table by the heads of its first line, in either language; raises ``Refusal`` for other heads."""
    rows = iter(lines)
    _number, first = next(rows, (0, []))
    known = _titles()
    titles = [cell.strip().rstrip("*").strip() for cell in first]
    if unknown := [title for title in titles if title and title not in known]:
        text = _("The column “%(name)s” is not known; please use the template.", name=unknown[0][:40])
        raise Refusal(Problem(text, "file", "columns"))
    places = {known[title]: at for at, title in enumerate(titles) if title}
    if missing := [name for name in NEEDED if name not in places]:
        text = _("The column “%(name)s” is missing; please use the template.", name=heads()[missing[0]])
        raise Refusal(Problem(text, "file", "columns"))
    return [
        (number, {name: cells[places[name]].strip() if name in places and places[name] < len(cells) else ""
                  for name in COLUMNS})
        for number, cells in rows
    ]  # fmt: skip
