"""The colours of diagrams and of the report page, light and dark, each with its meaning.

Text in any of `ink`, `soft`, `accent` and the weights reads on `paper`, `surface`, `region` and its own tint with a
contrast of 4.5 at least (WCAG AA); the tests hold them to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

LIGHT: Mapping[str, str] = {
    "paper": "#faf8f5",
    "surface": "#ffffff",
    "region": "#f2efe9",
    "ink": "#23272d",
    "soft": "#625d55",
    "edge": "#d5cfc4",
    "line": "#8b8476",
    "accent": "#1f5f8b",
    "accent-tint": "#e4eef6",
    "breaks": "#b3261e",
    "breaks-tint": "#fbe9e7",
    "opens": "#7a3aa8",
    "opens-tint": "#f3eafa",
    "slows": "#855600",
    "slows-tint": "#fbf0d9",
    "cosmetic": "#375d80",
    "cosmetic-tint": "#e6eef6",
    "good": "#276644",
    "good-tint": "#e5f2ea",
}
DARK: Mapping[str, str] = {
    "paper": "#15171a",
    "surface": "#1f2226",
    "region": "#1a1d20",
    "ink": "#e9e6e0",
    "soft": "#aaa49a",
    "edge": "#3a3f46",
    "line": "#7b828c",
    "accent": "#8ec5ee",
    "accent-tint": "#1d2f3d",
    "breaks": "#ff9389",
    "breaks-tint": "#3d2321",
    "opens": "#d3a5f7",
    "opens-tint": "#33263d",
    "slows": "#f0b954",
    "slows-tint": "#3a2e18",
    "cosmetic": "#97bfe6",
    "cosmetic-tint": "#222f3c",
    "good": "#84cfa3",
    "good-tint": "#1f3328",
}
TONES = ("breaks", "opens", "slows", "cosmetic")
"""The weights, heaviest first."""

_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")
_TONED = re.compile(r"^.*\bTONE\b.*$", re.MULTILINE)


def toned(style: str) -> str:
    """A style sheet in which each line with TONE stands once for each weight."""
    return _TONED.sub(lambda line: "\n".join(line[0].replace("TONE", tone) for tone in TONES), style)


def variables() -> str:
    """The palette for a page: dark where the reader's system is, unless the page's own switch says otherwise."""
    light, dark = ("".join(f"--{name}:{value};" for name, value in one.items()) for one in (LIGHT, DARK))
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f"@media print{{:root,:root[data-theme=dark]{{color-scheme:light;{light}}}}}\n"
    )


def _value(palette: Mapping[str, str], name: re.Match[str]) -> str:
    return palette[name[1]]


def resolved(style: str) -> str:
    """A diagram's style sheet without variables, for a file of its own: many readers of SVG know none."""
    plain = toned(style)
    light, dark = (_VARIABLE.sub(partial(_value, one), plain) for one in (LIGHT, DARK))
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
