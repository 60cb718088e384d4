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
    """Tell every required field whose composite type holds, by required fields, the type that the field is in."""
    group = _groups(draft)
    for composite in draft.composites:
        for field in _required(composite):
            target = field.type.composite
            if target is not None and group[id(target)] == group[id(composite)]:
                message = f"`{field.name}` makes `{composite.name}` hold itself without end"
                draft.findings.error("composite-cycle", field.node.span, message, "make the field optional or a list")


def _groups(draft: Draft) -> dict[int, int]:
    """A number for each composite type (by identity), the same for those that hold each other: Tarjan's algorithm."""
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    group: dict[int, int] = {}
    waiting: list[DraftComposite] = []
    for root in draft.composites:
        if id(root) in number:
            continue
        path = [(root, iter(_held(root)))]
        number[id(root)] = lowest[id(root)] = len(number)
        waiting.append(root)
        while path:
            node, rest = path[-1]
            here = id(node)
            for target in rest:
                there = id(target)
                if there not in number:
                    number[there] = lowest[there] = len(number)
                    waiting.append(target)
                    path.append((target, iter(_held(target))))
                    break
                if there not in group:
                    lowest[here] = min(lowest[here], number[there])
            else:
                path.pop()
                if path:
                    above = id(path[-1][0])
                    lowest[above] = min(lowest[above], lowest[here])
                if lowest[here] == number[here]:
                    while here not in group:
                        group[id(waiting.pop())] = number[here]
    return group


def _held(composite: DraftComposite) -> list[DraftComposite]:
    return [field.type.composite for field in _required(composite) if field.type.composite is not None]


def _required(composite: DraftComposite) -> list[DraftScalarField]:
    return [field for field in composite.fields.values() if field.arity == "required"]
