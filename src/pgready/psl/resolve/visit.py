"""The walk over a set of attributes: which of them, and which of their arguments, somebody asked for.

A pass asks for the attributes that it knows, one after the other, and for their arguments; whatever nobody asked for is
unknown. Repeated attributes and arguments, missing values and trailing commas are told on the way, the same for all.
"""

from collections.abc import Sequence

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.near_misses import nearest
from pgready.psl.resolve import coerce

FIELD_ATTRIBUTES = ("map", "ignore", "relation", "id", "updatedAt", "default", "unique")
BLOCK_ATTRIBUTES = ("ignore", "id", "map", "schema", "index", "unique", "fulltext")


class Visitor:
    """The attributes of one construct under validation.

    Use: `begin`, then for each known attribute `single` or `repeated`, its arguments, `done` or `discard`; then `end`.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self._by_name: dict[str, list[tree.Attribute]] = {}
        self._known: Sequence[str] = ()
        self._where = ""
        self._attribute: tree.Attribute | None = None
        self._arguments: dict[str | None, tree.Argument] = {}

    def begin(self, attributes: Sequence[tree.Attribute], where: str = "", known: Sequence[str] = ()) -> None:
        """Start with the attributes of a construct; `where` names it, `known` lists what may stand on it."""
        by_name: dict[str, list[tree.Attribute]] = {}
        for attribute in attributes:
            by_name.setdefault(attribute.name.text, []).append(attribute)
        self._by_name = by_name
        self._where = where
        self._known = known

    def end(self) -> None:
        """Report every attribute that nobody asked for."""
        for attributes in self._by_name.values():
            for attribute in attributes:
                self._unknown_attribute(attribute)
        self._by_name = {}

    @property
    def attribute(self) -> tree.Attribute:
        """The attribute that `single` or `repeated` found last."""
        if self._attribute is None:
            raise LookupError("no attribute is being visited")
        return self._attribute

    @property
    def label(self) -> str:
        """The current attribute with its signs: `@id` or `@@id`."""
        return label(self.attribute)

    def single(self, name: str) -> bool:
        """Whether the attribute stands here once and can be read; a second one is an error on each."""
        found = self._by_name.pop(name, None)
        if not found:
            return False
        if len(found) > 1:
            for attribute in found:
                self._repeated_attribute(attribute, label(attribute))
            return False
        return self._visit(found[0])

    def repeated(self, name: str) -> bool:
        """Whether there is a next attribute of this name that can be read; call it until it says no."""
        found = self._by_name.get(name)
        while found:
            if self._visit(found.pop(0)):
                return True
        self._by_name.pop(name, None)
        return False

    def datasource_scoped(self) -> tuple[str, str, tree.Attribute] | None:
        """Scope, name and attribute of `@db.VarChar(255)`, or None; the last one counts if there are several."""
        names = [name for name in self._by_name if "." in name]
        scoped = [attribute for name in names for attribute in self._by_name.pop(name)]
        if not scoped:
            return None
        scoped.sort(key=lambda attribute: attribute.span.start)
        for attribute in scoped[1:]:
            self._repeated_attribute(attribute, "a native type")
        scope, _, name = scoped[-1].name.text.partition(".")
        return scope, name, scoped[-1]

    def argument(self, name: str) -> tree.Expression | None:
        """The value of the optional argument `name:`."""
        found = self._arguments.pop(name, None)
        return None if found is None else found.value

    def default_argument(self, name: str, *, required: bool = True) -> tree.Expression | None:
        """The value of `name:` or of the unnamed argument.

        Both or none of them is an error and None; told only if `required`.
        """
        named, unnamed = self._arguments.pop(name, None), self._arguments.pop(None, None)
        found = named or unnamed
        if named is not None and unnamed is not None:
            if required:
                self.findings.error(
                    "argument-repeated",
                    named.span,
                    f"`{name}` of `{self.label}` is given twice: by name and as the argument without a name",
                    "keep one of them",
                )
            return None
        if found is None:
            if required:
                self.findings.error(
                    "argument-missing",
                    self.attribute.span,
                    f"`{self.label}` lacks its argument `{name}`",
                    f"write `{self.label}({_EXAMPLES.get(name, name + ': …')})`",
                )
            return None
        return found.value

    def error(self, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Report an error that points at the current attribute."""
        self.findings.error(code, self.attribute.span, message, help)

    def done(self) -> None:
        """Report the arguments that nobody asked for, and leave the attribute."""
        for argument in self._arguments.values():
            if argument.name is None:
                message = f"`{self.label}` takes no argument without a name here: `{coerce.shown(argument.value)}`"
                self.findings.error("argument-unknown", argument.span, message, "remove it")
            else:
                name = argument.name.text
                message = f"`{self.label}` has no argument `{name}`"
                self.findings.error("argument-unknown", argument.span, message, "remove it, or correct its name")
        self.discard()

    def discard(self) -> None:
        """Leave the attribute without looking at its other arguments."""
        self._attribute = None
        self._arguments = {}

    def _visit(self, attribute: tree.Attribute) -> bool:
        """Take up an attribute; False when an argument has no value, since nothing can be read then."""
        arguments = attribute.arguments
        if not arguments.order and arguments.trailing_comma is None:
            self._attribute, self._arguments = attribute, {}
            return True
        if not self._complete(attribute):
            return False
        self._attribute = attribute
        found: dict[str | None, tree.Argument] = {}
        unnamed: list[str] = []
        for argument in arguments.items:
            name = None if argument.name is None else argument.name.text
            earlier = found.get(name)
            if earlier is not None and name is None:
                unnamed = unnamed or [coerce.shown(earlier.value)]
                unnamed.append(coerce.shown(argument.value))
            elif earlier is not None:
                message = f"the argument `{name}` of `{label(attribute)}` is given twice"
                self.findings.error("argument-repeated", argument.span, message, "keep one of them")
            found[name] = argument
        self._arguments = found
        if unnamed:
            self.error(
                "arguments-unnamed",
                f"`{label(attribute)}` takes one argument without a name, but got {len(unnamed)}",
                f"put a list in brackets: `{label(attribute)}([{', '.join(unnamed[:5])}{', …' * (len(unnamed) > 5)}])`",
            )
        return True

    def _complete(self, attribute: tree.Attribute) -> bool:
        """Whether every argument of the attribute, and of the functions that it calls, has a value."""
        complete = True
        calls = [argument.value for argument in attribute.arguments.items if isinstance(argument.value, tree.Call)]
        for arguments in (attribute.arguments, *(call.arguments for call in calls)):
            for name in arguments.empty:
                self._without_value(name)
                complete = False
            for argument in arguments.items:
                if isinstance(argument.value, tree.Array):
                    for item in argument.value.items:
                        if isinstance(item, tree.Call):
                            for name in item.arguments.empty:
                                self._without_value(name)
            if arguments.trailing_comma is not None:
                self.findings.error(
                    "argument-trailing-comma",
                    arguments.trailing_comma,
                    f"the arguments of `{label(attribute)}` end with a comma",
                    "remove the comma",
                )
        return complete

    def _without_value(self, name: tree.Name) -> None:
        message = f"the argument `{name.text}` has no value"
        self.findings.error("argument-value-missing", name.span, message, f"write `{name.text}: …`, or remove it")

    def _repeated_attribute(self, attribute: tree.Attribute, what: str) -> None:
        shown = what if what.startswith("a ") else f"`{what}`"
        self.findings.error(
            "attribute-repeated", attribute.span, f"{shown} is given more than once", "keep one of them"
        )

    def _unknown_attribute(self, attribute: tree.Attribute) -> None:
        name, signs = attribute.name.text, label(attribute)
        where = f" on {self._where}" if self._where else ""
        if close := nearest(name, self._known, self.findings):
            prefix = signs[: signs.find(name)] if name else "@"
            hint = f"did you mean `{prefix}{close}`?"
        elif "." in name:
            hint = "native types stand on fields of built-in types"
        elif self._known:
            hint = "what may stand here: " + ", ".join(f"`{known}`" for known in self._known)
        else:
            hint = "remove it"
        self.findings.error(
            "attribute-unknown", attribute.span, f"`{signs}` is no attribute that can stand{where}", hint
        )


_EXAMPLES = {"fields": "[…]", "name": '"…"', "map": '"…"', "value": "…"}


def label(attribute: tree.Attribute) -> str:
    """`@name` or `@@name`, as the attribute is written."""
    block = attribute.span.source.text.startswith("@@", attribute.span.start)
    return ("@@" if block else "@") + attribute.name.text
