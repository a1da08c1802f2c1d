"""A11 11(4): the leaders receive every Monday at eight, after a holiday on the first working day."""

from __future__ import annotations

import pytest

from tests.scenarios.a11_desk import DISPATCHER, EAST_CLERK, MANAGER, Heat, rules
from tests.scenarios.desk import at, sweep

POLICY = "A11"


@pytest.fixture
def heat(sign_in) -> Heat:
    """The heating company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Heat(sign_in)


def of_week(heat: Heat, week: str) -> dict:
    """The reception day of a week."""
    return heat.as_(DISPATCHER).call("GET", f"customer_event/?period={week}")["result"][0]


def due(heat: Heat, row: int) -> dict:
    """The clock of a reception day."""
    clocks = heat.as_(DISPATCHER).call("GET", f"customer_event/{row}/explain")["clocks"]
    return next(clock for clock in clocks if clock["key"] == "A11.reception_day")


def test_every_monday_at_eight(heat, portal):
    """Opened on Monday and once only; begun at the stroke of eight it is in time, otherwise late and told."""
    sweep(portal, "tasks.open", "2025-09-15 00:10")
    sweep(portal, "tasks.open", "2025-09-16 00:10")
    with at("2025-09-15 08:00"):
        first = of_week(heat, "2025-W38")
        assert (first["kind"], first["status"]) == ("reception_day", "planned")
        assert due(heat, first["id"])["due_at"] == "2025-09-15T08:00:00+08:00"
        lacking = heat.as_(MANAGER).call("POST", f"customer_event/{first['id']}/move/receive", 422, values={})
        assert ("person_id", "required") in rules(lacking)
        values = {"person_id": heat.people["葛振邦"]}
        begun = heat.as_(MANAGER).call("POST", f"customer_event/{first['id']}/move/receive", values=values)
        assert (begun["status"], begun["place"]) == ("under_way", "经理室")
        assert due(heat, first["id"])["status"] == "met"
        held = heat.as_(DISPATCHER).call("POST", f"customer_event/{first['id']}/move/record", values={"attended": 4})
        assert held["status"] == "held"
    sweep(portal, "tasks.open", "2025-09-22 00:10")
    sweep(portal, "deadlines.due", "2025-09-22 08:01")
    with at("2025-09-22 08:02"):
        assert due(heat, of_week(heat, "2025-W39")["id"])["status"] == "breached"
        assert "周一领导接待日" in heat.as_(MANAGER).client.get("/notices/").text
    sweep(portal, "tasks.open", "2025-10-06 00:10")
    with at("2025-10-06 09:00"):
        holiday = of_week(heat, "2025-W41")["id"]
        assert due(heat, holiday)["due_at"] == "2025-10-09T08:00:00+08:00"
        other = {"kind": "outing", "title": "外出"}
        refused = heat.as_(DISPATCHER).call("POST", "customer_event/", 422, **other)
        assert ("kind", "choice") in rules(refused)
        stranger = heat.as_(EAST_CLERK).call("POST", "customer_event/", 422, kind="reception_day", title="接待")
        assert (None, "post") in rules(stranger)
