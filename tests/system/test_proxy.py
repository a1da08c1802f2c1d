"""Behind a reverse proxy the portal knows how and from where people reach it; without one it believes no header."""

from __future__ import annotations

import pytest

from app import create_app
from app.core import accounts

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


@pytest.mark.parametrize(("proxies", "secure", "address"), [(0, False, "127.0.0.1"), (1, True, "203.0.113.9")])
def test_forwarded_headers_count_only_behind_a_proxy(tmp_path, proxies, secure, address):
    app = create_app(
        TESTING=True, KEZHI_PROXIES=proxies, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'kezhi.db'}",
        KEZHI_INSTANCE=tmp_path, KEZHI_FILES=tmp_path,
    )
    seen = []
    app.before_request(lambda: seen.append(accounts.caller()))
    with app.test_client().get("/static/kezhi/favicon.svg", headers=FORWARDED) as answer:
        assert ("Strict-Transport-Security" in answer.headers) is secure
    assert seen == [address]
