"""Small pieces of the report page. Every text of the user's goes through `safe` or `lines`, and only through them."""

from __future__ import annotations

from collections.abc import Iterable

from pgready.parity.model import Weight
from pgready.report.erd.svg_text import safe

WEIGHT_WORDS: dict[Weight, str] = {
    "breaks": "breaks the app",
    "opens": "leaves something open",
    "slows": "slows it down",
    "cosmetic": "cosmetic",
}
_MANY: dict[Weight, str] = {
    "breaks": "break the app",
    "opens": "leave something open",
    "slows": "slow it down",
    "cosmetic": "cosmetic",
}


def weight_words(weight: Weight, count: int) -> str:
    """What differences of this weight do; the number itself stands before it."""
    return (WEIGHT_WORDS if count == 1 else _MANY)[weight]


def lines(text: str) -> str:
    """A text of several lines, each safe."""
    return "\n".join(safe(line) for line in text.splitlines())


def badge(tone: str, text: str) -> str:
    """A small coloured label; `text` is our own or safe already."""
    return f'<span class="badge {tone}">{text}</span>'


def tile(number: str, text: str, tone: str = "") -> str:
    """A figure with its meaning."""
    return f'<li class="tile {tone}"><strong>{number}</strong> <span>{text}</span></li>'


def section(anchor: str, title: str, body: Iterable[str], lead: str = "") -> str:
    """A section of the page; `lead` is HTML."""
    intro = f'<p class="lead">{lead}</p>' if lead else ""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>{intro}\n'
        + "\n".join(body)
        + "\n</section>"
    )


def table(head: Iterable[str], rows: Iterable[str], classes: str = "") -> str:
    """A table that scrolls by itself where the screen is narrow; cells of `head` are HTML, rows are whole."""
    cells = "".join(f'<th scope="col">{one}</th>' for one in head)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="table"><table class="{classes}"><thead><tr>{cells}'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
