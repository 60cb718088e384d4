"""Whether a URL leads to a pooler, by what it says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_NAMES = re.compile(r"(?:^|[.-])(?:pooler|pgbouncer|pgpool|pooling|supavisor|pgcat|odyssey)(?:[.-]|$)", re.I)
_PORTS = (6432, 6543)
_URL = re.compile(r"postgres(?:ql)?://(?:[^@/\s]*@)?(?P<hosts>[^/?\s]+)(?:/[^?\s]*)?(?:\?(?P<query>\S*))?", re.I)
IMAGES = re.compile(r"pgbouncer|pgpool|pgcat|odyssey|supavisor", re.I)
"""Images that are poolers."""


def why_pooler(hosts: Iterable[tuple[str, int | None]], *, told: bool, poolers: Collection[str] = ()) -> str:
    """Why these lead to a pooler, "" if nothing says so.

    `told`: the URL itself says it; `poolers` are hosts that are known to be some.
    """
    if told:
        return "the URL says pgbouncer=true"
    for host, port in hosts:
        if _NAMES.search(host) or host in poolers:
            return f"the host is {host}"
        if port in _PORTS:
            return f"port {port} is a pooler's"
    return ""


def why_in_text(url: str, poolers: Collection[str] = ()) -> str:
    """The same of a URL as it stands in a file, with whatever variables are in it."""
    found = _URL.match(url.strip())
    if found is None:
        return ""
    hosts = []
    for one in found["hosts"].split(","):
        host, _, port = one.partition(":")
        number = re.search(r"\d+", port)
        hosts.append((host, int(number[0]) if number else None))
    return why_pooler(hosts, told="pgbouncer=true" in (found["query"] or ""), poolers=poolers)
