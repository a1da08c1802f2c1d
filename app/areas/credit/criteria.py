"""The criteria of a rating as a list: each with its fact, bound, papers and result; it stacks on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.credit import tables
from app.core import access, forms, pages
from app.core.fragments import fragment
from app.core.register import registers
from app.engines.policy import operations as policy

SHOWN = 3
WORST = "c"


def listed(rating: Any, tiers: Iterable[str], reason: str, tone: str = "info") -> Markup:
    """The criteria that lead to one of some classes."""
    page, wanted = policy.page_of(rating.pack_version_id), set(tiers)
    lines = [_line(page, line) for line in tables.criteria(rating) if line["tier"] in wanted]
    return fragment("_criteria.html", kept={"tone": tone, "reason": reason, "lines": lines})


def telling(rating: Any, reason: str, tone: str) -> Markup:
    """All criteria, those that say something first: what leads down and does not occur is put away."""
    page = policy.page_of(rating.pack_version_id)
    lines: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for line in tables.criteria(rating):
        away = line["tier"] == WORST and not line["holds"]
        (rest if away else lines).append(_line(page, line))
    title = _("%(count)s circumstances that would lead down do not occur", count=len(rest))
    kept = {"tone": tone, "reason": reason, "lines": lines, "rest": rest, "rest_title": title}
    return fragment("_criteria.html", kept=kept)


def _line(page: str, line: Mapping[str, Any]) -> dict[str, Any]:
    down = line["tier"] == WORST
    words = (_("Occurs") if line["holds"] else _("Does not occur")) if down else (
        _("Met") if line["holds"] else _("Not met")
    )  # fmt: skip
    return {"good": line["holds"] != down, "rule": line["rule"], "clause": forms.clause_link(page, line["clause"]),
            "words": words, "fact": tables.fact_words(line), "papers": papers(line["papers"])}  # fmt: skip


def papers(named: Iterable[Iterable[Any]]) -> Markup:
    """Links to the papers that the reader's roles open."""
    seen: dict[tuple[str, int], None] = dict.fromkeys((slug, key) for slug, key in named)
    known = [(slug, key) for slug, key in seen if access.current().can(registers()[slug].guarded_by, "read")]
    numbered = enumerate(known[:SHOWN], 1)
    shown = [pages.link(slug, key, f"{tables.paper_words(slug)}\u00a0{number}") for number, (slug, key) in numbered]
    more = Markup.escape(_("%(count)s more", count=len(known) - SHOWN)) if len(known) > SHOWN else Markup("")
    return Markup.escape(_(", ")).join([*shown, *([more] if more else [])])


def why_not(rating: Any) -> str:
    """Why the customer is not in the next class."""
    missed = tables.why_not(rating)
    if not missed:
        return str(_("Every criterion of class A is met."))
    rules = _("; ").join(line["rule"] for line in missed)
    if rating.computed_class == WORST:
        return str(_("Class C because of: %(rules)s.", rules=rules))
    return str(_("Not class A because this is not met: %(rules)s.", rules=rules))
