"""D05 is A06's second copy: it is cited, and brings neither registers nor roles nor a policy of its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.errors import Refusal
from app.core.register import registers
from app.engines.people.catalogue import roles
from app.engines.people.models import OrgUnit
from app.engines.policy import coverage
from app.engines.policy import operations as policy
from app.engines.policy.models import PackVersion
from app.packs import citing
from tests.scenarios.a06_desk import TECH, at

POLICY = "A06"


def test_d05_1_one_more_citation_and_nothing_else(sign_in, portal, tmp_path):
    """D05-1: with the file of D05 the policy has one source more; registers, roles and versions are the same."""
    with portal.app_context():
        before = (set(registers()), set(roles()), session.scalars(sa.select(PackVersion.code)).all())
        assert citing.cited_for("A06", tmp_path) == []
        (tmp_path / "D05.yaml").write_text((citing.FOLDER / "D05.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        citing.citations.cache_clear()
        assert [one.code for one in citing.cited_for("A06", tmp_path)] == ["D05"]
        policy.load_packs()
        assert (set(registers()), set(roles()), session.scalars(sa.select(PackVersion.code)).all()) == before
        assert "D05" not in before[2]
        assert coverage.coverages()["D05"].same_as == "A06"
    with at("2025-09-16 09:00"):
        page = sign_in(TECH).client.get("/policy/A06").text
        assert "客户服务管理制度 篇五 1–7" in page
        assert "D05" in page
        assert "/policy/A06" in sign_in(TECH).client.get("/policy/D05").text


def test_a_second_copy_is_not_adopted(portal):
    """Who wants D05 adopts A06; the refusal says so."""
    with portal.app_context():
        unit = session.scalars(sa.select(OrgUnit).filter_by(code="HJ")).one()
        with pytest.raises(Refusal, match="A06"):
            policy.adopt(unit, "D05")
