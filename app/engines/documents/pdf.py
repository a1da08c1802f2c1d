"""PDF out of the same page that the browser prints; needs WeasyPrint and Pango."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from flask import current_app, request
from flask_babel import gettext as _

from app.core.errors import NotFound


def available() -> bool:
    """Whether this machine can make PDF: the library fails at import where Pango is missing."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def render(html: str) -> bytes:
    """The page as PDF; only our own static files are read, nothing is fetched over the network."""
    if not available():
        raise NotFound(_("PDF is not available on this server; print the page from the browser."))
    from weasyprint import HTML

    return bytes(HTML(string=html, base_url=request.host_url, url_fetcher=_fetcher()).write_pdf())


def render_many(pages: Iterable[str]) -> bytes:
    """Several pages as one PDF, each laid out by itself: page numbers begin anew with each."""
    return bound([lay_out(page) for page in pages])


def lay_out(page: str) -> Any:
    """A page of HTML as sheets; the slow part of making a PDF."""
    if not available():
        raise NotFound(_("PDF is not available on this server; print the page from the browser."))
    from weasyprint import HTML

    return HTML(string=page, base_url=request.host_url, url_fetcher=_fetcher()).render()


def bound(laid: Sequence[Any]) -> bytes:
    """Pages that are laid out as one PDF."""
    return bytes(laid[0].copy([sheet for one in laid for sheet in one.pages]).write_pdf())


def _fetcher() -> Any:
    """A fetcher that answers our static files from the disk and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    static = Path(current_app.static_folder or "").resolve()

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlparse(url)
            if parts.scheme == "data":
                return super().fetch(url, headers)
            path = (static / parts.path.removeprefix(f"{request.script_root}/static/")).resolve()
            if parts.netloc != request.host or not path.is_relative_to(static) or not path.is_file():
                raise ValueError(f"not fetched: {url}")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})  # without it no stylesheet counts

    return OwnFiles(allowed_protocols=("data", "http", "https"))
