"""What the program cites of one policy, said by the clauses of another."""

from __future__ import annotations

import pytest

from app.core import words
from app.core.errors import Problem


@pytest.fixture(autouse=True)
def known():
    words.name_clauses("X01/1", {"（九）1": "第二条"}, ["第二条", "第三条"])
    words.name_clauses("X02/1", {}, ["一"])
    yield
    for page in ("X01/1", "X02/1"):
        words._clauses.pop(page, None)


@pytest.mark.parametrize(
    ("page", "clause", "said"),
    [
        ("X01/1", "（九）1", "第二条"),
        ("X01/1", "第三条", "第三条"),
        ("X01/1", "（九）2", ""),
        ("X02/1", "（九）2", ""),
        ("X02/1", "一; （九）2", "一"),
        ("X09/1", "（九）2", "（九）2"),
        ("", "（九）2", "（九）2"),
        ("X01/1", None, ""),
    ],
)
def test_a_clause_as_the_policy_of_the_row_numbers_it(page, clause, said):
    assert words.cited(page, clause) == said


def test_problems_keep_everything_but_their_clause():
    found = list(words.cite([Problem("no", "title", "rule", "（九）1"), Problem("no", None, None, "（九）8")], "X01/1"))
    assert [(one.field, one.rule, one.clause) for one in found] == [("title", "rule", "第二条"), (None, None, None)]
