"""Every rule of the schema language as a row: its code, what it says, a bad and a good example.

The rows are the reference (`docs/reference/rules.md` is made from them) and each example is a test. A file here is an
area of the language and offers `RULES`; they are read when somebody asks, since a verdict needs none of them.
"""

from importlib import import_module

from pgready.psl.rules.rule import Rule

AREAS = {
    "syntax": "Syntax",
    "configuration": "Datasource and generators",
    "names": "Names",
    "types": "Types of fields",
    "attributes": "Attributes",
    "defaults": "Defaults",
    "native": "Native types",
    "keys": "Primary keys",
    "indexes": "Indexes and unique constraints",
    "models": "Models",
    "views": "Views",
    "constraint_names": "Names in the database",
    "relations": "Relations",
}
"""The areas in the order of the reference: a file's name and its title."""


def rules_of(area: str) -> tuple[Rule, ...]:
    """The rules of one of AREAS, in the order that its file gives them."""
    rules: tuple[Rule, ...] = import_module(f"{__name__}.{area}").RULES
    return rules


def all_rules() -> dict[str, Rule]:
    """Every rule by its code; raises ValueError for a code that stands twice."""
    found: dict[str, Rule] = {}
    for area in AREAS:
        for rule in rules_of(area):
            if rule.code in found:
                raise ValueError(f"two rules have the code {rule.code}")
            found[rule.code] = rule
    return found


def whole(example: str, style: int = 0) -> str:
    """An example as a schema of its own: the standard datasource stands in front unless the example speaks of one."""
    if "datasource" in example:
        return example
    url = '  url      = env("DATABASE_URL")\n' if style == 6 else ""
    return f'datasource db {{\n  provider = "postgresql"\n{url}}}\n\n{example}'
