"""Static files: named by their content, so that browsers keep them for good, and sent compressed."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response

FOREVER = "public, max-age=31536000, immutable"
TEXTS = frozenset({".css", ".js", ".svg"})


def init_assets(app: Flask) -> None:
    """Let every address of a static file carry the mark of its content."""
    app.session_interface = Sessions()
    app.url_defaults(_stamp)
    app.after_request(_keep)


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, whose cookie goes with pages and never with a file that a cache may keep."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, but not with a static file."""
        if request.endpoint != "static":
            super().save_session(app, session, response)  # type: ignore[arg-type]


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (found := _file(values.get("filename", ""))):
        values["v"] = _mark(*found)


def _file(name: str) -> tuple[Path, int] | None:
    """A file with the instant of its last change, which tells it from what was read of it before."""
    path = Path(str(current_app.static_folder)) / name
    return (path, path.stat().st_mtime_ns) if path.is_file() else None


@cache
def _mark(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _keep(response: Response) -> Response:
    """An address with the right mark holds for good; texts go compressed to whoever understands it."""
    name = (request.view_args or {}).get("filename", "") if request.endpoint == "static" else ""
    found = _file(name) if name and response.status_code in (200, 304) else None
    if found is None:
        return response
    if request.args.get("v") == _mark(*found):
        response.headers["Cache-Control"] = FOREVER
    if found[0].suffix in TEXTS:
        response.vary.add("Accept-Encoding")
        whole = response.status_code == 200 and "Range" not in request.headers
        if whole and request.accept_encodings.quality("gzip") > 0:
            _compress(response, _compressed(*found))
    return response


def _compress(response: Response, data: bytes) -> None:
    response.close()
    response.direct_passthrough = False
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
