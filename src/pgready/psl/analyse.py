"""From files to a verdict: parse, resolve, validate, and the schema as a value when nothing is wrong.

The passes and where they stop are Prisma's, so that the same faults are told: a schema whose names, types or attributes
are wrong is not judged as a whole.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pgready.collection import uncollected
from pgready.psl import tree
from pgready.psl.build import build
from pgready.psl.check import (
    autoincrement,
    composites,
    constraint_names,
    datasource,
    defaults,
    enums,
    fields,
    indexes,
    keys,
    models,
    native,
    relations,
    relations_fields,
    views,
)
from pgready.psl.check import names as client_names
from pgready.psl.diagnostics import Diagnostic, Findings
from pgready.psl.parser import parse
from pgready.psl.resolve import attributes, configuration, names, relation_inference, shard_keys, style, types
from pgready.psl.resolve.datasources import OTHER_PROVIDERS
from pgready.psl.resolve.draft import Draft, DraftRelationField
from pgready.psl.schema import Schema
from pgready.psl.source import Source, Span

_TABLE_CHECKS = (
    client_names.check,
    keys.check,
    indexes.check,
    constraint_names.check,
    shard_keys.check,
    models.check,
    views.check,
    fields.check,
    native.check,
    autoincrement.check,
)
_EVERYWHERE = frozenset(("model-table-taken", "default-function-unknown"))
_WITH_THE_TABLE = frozenset(
    ("operator-class-index-type", "operator-class-column", "index-type-column", "index-spgist-columns")
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What `analyse` found.

    `schema` is None when there is an error; `diagnostics` stand in the order of the files and of the places in them;
    `style` is that of the Prisma whose verdict this is; `provider` the datasource's as written, "" without one.
    """

    schema: Schema | None
    diagnostics: tuple[Diagnostic, ...]
    style: Literal[6, 7]
    provider: str

    @property
    def is_valid(self) -> bool:
        """Whether there is no error."""
        return all(found.severity != "error" for found in self.diagnostics)


@uncollected()
def analyse(sources: Sequence[Source]) -> Analysis:
    """Parse and validate the files of one schema, whose paths differ.

    Everything that is wrong is in `diagnostics`; nothing is raised for it.
    """
    findings = Findings()
    documents = [parse(source, findings) for source in sources]
    spelled = style.detect(documents)
    if spelled == 6 and any(document.objects for document in documents):
        # The grammar of Prisma 6 has no object literals: the lines that hold them are no lines of its language.
        findings = Findings()
        documents = [parse(source, findings, takes_objects=False) for source in sources]
    provider = _provider(documents)
    if provider is not None and provider.value in OTHER_PROVIDERS:
        return _other_database(provider, spelled)
    draft = Draft(documents, findings, spelled)
    _resolve(draft)
    if not findings.has_errors:
        _check(draft)
    schema = None if findings.has_errors else build(draft)
    order = {id(source): number for number, source in enumerate(sources)}
    found = sorted(findings, key=lambda each: (order[id(each.span.source)], each.span.start))
    return Analysis(schema, tuple(found), spelled, "" if provider is None else provider.value)


def _provider(documents: Sequence[tree.Document]) -> tree.String | None:
    """The provider of the first datasource, if it is a string."""
    for document in documents:
        for item in document.items:
            if isinstance(item, tree.Config) and item.kind == "datasource":
                values = [each.value for each in item.properties if each.name.text == "provider"]
                return values[-1] if values and isinstance(values[-1], tree.String) else None
    return None


def _other_database(provider: tree.String, spelled: Literal[6, 7]) -> Analysis:
    message = f"pgready speaks PostgreSQL, but this schema is for `{provider.value}`"
    found = Diagnostic("provider-not-postgresql", "error", message, provider.span)
    return Analysis(None, (found,), spelled, provider.value)


def _resolve(draft: Draft) -> None:
    """Every pass, whatever the ones before it found."""
    configuration.resolve(draft)
    names.resolve(draft)
    types.resolve(draft)
    attributes.resolve(draft)
    relation_inference.infer(draft)


def _check(draft: Draft) -> None:
    """Every rule of the schema as a whole; relations come last, since some of their rules want all else to hold."""
    composites.check(draft)
    datasource.check(draft)
    stop = relations_fields.ambiguous(draft)
    if stop is not None:
        _check_until(draft, stop)
        return
    defaults.check(draft)
    for check in _TABLE_CHECKS:
        check(draft)
    enums.check(draft)
    relations.check(draft)


def _check_until(draft: Draft, stop: DraftRelationField) -> None:
    """The rules of the models up to the one whose fields cannot be told apart: Prisma goes no further."""
    findings, draft.findings = draft.findings, Findings()
    defaults.check(draft)
    for check in _TABLE_CHECKS:
        check(draft)
    tables, draft.findings = list(draft.findings), Findings()
    relations_fields.check(draft)
    last = Span(stop.node.span.source, stop.node.span.start, stop.owner.node.span.end)
    fields = [found for found in draft.findings if not _within(found.span, last)]
    unseen: list[Span] = []
    for model in sorted(draft.models, key=lambda each: each.is_view):
        if unseen:
            unseen.append(model.node.span)
        elif model is stop.owner:
            unseen = [index.attribute.span for index in model.indexes] or [Span(stop.node.span.source, 0, 0)]
    order = {id(document.source): number for number, document in enumerate(draft.documents)}
    unseen.sort(key=lambda span: (order[id(span.source)], span.start))
    starts = [(order[id(span.source)], span.start) for span in unseen]
    for found in (*tables, *fields):
        place = (order[id(found.span.source)], found.span.start)
        at = bisect_right(starts, place) - 1
        seen = at < 0 or starts[at][0] != place[0] or found.span.start >= unseen[at].end
        if not seen and found.code in _WITH_THE_TABLE:
            seen = _within(found.span, stop.owner.node.span)
        if seen or found.code in _EVERYWHERE:
            tell = findings.error if found.severity == "error" else findings.warning
            tell(found.code, found.span, found.message, found.help)
    draft.findings = findings


def _within(span: Span, outer: Span) -> bool:
    """Whether `span` begins inside `outer`."""
    return span.source is outer.source and outer.start <= span.start < outer.end
