"""Composite types (`type X { … }`), which Prisma has on MongoDB only."""

from pgready.psl.resolve.draft import Draft, DraftComposite, DraftScalarField


def check(draft: Draft) -> None:
    """Report every composite type, and those that hold themselves without end."""
    for composite in draft.composites:
        message = f"`type {composite.name}` is a composite type, which Prisma does not have on PostgreSQL"
        hint = f"make it a model with a relation, or replace its fields by one of type `Json`: `{_field(composite)}`"
        draft.findings.error("composite-type", composite.node.span, message, hint)
    _cycles(draft)


def _field(composite: DraftComposite) -> str:
    name = composite.name
    return f"{name[:1].lower()}{name[1:]} Json"


def _cycles(draft: Draft) -> None:
    """Walk the required fields as Prisma does, so that the same fields are told."""
    todo = [(field, True) for composite in draft.composites for field in _required(composite)]
    visited: list[DraftComposite] = []
    while todo:
        field, is_root = todo.pop()
        if is_root:
            visited = []
        target = field.type.composite
        if target is None:
            continue
        if target is field.owner or (visited and visited[0] is target):
            message = f"`{field.name}` makes `{target.name}` hold itself without end"
            draft.findings.error("composite-cycle", field.node.span, message, "make the field optional or a list")
            continue
        if target in visited:
            # Prisma's own walk does not end here; there is no verdict to share.
            continue
        visited.append(target)
        todo.extend((each, False) for each in _required(target))


def _required(composite: DraftComposite) -> list[DraftScalarField]:
    return [field for field in composite.fields.values() if field.arity == "required"]
