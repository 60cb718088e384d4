"""Native types: `@db.…` on fields, and `Unsupported("…")` for what has a native type."""

import re

from pgready.psl import native_types
from pgready.psl.native_types import TYPES, NativeTypeRule
from pgready.psl.near_misses import nearest
from pgready.psl.resolve.draft import Draft, DraftScalarField, NativeType

_UNSUPPORTED = re.compile(r"([^(]+)(?:\((.*?)\))?(.+)?\Z")


def check(draft: Draft) -> None:
    """Report native types that PostgreSQL lacks, that do not fit their field, or that have wrong arguments."""
    for model in draft.models:
        for field in model.scalar_fields:
            if field.native_type is not None:
                _native_type(draft, field, field.native_type)
            elif field.type.unsupported is not None and draft.datasource is not None:
                _unsupported(draft, field, field.type.unsupported)


def _native_type(draft: Draft, field: DraftScalarField, native: NativeType) -> None:
    source, findings = draft.datasource, draft.findings
    written = f"@{native.scope}.{native.name}"
    if source is None:
        message = f"`{written}` needs a datasource, and this schema has none"
        findings.error("native-type-unknown", native.span, message, 'add one with `provider = "postgresql"`')
        return
    if native.scope != source.name:
        message = f"`{written}` begins with `{native.scope}`, but the datasource is called `{source.name}`"
        hint = f"write `@{source.name}.{native.name}`"
        findings.error("native-type-scope", native.span, message, hint)
    rule = TYPES.get(native.name)
    if rule is None:
        message = f"PostgreSQL has no native type `{written}`"
        findings.error("native-type-unknown", native.span, message, _near(draft, native.name, field))
        return
    count = len(native.arguments)
    if count > rule.arguments:
        takes = ("no argument", "one argument", "two arguments")[rule.arguments]
        message = f"`{written}` takes {takes}, but got {count}"
        findings.error("native-type-argument-count", native.span, message, f"write `{_example(written, rule)}`")
        return
    if field.type.scalar != rule.scalar:
        message = f"`{written}` is for `{rule.scalar}`, but `{field.name}` is of type `{field.type.scalar}`"
        findings.error("native-type-incompatible", native.span, message, _fitting(source.name, rule, field))
        return
    _arguments(draft, native, rule, written)


def _arguments(draft: Draft, native: NativeType, rule: NativeTypeRule, written: str) -> None:
    numbers = native_types.numbers(rule, native.arguments)
    given = ", ".join(native.arguments)
    if numbers is None:
        wanted = "one whole number" if rule.arguments == 1 else "two whole numbers, precision and scale"
        message = f"`{written}` takes {wanted}, but got `{given}`"
        draft.findings.error("native-type-arguments", native.span, message, f"write `{_example(written, rule)}`")
        return
    if not numbers:
        return
    if len(numbers) == 2 and numbers[1] > numbers[0]:
        message = f"`{written}({given})` has more digits behind the point than digits"
        hint = f"the first number counts all digits: `{written}({sum(numbers)}, {numbers[1]})`"
        draft.findings.error("native-type-range", native.span, message, hint)
    elif numbers[0] < rule.least or (rule.most is not None and numbers[0] > rule.most):
        bounds = f"at least {rule.least}" if rule.most is None else f"from {rule.least} to {rule.most}"
        message = f"the number of `{written}({given})` must be {bounds}"
        draft.findings.error("native-type-range", native.span, message, f"write `{_example(written, rule)}`")


def _example(written: str, rule: NativeTypeRule) -> str:
    if rule.arguments == 0:
        return written
    if rule.arguments == 2:
        return f"{written}(10, 2)"
    return f"{written}({3 if rule.most is not None else 255 if rule.least == 0 else 8})"


def _near(draft: Draft, name: str, field: DraftScalarField) -> str:
    scope = draft.datasource.name if draft.datasource is not None else "db"
    lowered = name.lower().replace("_", "").replace(" ", "")
    names = {each.lower(): each for each in TYPES}
    close = names.get(lowered) or native_types.ALIASES.get(lowered)
    if close is None and (found := nearest(lowered, names, draft.findings)):
        close = names[found]
    if close is not None:
        return f"did you mean `@{scope}.{close}`?"
    fitting = [each for each, rule in TYPES.items() if rule.scalar == field.type.scalar]
    return f"what fits `{field.type.scalar}`: " + ", ".join(f"`@{scope}.{each}`" for each in fitting)


def _fitting(scope: str, rule: NativeTypeRule, field: DraftScalarField) -> str:
    fitting = [each for each, other in TYPES.items() if other.scalar == field.type.scalar]
    names = ", ".join(f"`@{scope}.{each}`" for each in fitting)
    return f"make the field `{rule.scalar}`, or take what fits `{field.type.scalar}`: {names}"


def _unsupported(draft: Draft, field: DraftScalarField, text: str) -> None:
    match = _UNSUPPORTED.match(text)
    if match is None or draft.datasource is None:
        return
    name = match.group(1).strip()
    rule = TYPES.get(name)
    arguments = [] if match.group(2) is None else [part.strip() for part in match.group(2).split(",")]
    if rule is None or (numbers := native_types.numbers(rule, arguments)) is None:
        return
    shown = f"({', '.join(str(number) for number in numbers)})" if numbers else ""
    message = f'Prisma knows the type that `{field.name}` writes as `Unsupported("{text}")`'
    hint = f"write `{field.name} {rule.scalar} @{draft.datasource.name}.{name}{shown}`"
    draft.findings.error("unsupported-known", field.node.span, message, hint)
