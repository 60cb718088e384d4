"""`env("NAME")`: where it may stand, and what it takes."""

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.resolve import coerce


def is_env(expression: tree.Expression) -> bool:
    """Whether the expression calls `env`."""
    return isinstance(expression, tree.Call) and expression.name.text == "env"


def text(expression: tree.Expression, findings: Findings) -> str | None:
    """The value of a string, or `env("NAME")` as written for the name of a variable; None for anything else, told."""
    if isinstance(expression, tree.Call) and is_env(expression):
        name = variable(expression, findings)
        return None if name is None else f"env({coerce.quoted(name)})"
    if isinstance(expression, tree.String):
        return expression.value
    # The value is not shown: it may be a URL with a password.
    what = f"`{expression.text}`" if isinstance(expression, tree.Constant) else coerce.kind(expression)
    message = f'expected a string in double quotes or `env("…")`, but found {what}'
    then = 'write `env("NAME")`' if isinstance(expression, tree.Call) else ""
    findings.error("value-type", expression.span, message, then)
    return None


def variable(call: tree.Call, findings: Findings) -> str | None:
    """The name that a call of `env` gives, or None, told."""
    arguments = call.arguments
    for argument in arguments.items:
        if argument.name is not None:
            message = f"`env` takes no named argument, but got `{argument.name.text}:`"
            findings.warning("env-argument-named", argument.span, message, 'write `env("NAME")`')
    single = len(arguments.items) == 1 and not arguments.empty and arguments.trailing_comma is None
    if not single:
        message = "`env` takes exactly one string, the name of a variable"
        findings.error("env-arguments", call.span, message, 'write `env("NAME")`')
        return None
    return coerce.string(arguments.items[0].value, findings)
