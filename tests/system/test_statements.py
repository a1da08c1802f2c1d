"""How many statements a page costs: few, and the same few however many rows there are."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from tests.demo import demo, founded, shown
from tests.portal import counted, enter

__all__ = ["demo", "founded"]

BUDGET, MANY = 16, 2000
PEOPLE = ("xuwenjing", "songzhiwei", "root")
GROWN = ("complaint", "customer", "employee", "urge_slip", "deadline_clock", "delivery_receipt")


def statements(app, client, path):
    """What a request sends; the first one of a process fills its caches and does not count."""
    assert client.get(path).status_code == 200, path
    with app.app_context(), counted() as sent:
        assert client.get(path).status_code == 200
    return [one for one in sent if not one.startswith(("COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"))]


def grow(app, slug):
    """Copy the rows of a register until there are many; numbers that must differ are left empty or counted on."""
    with app.app_context():
        table = registers()[slug].model.__table__
        rows = [dict(row) for row in session.execute(sa.select(table).limit(50)).mappings()]
        unique = {column.name for column in table.columns if column.unique}
        for index in (*table.indexes, *table.constraints):
            if getattr(index, "unique", False) or isinstance(index, sa.UniqueConstraint):
                unique |= {c.name for c in index.columns if isinstance(c.type, sa.String) and not c.foreign_keys}
        made = []
        for n in range(MANY):
            row = dict(rows[n % len(rows)])
            row.pop("id")
            for name in unique & set(row):
                row[name] = f"K{n}" if isinstance(table.c[name].type, sa.String) else None
            made.append(row)
        session.execute(sa.insert(table), made)
        session.commit()


@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_costs_at_most_sixteen_and_the_same_at_two_thousand_rows(demo, who):
    client = enter(demo, who)
    slugs = [slug for slug in GROWN if client.get(f"/{slug}/").status_code == 200]
    assert "complaint" in slugs
    paths = [path for slug in slugs for path in (f"/{slug}/", f"/api/v1/{slug}/?size=25")]
    before = {path: statements(demo, client, path) for path in paths}
    for slug in slugs:
        grow(demo, slug)
    after = {path: statements(demo, client, path) for path in paths}
    for path in paths:
        assert len(after[path]) <= BUDGET, (path, after[path])
        # beyond one page the rows are counted: one statement, once
        assert len(after[path]) <= len(before[path]) + 1, path
    further = {path: statements(demo, client, f"{path}{'&' if '?' in path else '?'}page=3") for path in paths}
    # which registers the rows of a page refer to may differ: one statement for each of them
    assert {path for path in paths if abs(len(further[path]) - len(after[path])) > 1} == set()


def test_every_list_keeps_the_budget(demo):
    client = enter(demo, "root")
    costs = {r.slug: len(statements(demo, client, f"/{r.slug}/")) for r in shown()}
    assert {slug: cost for slug, cost in costs.items() if cost > BUDGET} == {}


@pytest.mark.parametrize("path", ["/complaint/1", "/customer/1", "/", "/approvals/", "/notices/", "/complaint/add"])
def test_a_page_costs_the_same_beside_many_other_rows(demo, path):
    client = enter(demo, "xuwenjing")
    with demo.app_context():
        mine = session.scalar(sa.text(
            "SELECT min(complaint.id) FROM complaint JOIN employee ON employee.id = complaint.owner_id "
            "JOIN ab_user ON ab_user.id = employee.account_id WHERE ab_user.username = 'xuwenjing'"
        ))
    path = path.replace("complaint/1", f"complaint/{mine}")
    before = len(statements(demo, client, path))
    for slug in ("customer", "employee", "complaint"):
        grow(demo, slug)
    assert len(statements(demo, client, path)) <= before + 1


@pytest.mark.parametrize("who", PEOPLE)
def test_what_a_person_may_do_is_asked_once_a_request(demo, who):
    client = enter(demo, who)
    for path in ("/complaint/", "/profile/", "/api/v1/complaint/", "/"):
        sent = statements(demo, client, path)
        asked = [one for one in sent if re.search(r"ab_permission_view_role|assoc_permissionview|ab_permission\b", one)]
        assert len(asked) <= 1, (path, asked)
        who_is_there = [one for one in sent if "account_session" in one]
        assert len(who_is_there) == 1, path


def test_the_menu_costs_nothing_a_register(demo):
    """Forty entries or two: the frame asks for counts, never for one permission after another."""
    everything, little = enter(demo, "root"), enter(demo, "xuwenjing")
    pages = {name: client.get("/profile/").get_data(as_text=True) for name, client in
             (("all", everything), ("few", little))}
    entries = {name: len(re.findall(r'href="/[a-z_]+/"', page)) for name, page in pages.items()}
    assert entries["all"] > entries["few"] + 5
    costs = [len(statements(demo, client, "/profile/")) for client in (everything, little)]
    assert abs(costs[0] - costs[1]) <= 3
    assert max(costs) <= BUDGET


SCREENS = 25
VISITED = (
    "/", "/complaint/1", "/customer/1", "/approvals/", "/notices/", "/profile/", "/dashboard/", "/reports/",
    "/calculator/", "/policy/", "/policy/B02", "/imports/", "/bulk/", "/views/complaint", "/exports/customer",
    "/complaint/add", "/duplicates/", "/find?q=爆板", "/return_certificate/1", "/goods_return/1",
)  # fmt: skip


@pytest.mark.parametrize("path", VISITED)
def test_a_screen_keeps_its_budget(demo, path):
    client = enter(demo, "songzhiwei")
    sent = statements(demo, client, path)
    assert len(sent) <= SCREENS, sent


ADMINISTERED = (
    "/", "/complaint/1", "/customer/1", "/access_request/1", "/access_grant/add", "/units/1/close", "/health/",
    "/first-steps/check", "/first-steps/policies",
)  # fmt: skip


@pytest.mark.parametrize("path", ADMINISTERED)
def test_a_page_keeps_its_budget_for_who_may_see_everything(demo, path):
    sent = statements(demo, enter(demo, "root"), path)
    assert len(sent) <= SCREENS, sent


def test_lines_cost_two_statements_together(demo):
    """Which of the registers have any, and the first rows of all that have."""
    client = enter(demo, "songzhiwei")
    with demo.app_context():
        lines = {entry.partition(".")[0] for entry in registers()["complaint"].lines}
    sent = statements(demo, client, "/complaint/1")
    of_lines = re.compile(rf"FROM ({'|'.join(sorted(lines))})\b.*\.complaint_id = ", re.DOTALL)
    assert len(lines) > 10
    assert sum(bool(of_lines.search(one)) for one in sent) == 2
