from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from app.core import clock
from app.core.db import session
from app.engines.numbering.models import NumberSequence
from app.engines.numbering.operations import draw_code, next_number, reserve
from tests.small import add, counted

CASE = "{YY}{MM}{seq:02}"
SCOPE = "B02.case"


def local(text: str) -> datetime:
    return clock.from_local(datetime.fromisoformat(text))


def case(at: str, scope: str = SCOPE) -> str:
    return next_number(CASE, scope=scope, at=local(at)).text


def test_months_begin_at_local_midnight(app):
    """B02-16: the last number of October is 251031."""
    add(NumberSequence(scope=SCOPE, period="2025-10", n=31))
    assert [case("2025-10-31 23:59"), case("2025-11-01 00:00")] == ["251032", "251101"]
    assert [case("2025-10-31 23:59"), case("2025-11-01 00:01")] == ["251033", "251102"]


def test_scopes_count_apart(app):
    assert [case("2025-10-01", "a"), case("2025-10-01", "b"), case("2025-10-01", "a")] == ["251001", "251001", "251002"]


@pytest.mark.parametrize(
    ("period", "second"), [("day", "251"), ("month", "251"), ("year", "252"), ("never", "252")]
)
def test_the_period_says_when_a_counter_starts_anew(app, period, second):
    given = [next_number("{YY}{seq}", scope="x", at=local(day), period=period) for day in ("2025-10-31", "2025-11-01")]
    assert [number.text for number in given] == ["251", second]


def test_an_unknown_period_is_an_error(app):
    with pytest.raises(ValueError, match="week"):
        next_number(CASE, scope="x", at=local("2025-10-31"), period="week")


def test_a_number_rolled_back_is_given_again(app):
    assert case("2025-10-01") == "251001"
    session.rollback()
    assert case("2025-10-01") == "251001"


def test_a_missing_part_takes_no_number(app):
    with pytest.raises(ValueError, match="needs case"):
        next_number("{case}-C{seq}", scope="x", at=local("2025-10-01"))
    assert session.query(NumberSequence).count() == 0


def test_past_99_the_number_widens_with_a_warning(app):
    add(NumberSequence(scope=SCOPE, period="2025-10", n=98))
    with capture_logs() as logs:
        assert case("2025-10-31") == "251099"
        assert logs == []
        wide = next_number(CASE, scope=SCOPE, at=local("2025-10-31"))
    assert (wide.text, wide.widened) == ("2510100", True)
    assert logs == [{
        "event": "numbering.widened", "log_level": "warning", "pattern": CASE, "numbers": ["2510100"], "count": 1,
    }]


def test_many_scopes_are_reserved_with_one_statement(app):
    slips = [(f"slip:{case}", {"case": case}) for case in ("251002", "251001", "251002")]
    with counted() as sent:
        given = reserve("{case}-C{seq}", slips, at=local("2025-10-31"))
    assert [number.text for number in given] == ["251002-C1", "251001-C1", "251002-C2"]
    assert len(sent) == 1
    assert [number.text for number in reserve("{case}-C{seq}", slips[:1], at=local("2025-12-31"))] == ["251002-C3"]
    with counted() as sent:
        assert reserve("{case}-C{seq}", [], at=local("2025-10-31")) == []
    assert sent == []


def test_hundreds_of_scopes_take_one_statement(app):
    with counted() as sent:
        reserve("{case}-C{seq}", [(str(n), {"case": str(n)}) for n in range(400)], at=local("2025-10-31"))
    assert len(sent) == 1


def test_four_hosts_number_without_gap_or_double(app):
    def take(_worker: int) -> list[int]:
        given = []
        with app.app_context():
            for turn in range(50):
                number = next_number("{YY}{MM}{seq:04}", scope=SCOPE, at=local("2025-10-31"))
                if turn % 10 == 9:
                    session.rollback()
                else:
                    session.commit()
                    given.append(number.n)
            session.remove()
        return given

    with ThreadPoolExecutor(4) as pool:
        given = [n for numbers in pool.map(take, range(4)) for n in numbers]
    assert sorted(given) == list(range(1, 181))


def test_two_blocks_of_the_same_scopes_never_wait_in_a_circle(app):
    scopes = [(str(n), {"case": str(n)}) for n in range(20)]

    def take(worker: int) -> int:
        with app.app_context():
            for _turn in range(20):
                reserve("{case}-C{seq}", scopes[:: -1 if worker % 2 else 1], at=local("2025-10-31"))
                session.commit()
            session.remove()
        return worker

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [0, 1, 2, 3]
    assert {n for (n,) in session.query(NumberSequence.n)} == {80}


def test_a_drawn_code_is_free():
    seen: list[str] = []
    code = draw_code("M{random:06}", lambda one: seen.append(one) or len(seen) < 3)
    assert (len(code), code, len(set(seen))) == (7, seen[-1], 3)
    with pytest.raises(ValueError, match="no code"):
        draw_code("M{random:01}", lambda _one: True)
