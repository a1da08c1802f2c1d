"""Texts of help and tours as data, and what a register tells of itself: its use, the policies that ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from flask import current_app
from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.core import access
from app.core.access import Access
from app.core.forms import clause_link
from app.core.lifecycle import Words
from app.core.register import Register, registers
from app.engines.exchange import plan
from app.engines.people import catalogue
from app.engines.policy.coverage import State, coverages
from config import ROOT

FOLDER, DOCS = Path(__file__).resolve().parents[1] / "help", ROOT / "docs"
FEW = 12
ADMINISTRATOR, MANAGER, CLERK = "administrator", "manager", "clerk"
LEADING = {"supervisor", "manager", "executive"}


def _page(name: str) -> str:
    if not (DOCS / f"{name}.md").is_file():
        raise ValueError(f"docs has no page {name}")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Text(_Strict):
    """A text in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def __str__(self) -> str:
        return str(Words(self.zh, self.en))


class Help(_Strict):
    """What a screen is for, what one can do there, and the page of the documentation."""

    about: Text
    can: Annotated[tuple[Text, ...], Field(min_length=1)]
    docs: Annotated[str, AfterValidator(_page)]


class Stop(_Strict):
    """A stop of a tour, at the first element of a selector that can be seen."""

    at: str
    title: Text
    text: Text


@cache
def screens() -> Mapping[str, Help]:
    """Help by the class of the screen."""
    return {name: Help.model_validate(entry) for name, entry in _read("screens.yaml").items()}


@cache
def tours() -> Mapping[str, Sequence[Stop]]:
    """The stops of every tour."""
    return {who: [Stop.model_validate(stop) for stop in stops] for who, stops in _read("tours.yaml").items()}


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def tour_of(person: Access) -> str:
    """Which tour is for somebody."""
    if person.can("first_step", "write"):
        return ADMINISTRATOR
    roles, behind = catalogue.roles(), catalogue.role_of_post()
    levels = {roles[behind[post.code]].level for post in person.posts if behind.get(post.code) in roles}
    return MANAGER if levels & LEADING else CLERK


def help_for(endpoint: str) -> dict[str, Any]:
    """The help of the screen behind an endpoint; of an unknown one that of the workbench."""
    name = endpoint.partition(".")[0]
    register = next((one for one in registers().values() if f"{one.model.__name__}View" == name), None)
    if register is not None and access.current().can(register.guarded_by, "read"):
        return _of_register(register)
    builder: Any = current_app.extensions["appbuilder"]
    view = next((type(one).__name__ for one in builder.baseviews if one.endpoint == name), name)
    found = screens().get(view) or screens()["WorkbenchView"]
    return {"title": "", "about": str(found.about), "can": [str(text) for text in found.can], "clauses": [],
            "docs": found.docs}  # fmt: skip


def _of_register(register: Register) -> dict[str, Any]:
    """What a register says of itself to this person."""
    asked = [(code, title, clause) for code, title, clause in _asking(register.slug)]
    about = _("A register: every row is one “%(register)s”. You see the rows that your roles and posts reach.",
              register=register.label)  # fmt: skip
    return {
        "title": str(register.label), "about": about, "can": list(_can(register)), "docs": "registers",
        "clauses": [{"code": code, "title": title, "clause": clause_link(code, clause)} for code, title, clause in
                    asked[:FEW]],
    }  # fmt: skip


def _can(register: Register) -> Any:
    person, slug = access.current(), register.guarded_by
    yield _("Search and narrow the list; click a number to open the row with its history.")
    if "add" in register.actions and person.can(slug, "write"):
        yield _("Add a row; what is wrong is named field by field and nothing typed is lost.")
    if person.can(slug, "move"):
        yield _("Take the next step by the buttons at the top; who may take it follows from the policy.")
    if plan.may_import(register):
        yield _("Bring many rows in by a table.")
    if person.can(slug, "export"):
        yield _("Take the list out as it is shown; personal data stay masked.")
    if person.can(slug, "print"):
        yield _("Print a row, or many as one file; each print is kept in the history of its row.")
    if person.can(slug, "reveal"):
        yield _("Unmask personal data for a reason, which is logged.")


def _asking(slug: str) -> Any:
    """The policies that ask for a register, with the clause."""
    for coverage in coverages().values():
        if coverage.state == State.NOT_YET:
            continue
        asked = (item for item in coverage.items if item.kind == "register" and item.home == slug)
        if found := dict.fromkeys(item.clause for item in asked if item.clause):
            yield coverage.code, str(coverage.title), "; ".join(found)


def page_text(name: str) -> str | None:
    """A page of the documentation; ``None`` when there is none of that name."""
    known = {file.stem: file for file in DOCS.glob("*.md")}
    return known[name].read_text(encoding="utf-8") if name in known else None
