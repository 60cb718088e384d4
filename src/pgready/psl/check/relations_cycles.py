"""Chains of cascades that come back to where they began.

PostgreSQL follows them itself, so this concerns `relationMode = "prisma"` only, where Prisma's client runs the actions
and would not end. One pass over the strongly connected parts of the graph of models, linear in the relations.
"""

from collections import deque
from collections.abc import Iterable

from pgready.psl.check.relations_names import side
from pgready.psl.resolve.draft import Draft, DraftModel, DraftRelation, DraftRelationField
from pgready.psl.resolve.relation_inference import effective_actions

_MOST_SHOWN = 50
"""From so many cycles on, a message names no path: finding each takes a walk of its own."""


class Cascades:
    """The graph of the relations that cascade; empty where PostgreSQL runs the actions."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        emulated = draft.datasource is not None and draft.datasource.relation_mode == "prisma"
        edges = [relation for relation in draft.relations if _cascades(relation)] if emulated else []
        self._edges = {id(edge) for edge in edges}
        self._outgoing: dict[int, list[DraftRelation]] = {}
        for edge in edges:
            self._outgoing.setdefault(id(edge.model_a), []).append(edge)
        self._part = _parts([edge.model_a for edge in edges], self._outgoing)
        self._endless = _endless(edges)
        self._told = 0

    def check(self, relation: DraftRelation) -> None:
        """Report a relation from which cascades come back, or run into a model that cascades to itself."""
        field, start, end = relation.field_a, relation.model_a, relation.model_b
        if field is None or id(relation) not in self._edges:
            return
        if start is end:
            _self(self._draft, field)
        elif self._part[id(start)] == self._part[id(end)]:
            self._told += 1
            _cycle(self._draft, field, _path(relation, self._outgoing) if self._told <= _MOST_SHOWN else [])
        elif id(end) in self._endless:
            _cycle(self._draft, field, [])


def _cascades(relation: DraftRelation) -> bool:
    if relation.kind not in ("one-to-one", "one-to-many") or relation.field_b is None or relation.field_a is None:
        return False
    return any(action not in ("NoAction", "Restrict") for action in effective_actions(relation.field_a))


def _parts(models: Iterable[DraftModel], outgoing: dict[int, list[DraftRelation]]) -> dict[int, int]:
    """The strongly connected part of each model (Tarjan, without recursion); parts are numbered sinks first."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    part: dict[int, int] = {}
    open_models: list[int] = []
    number = 0
    for root in models:
        if id(root) in order:
            continue
        walk = [(id(root), iter(outgoing.get(id(root), ())))]
        order[id(root)] = low[id(root)] = len(order)
        open_models.append(id(root))
        while walk:
            model, rest = walk[-1]
            for edge in rest:
                end = id(edge.model_b)
                if end not in order:
                    order[end] = low[end] = len(order)
                    open_models.append(end)
                    walk.append((end, iter(outgoing.get(end, ()))))
                    break
                if end not in part:
                    low[model] = min(low[model], order[end])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[model])
                if low[model] == order[model]:
                    while True:
                        member = open_models.pop()
                        part[member] = number
                        if member == model:
                            break
                    number += 1
    return part


def _endless(edges: list[DraftRelation]) -> set[int]:
    """The models from which cascades reach a model that cascades to itself."""
    found = {id(edge.model_a) for edge in edges if edge.model_a is edge.model_b}
    incoming: dict[int, list[int]] = {}
    for edge in edges:
        incoming.setdefault(id(edge.model_b), []).append(id(edge.model_a))
    waiting = list(found)
    while waiting:
        for start in incoming.get(waiting.pop(), ()):
            if start not in found:
                found.add(start)
                waiting.append(start)
    return found


def _path(edge: DraftRelation, outgoing: dict[int, list[DraftRelation]]) -> list[DraftRelation]:
    """The shortest way from the end of `edge` back to its start, `edge` first."""
    came: dict[int, DraftRelation] = {id(edge.model_b): edge}
    waiting = deque([id(edge.model_b)])
    while waiting:
        model = waiting.popleft()
        for next_edge in outgoing.get(model, ()):
            end = id(next_edge.model_b)
            if end in came:
                continue
            came[end] = next_edge
            if end == id(edge.model_a):
                path = [next_edge]
                while path[-1] is not edge:
                    path.append(came[id(path[-1].model_a)])
                return path[::-1]
            waiting.append(end)
    return [edge]


def _cycle(draft: Draft, field: DraftRelationField, path: list[DraftRelation]) -> None:
    if path:
        names = [f"`{each.model_a.name}.{each.field_a.name}`" for each in path[:6] if each.field_a is not None]
        way = " → ".join(names) + (" → …" if len(path) > 6 else "")
        message = f"the actions of {side(field)} cascade in a circle: {way}"
    else:
        message = f"the actions of {side(field)} cascade without end, through models that lead back to themselves"
    draft.findings.error("relation-cycle", field.node.span, message + _implied(field), _HELP)


def _self(draft: Draft, field: DraftRelationField) -> None:
    message = f"the actions of {side(field)} cascade from `{field.owner.name}` to itself"
    draft.findings.error("relation-cycle-self", field.node.span, message + _implied(field), _HELP)


def _implied(field: DraftRelationField) -> str:
    """The actions that nobody wrote."""
    on_delete, _ = effective_actions(field)
    implied = [f"`onDelete: {on_delete}`"] if field.on_delete is None and on_delete == "SetNull" else []
    implied += ["`onUpdate: Cascade`"] if field.on_update is None else []
    return f" ({' and '.join(implied)} by default)" if implied else ""


_HELP = "stop it at one relation of the circle: `onDelete: Restrict, onUpdate: Restrict`"
