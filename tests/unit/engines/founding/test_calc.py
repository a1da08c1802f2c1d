"""Reading a tree of units: indentation, columns out of Excel, codes and kinds."""

import pytest

from app.engines.founding.calc import codes_of, guess, read_units

KINDS = {"部门": "department", "department": "department", "公司": "company"}


def shape(text):
    nodes, problems = read_units(text, KINDS)
    assert problems == []
    return [(node.name, nodes[node.above].name if node.above is not None else None, node.depth) for node in nodes]


WANTED = [("甲公司", None, 0), ("制造部", "甲公司", 1), ("压合课", "制造部", 2), ("研发部", "甲公司", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "甲公司\n  制造部\n    压合课\n  研发部",
        "甲公司\n\u3000制造部\n\u3000\u3000压合课\n\u3000研发部",
        "甲公司\n\t制造部\n\t\t压合课\n\t研发部",
        "甲公司\t制造部\t压合课\n甲公司\t研发部",
        "甲公司\n\t制造部\t压合课\n\t研发部\t",
        "甲公司\n\n  - 制造部\n      - 压合课\n  - 研发部\n",
        "  甲公司\n     制造部\n       压合课\n     研发部",
    ],
)
def test_indentation_and_columns_are_levels(text):
    assert shape(text) == WANTED


def test_the_same_name_under_another_unit_is_another_unit():
    assert shape("甲公司\t一部\t客服组\n甲公司\t二部\t客服组")[2:] == [
        ("客服组", "一部", 2), ("二部", "甲公司", 1), ("客服组", "二部", 2),
    ]  # fmt: skip


def test_several_roots_stand_beside_each_other():
    assert [depth for _name, _above, depth in shape("甲公司\n乙公司\n  销售部")] == [0, 0, 1]


def test_code_and_kind_follow_the_name():
    nodes, problems = read_units("甲公司 | A\n  后勤 ｜ A9 ｜ 部门", KINDS)
    assert problems == []
    assert [(node.name, node.code, node.kind) for node in nodes] == [
        ("甲公司", "A", "company"), ("后勤", "A9", "department"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "depth", "kind"),
    [("远山集团", 0, "group"), ("上海分公司", 1, "branch"), ("远山有限公司", 0, "company"), ("人民路店", 2, "outlet"),
     ("检验课", 2, "section"), ("总经理室", 1, "department"), ("某某", 0, "company"), ("阳光小区", 1, "project")],
)  # fmt: skip
def test_the_name_suggests_the_kind(name, depth, kind):
    assert guess(name, depth) == kind


def test_codes_are_the_next_free_ones_and_taken_ones_stay():
    nodes, _problems = read_units("甲公司\n  一部\n  二部 | X\n  三部", KINDS)
    assert list(codes_of(nodes, {0: "HQ"}, {"HQ", "HQ-01"})) == ["HQ", "HQ-02", "X", "HQ-03"]


@pytest.mark.parametrize("text", ["", "  \n\t\n", "甲公司\n\t\t课", "甲公司 | A\n  部 | A", "甲公司 | A | 船"])
def test_what_cannot_be_a_tree_is_said(text):
    _nodes, problems = read_units(text, KINDS)
    assert problems
    assert all(problem.field == "tree" for problem in problems)
