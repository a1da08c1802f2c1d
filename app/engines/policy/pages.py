"""How the policy wants people to behave, said where they fill or read the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, forms, moves, pages
from app.core.fragments import fragment
from app.core.pages import FormPage, ShowPage
from app.core.register import registers
from app.engines.policy import calc
from app.engines.policy import operations as policy


def reminders(record: Any, move: str = "") -> Iterator[Any]:
    """The rules of conduct that count for a case in its present state, or for the step that is being made."""
    if getattr(record, "pack_version_id", None) is None:
        return
    for conduct in policy.pack_for(record.pack_version_id).conduct.values():
        now = record.status in conduct.states or move in conduct.moves
        if now and conduct.register_ == record.__tablename__ and calc.meets(conduct.when, moves.whole_of(record).get):
            yield conduct


def _card(record: Any, move: str = "") -> Markup | None:
    lines = [
        {"text": str(found.text), "clause": forms.clause_link(policy.page_of(record.pack_version_id), found.clause)}
        for found in reminders(record, move)
    ]
    if not lines:
        return None
    return fragment("policy/conduct.html", title=_("Rules of conduct"), lines=lines)


def remind_on_form(page: FormPage, _typed: Mapping[str, Any]) -> None:
    """A card beside the form."""
    if card := _card(page.whole.record, page.move.key if page.move else ""):
        page.aside.append(card)


def remind_on_show(page: ShowPage) -> None:
    """One note above the record for who has it now, or may decide it while nobody has."""
    said = [str(found.text) for found in reminders(page.record)]
    if said and page.header["actions"] and _has_it(page):
        page.notes.append({"tone": "info", "text": " · ".join(said)})


def offer_what_may_be_begun(page: ShowPage) -> None:
    """Beside a case only such cases are begun as its own policy knows and the person's posts may open."""
    person, life = access.current(), page.life
    if life is None or not life.policy or person.everything:
        return
    cases = policy.pack_for(page.record.pack_version_id).cases
    for slug in {entry.partition(".")[0] for entry in page.whole.register.lines}:
        case = cases.get(slug)
        codes = [f"{life.policy}.{post}" for post in case.may_open] if case else []
        if registers()[slug].from_pack and person.holds(codes, life.within) is None:
            page.withdraw(slug)


def _has_it(page: ShowPage) -> bool:
    post = getattr(page.record, "holder_post", None)
    return post is None or access.current().holds([post], page.life.within if page.life else "") is not None


pages.on_form(remind_on_form, order=80)
pages.on_show(remind_on_show, order=80)
pages.on_show(offer_what_may_be_begun, order=81)
