"""Rules that build late: the same addresses as those of the framework, compiled at the first one."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from app.core.late_rules import LateRule

SHAPES = (
    ("/complaint/<int:pk>/edit", {"pk": 7}), ("/complaint/", {}), ("/lookup/<slug>", {"slug": "客户 a/b"}),
    ("/files/<path:name>", {"name": "a/b.png"}),
    ("/move/<int:pk>/<key>", {"pk": 1, "key": "x", "q": "1", "p": ["a", "b"]}),
)  # fmt: skip


@pytest.mark.parametrize(("shape", "values"), SHAPES)
def test_the_address_is_the_framework_s(shape, values):
    built = [
        Map([kind(shape, endpoint="it")]).bind("localhost").build("it", dict(values), append_unknown=unknown)
        for kind in (Rule, LateRule) for unknown in (True, False)
    ]  # fmt: skip
    assert built[:2] == built[2:]


def test_nothing_is_compiled_before_the_first_address():
    rule = LateRule("/complaint/<int:pk>", endpoint="it")
    here = Map([rule]).bind("localhost")
    assert here.match("/complaint/5") == ("it", {"pk": 5})
    assert rule.late
    assert [here.build("it", {"pk": pk}) for pk in (5, 6)] == ["/complaint/5", "/complaint/6"]
    assert not rule.late


def test_what_does_not_fit_is_no_address():
    here = Map([LateRule("/complaint/<int:pk>", endpoint="it")]).bind("localhost")
    with pytest.raises(BuildError):
        here.build("it", {})


def test_a_copy_for_another_map_builds_its_own_addresses():
    first = LateRule("/complaint/<int:pk>", endpoint="it")
    assert Map([first]).bind("localhost").build("it", {"pk": 1}) == "/complaint/1"
    second = Map([first.empty()]).bind("localhost", "/under/")
    assert second.build("it", {"pk": 2}) == "/under/complaint/2"
