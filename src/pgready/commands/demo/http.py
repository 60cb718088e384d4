"""Requests of the demo to its own services."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from pgready.errors import NotReady

# A proxy of this machine is none of the demo's business.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(url: str) -> Any:
    """GET; the JSON body. Raises NotReady for every answer but 200."""
    return _ask(urllib.request.Request(url))  # noqa: S310 - a URL of a part that the demo started


def post(url: str, body: object = None) -> Any:
    """POST with a JSON body; what was made."""
    data = json.dumps(body if body is not None else {}).encode()
    return _ask(urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST"))  # noqa: S310


def until(seen: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """What was waited for, once it is there; raises NotReady."""
    end = time.monotonic() + seconds
    while not (found := seen()):
        if time.monotonic() > end:
            raise NotReady(f"{what} did not come within {seconds:.0f} s", code="demo_stuck")
        time.sleep(0.02)
    return found


def _ask(request: urllib.request.Request) -> Any:
    try:
        with _OPENER.open(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        said = e.read().decode(errors="replace")[:300]
        raise NotReady(
            f"{request.get_method()} {request.full_url}: {e.code}", detail=said, code="demo_answer"
        ) from None
    except (OSError, ValueError) as e:
        raise NotReady(
            f"{request.get_method()} {request.full_url}: no answer", detail=str(e), code="demo_answer"
        ) from None
