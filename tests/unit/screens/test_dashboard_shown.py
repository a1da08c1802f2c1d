"""The dashboard: who is let in, what is refused, what it costs, paper and Excel."""

from __future__ import annotations

import html
import io
import re
import zipfile
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import sqlalchemy as sa

from app.core.db import session
from app.engines.privacy.models import AccessLog
from app.screens.dashboard_charts import CHARTS
from tests.company import companies, portal
from tests.portal import counted
from tests.unit.screens.office import CLERK, CONTROL, MANAGER, asked, enter, fill, office, told

__all__ = ["companies", "office", "portal"]


# -- who, what, how --------------------------------------------------------------------------------------------------


def test_only_who_reads_more_than_his_own_cases_is_let_in(office):
    clerk, manager = enter(office, CLERK), enter(office, MANAGER)
    for path in ("/dashboard/", "/dashboard/data/load", "/dashboard/print"):
        assert clerk.get(path).status_code == 403
        assert manager.get(path).status_code == 200
    assert 'href="/dashboard/"' not in clerk.get("/").text
    assert 'href="/dashboard/"' in manager.get("/").text


WRONG = {
    "from=x": "as in 2025-09", "from=2025-10&to=2025-09": "1 to 36 months", "from=2020-01": "1 to 36 months",
    "policy=Z99": "no policy", "unit=999999": "no unit", "unit=x": "no unit",
}  # fmt: skip


def test_a_wrong_filter_is_named_and_an_unknown_chart_is_404(office):
    client = enter(office, CONTROL)
    for query, said in WRONG.items():
        answer = client.get(f"/dashboard/?{query}")
        assert answer.status_code == 400, query
        assert said in answer.text, query
    assert client.get("/dashboard/data/none").status_code == 404
    assert client.get("/dashboard/print?chart=none").status_code == 404


def test_without_rows_a_chart_says_so(office):
    facts = asked(enter(office, CONTROL), "load", "?from=2020-01&to=2020-02")
    assert facts["empty"]
    assert told(facts) == {}


def test_the_shell_has_no_figures_and_statements_do_not_grow(office):
    client, paths = enter(office, CONTROL), ["/dashboard/", *(f"/dashboard/data/{key}" for key in CHARTS)]

    def sent(path):
        client.get(path)
        with office.app_context(), counted() as found:
            assert client.get(path).status_code == 200
        return found

    before = {path: sent(path) for path in paths}
    assert not [one for one in before["/dashboard/"] if "count(" in one and "complaint" in one]
    assert max(map(len, before.values())) <= 9
    with office.app_context():
        fill(1000, 900)
    assert {path: len(sent(path)) for path in paths} == {path: len(found) for path, found in before.items()}


# -- paper and Excel ---------------------------------------------------------------------------------------------------


def sheets(answer):
    book, main = zipfile.ZipFile(io.BytesIO(answer.data)), "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for name in sorted(one for one in book.namelist() if "worksheets/" in one):
        rows = ElementTree.fromstring(book.read(name)).iter(f"{main}row")
        yield [["".join(cell.itertext()) for cell in row.iter(f"{main}c")] for row in rows]


def test_the_workbook_holds_exactly_the_figures_and_the_log_knows(office):
    client = enter(office, CONTROL)
    facts = asked(client, "state", "?policy=B02")
    answer = client.get("/dashboard/export?policy=B02&chart=state")
    (found,) = sheets(answer)
    assert found[0] == ["State", "Open cases"]
    assert found[1:] == [[line["label"], line["figures"][0]["text"]] for line in facts["lines"]]
    with office.app_context():
        line = session.scalars(sa.select(AccessLog).order_by(AccessLog.id.desc())).first()
        assert (line.act, line.of_register, line.rows) == ("export", "complaint", len(facts["lines"]))
        assert line.facts == {"dashboard": ["state"], "filters": {"policy": "B02"}}


def test_who_may_not_export_is_offered_none_and_refused(office):
    client = enter(office, MANAGER)
    assert "/dashboard/export" not in client.get("/dashboard/").text
    assert client.get("/dashboard/export").status_code == 403
    assert "/dashboard/export" in enter(office, CONTROL).get("/dashboard/").text


def test_paper_shows_the_same_figures(office):
    client = enter(office, CONTROL)
    text = client.get("/dashboard/print?chart=unit").text
    for line in asked(client, "unit")["lines"]:
        assert f"<td>{line['label']}</td>" in text
        assert f'<td class="end">{line["figures"][0]["text"]}</td>' in text


def test_paper_with_all_charts_asks_for_each_by_itself(office):
    client = enter(office, CONTROL)
    parts = re.findall(r'data-part="([^"]+)"', client.get("/dashboard/print?from=2025-09&to=2025-10").text)
    named = [parse_qs(urlsplit(html.unescape(part)).query) for part in parts]
    shown = re.findall(r'data-chart="/dashboard/data/(\w+)', client.get("/dashboard/").text)
    assert [one["chart"] for one in named] == [[key] for key in shown]
    assert len(shown) > 5
    assert all((one["from"], one["to"]) == (["2025-09"], ["2025-10"]) for one in named)
    for part in parts:
        assert "<table>" in client.get(html.unescape(part)).text
