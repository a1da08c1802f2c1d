"""The version of a row as programs send and receive it: in the body, or as an ETag and If-Match (RFC 9110)."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import reading
from app.core.errors import BadRequest

ROW_VERSION = "row_version"


def version(body: dict[str, Any]) -> int | None:
    """The version that a program started from: taken out of the body, else from If-Match; ``None`` if it says none."""
    said = body.pop(ROW_VERSION, None)
    if said is not None and (isinstance(said, bool) or not isinstance(said, int)):
        raise BadRequest(_("“%(key)s” must be a whole number.", key=ROW_VERSION))
    return said if said is not None else _if_match()


def _if_match() -> int | None:
    tags = request.if_match
    if not tags or tags.star_tag:
        return None
    versions = [reading.number(tag) for tag in tags.as_set(include_weak=True)]
    if len(versions) != 1 or versions[0] is None:
        raise BadRequest(_("“%(key)s” must be a whole number.", key="If-Match"))
    return versions[0]


def stamped(answer: Response, record: Any) -> Response:
    """The answer with the version of its row as ETag."""
    answer.set_etag(str(record.row_version))
    return answer
