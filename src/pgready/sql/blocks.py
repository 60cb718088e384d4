"""Where inside a DO block an error is: PL/pgSQL tells a line of the block's body, people want a line of the file."""

import re

from pgready.sql.lexer import tokens

_LINE = re.compile(r"\binline_code_block\D*(\d+)")


def inside_block(statement: str, context: str, query: str = "", position: int | None = None) -> int | None:
    """The offset in a DO statement's text of the place that the server's error context names, None if it names none.

    `query` and `position` (1-based, in characters) are the server's internal query and position: they give the column.
    Only dollar-quoted bodies are followed: in a quoted constant offsets differ from what the server counts.
    """
    found = _LINE.search(context)
    body = next((t for t in tokens(statement) if t.kind == "string" and t.text[0] == "$"), None)
    if found is None or body is None:
        return None
    begin = statement.index("$", body.start + 1) + 1
    for _ in range(int(found[1]) - 1):
        begin = statement.find("\n", begin, body.end) + 1
        if not begin:
            return None
    begin += len(statement[begin:]) - len(statement[begin:].lstrip())
    # The internal query is the block's own only if no function stands between the two.
    own = "inline_code_block" in context.partition("\n")[0]
    at = statement.find(query, begin, body.end) if query and own else -1
    return begin if at < 0 or position is None else at + position - 1
