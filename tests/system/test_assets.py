"""What a browser fetches beside a page: little, compressed, from this host alone, and once."""

from __future__ import annotations

import gzip
import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.demo import demo, founded
from tests.portal import counted, enter

__all__ = ["demo", "founded"]

MOST = 600 * 1024
HTML = 90 * 1024
LONG = (
    "/policy/B02", "/policy/B02/2", "/policy/B02?at=assumptions", "/policy/A03", "/policy/E01?at=coverage",
    "/policy/B02/2/text", "/policy/B02/2/text?chapter=clocks", "/first-steps/posts", "/first-steps/posts?policy=B02",
    "/first-steps/posts?policy=B05", "/first-steps/policies", "/first-steps/policies?policy=A03", "/roles/salesperson",
    "/roles/employee?area=platform", "/roles/service_manager?q=e", "/roles/matrix", "/units/", "/units/?q=部",
)  # fmt: skip
NEXT = re.compile(r'href="([^"]+)" rel="next"|href="(/roles/salesperson\?area=\w+)"')
FETCHED = re.compile(r'<(?:script|link|img|use|source|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"')
PLACES = re.compile(rb"(?:url\(|import\s*\(?|from\s+|fetch\()\s*[\"']?((?:https?:)?//[^\"')\s]+)")
CHARTED = ("/dashboard/",)
PAGES = ("/", "/complaint/", "/complaint/1", "/complaint/add", "/approvals/", "/notices/", "/policy/", *CHARTED)


def fetched(page):
    """The files that a page names, each once; the sprite's parts are one file."""
    return list(dict.fromkeys(unescape(address).partition("#")[0] for address in FETCHED.findall(page)) or [])


def load(client, address):
    answer = fetch(client, address, **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    return answer


def fetch(client, address, **headers):
    return client.get(address, headers=headers, buffered=True)


@pytest.mark.parametrize("path", ["/login/", *PAGES])
def test_a_first_page_loads_little_and_asks_no_other_host(demo, path):
    client = demo.test_client() if path == "/login/" else enter(demo, "root")
    page = client.get(path).get_data(as_text=True)
    files = [address for address in fetched(page) if address]
    assert files
    assert [address for address in files if urlsplit(address).netloc] == []
    static = [address for address in files if address.startswith("/static/")]
    assert any("tabler.min.css" in address for address in static)
    assert sum(len(load(client, address).get_data()) for address in static) <= MOST


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_page_comes_in_parts_of_which_each_is_light(demo, language):
    client, todo, heavy = enter(demo, "root"), list(LONG), {}
    for path in todo:
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        page = answer.get_data(as_text=True)
        assert len(page) > 5000, path
        heavy |= {path: len(page.encode())} if len(page.encode()) > HTML else {}
        ways = {unescape(after or area) for after, area in NEXT.findall(page)}
        todo += sorted(ways - set(todo))
    assert heavy == {}
    assert sum(path.startswith("/policy/B02?") for path in todo) > 5
    assert sum(path.startswith("/roles/salesperson?area=") for path in todo) > 10


@pytest.mark.parametrize("path", PAGES)
def test_the_chart_library_comes_with_charts_alone(demo, path):
    page = enter(demo, "root").get(path).get_data(as_text=True)
    assert ("echarts" in page) is (path in CHARTED)
    assert ("data-chart" in page) is (path in CHARTED)


def test_what_was_fetched_once_is_kept_for_good(demo):
    client = enter(demo, "root")
    for address in fetched(client.get("/complaint/").get_data(as_text=True)):
        if address.startswith("/static/"):
            assert "?v=" in address, address
            answer = load(client, address)
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
            assert "Set-Cookie" not in answer.headers, address
            assert "Cookie" not in answer.headers.get("Vary", ""), address


def test_a_file_asks_the_database_nothing(demo):
    client = enter(demo, "root")
    with demo.app_context(), counted() as sent:
        load(client, "/static/kezhi/app.js")
    assert sent == []


@pytest.mark.parametrize("asked", ["", "?v=0123456789ab"])
def test_an_address_without_its_mark_is_asked_for_again(demo, asked):
    answer = load(demo.test_client(), f"/static/kezhi/app.js{asked}")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = fetch(demo.test_client(), "/static/kezhi/app.js", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_texts_are_compressed_for_those_who_understand_it(demo):
    client, address = demo.test_client(), "/static/vendor/tabler/tabler.min.css"
    plain, packed = fetch(client, address), load(client, address)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert len(packed.get_data()) < len(plain.get_data()) / 5
    part = fetch(client, address, **{"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.status_code, len(part.get_data()), part.headers.get("Content-Encoding")) == (206, 10, None)


def test_a_changed_file_has_another_address(demo, tmp_path):
    (tmp_path / "a.js").write_text("1")
    demo.static_folder, before = str(tmp_path), demo.static_folder
    try:
        with demo.test_request_context():
            from flask import url_for

            first = url_for("static", filename="a.js")
            (tmp_path / "a.js").write_text("22")
            assert url_for("static", filename="a.js") != first
            assert url_for("static", filename="none.js") == "/static/none.js"
    finally:
        demo.static_folder = before


def test_own_scripts_and_styles_name_no_other_host(demo):
    client = demo.test_client()
    for name in ("app.js", "list.js", "form.js", "dashboard.js", "kezhi.css", "print.css"):
        assert PLACES.findall(fetch(client, f"/static/kezhi/{name}").get_data()) == [], name
