"""Who gets how much of the commission of a deal, by its source and the way of payment."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.core.register import registers
from app.core.wording import listed
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording, value_words

SLUG = "commission_rate"


def commission(words: Wording) -> Section:
    """A row for the pool and one for each share of a source."""
    rows = tuple(_rows(words)) if words.pack.commission else ()
    columns = (Column(_("Source")), Column(_("Who gets it")), Column(_("Of the total")))
    return Section("commission", _("Commission"), (Table(columns, rows),))


def _rows(words: Wording) -> Iterator[Row]:
    rules = words.pack.commission
    assert rules is not None
    pool = _("in equal parts to the fen, what is left over to the lowest staff numbers")
    yield Row("commission.pool", rules.clause, rules.basis, (_("Pool"), words.posts(rules.pool), pool), (2,))
    fields = registers()[SLUG].fields if SLUG in registers() else {}
    for source, shares in rules.sources.items():
        for place, share in enumerate(shares):
            ways = ((value_words(fields.get("payment"), way), words.figure(rate)) for way, rate in share.rates.items())
            rates = listed(f"{way} {rate} %" for way, rate in ways)
            cells = (value_words(fields.get("source"), source), value_words(fields.get("side"), share.to), rates)
            taken = words.from_settings(*share.rates.values())
            yield Row(f"commission.sources.{source}.{place}", share.clause, share.basis, cells, (2,), taken, 2)
