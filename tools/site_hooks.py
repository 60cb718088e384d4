"""What MkDocs does to a page before it is drawn.

The words for the tests behind a fence's language are no markup, but what a command printed gets a class of its own; and
a link to a file of the repository that is no page becomes the file's name: on the site there is nothing to go to.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

_OUTPUT = re.compile(r"^```(?P<language>text|json) output$", re.MULTILINE)
_FENCE = re.compile(r"^```(?P<language>\w+) [^\n]+$", re.MULTILINE)
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>\.\./[^)#]+)(?:#[^)]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """```sh run exit=6``` is drawn as ```sh```, a link out of the folder as a name."""
    folder = posixpath.dirname(page.file.src_uri)

    def name(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", folder, link["target"]))
        return link[0] if path.startswith("docs/") else f"{link['text']} (`{path}`)"

    return _LINK.sub(name, _FENCE.sub(r"```\g<language>", _OUTPUT.sub(r"```{.\g<language> .output}", markdown)))
