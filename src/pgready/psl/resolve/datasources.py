"""The `datasource` block: provider, URLs (style 6), relation mode, schemas and extensions."""

from collections.abc import Sequence
from typing import Literal

from pgready.psl import tree
from pgready.psl.diagnostics import Findings
from pgready.psl.near_misses import nearest
from pgready.psl.resolve import coerce, env
from pgready.psl.resolve.draft import Datasource, Draft, Extension
from pgready.psl.source import Span

PROVIDERS = ("postgresql", "postgres")
OTHER_PROVIDERS = ("mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb")

_Values = dict[str, tree.Property]
_KEYS = ("provider", "relationMode", "schemas", "extensions")
_URL_KEYS = ("url", "directUrl", "shadowDatabaseUrl")


def resolve(blocks: Sequence[tree.Config], draft: Draft) -> list[Datasource]:
    """The datasources of one file that can be read, added to the draft."""
    found = [source for block in blocks if (source := _datasource(block, draft)) is not None]
    if len(found) > 1:
        for block in blocks:
            message = f"there are {len(blocks)} datasources, but a schema has one database"
            draft.findings.error("datasource-several", block.span, message, "keep one of them")
    draft.datasources.extend(found)
    return found


def properties(block: tree.Config, findings: Findings) -> _Values | None:
    """A block's properties by key, the last one of a repeated key; None when one has no value, told."""
    values: _Values = {}
    for item in block.properties:
        if item.value is None:
            message = f"`{item.name.text}` of {block.kind} `{block.name.text}` has no value"
            findings.error("property-value-missing", block.span, message, f"write `{item.name.text} = …`, or remove it")
            return None
        values[item.name.text] = item
    return values


def _datasource(block: tree.Config, draft: Draft) -> Datasource | None:
    findings = draft.findings
    values = properties(block, findings)
    if values is None:
        return None
    provider = _provider(block, values.pop("provider", None), findings)
    if provider is None:
        return None
    source = Datasource(block, block.name.text, provider[0], provider[1], documentation=block.documentation)
    source.relation_mode = _relation_mode(block, values, findings)
    _extensions(source, values.pop("extensions", None), findings)
    if draft.style == 6 and not _urls(block, values, findings):
        return None
    guarded = values.pop("previewFeatures", None)
    if guarded is not None:
        message = "`previewFeatures` stands in the datasource, where Prisma does not look for it"
        findings.error("preview-features-in-datasource", guarded.span, message, "move it to the generator block")
    _schemas(source, values.pop("schemas", None), findings)
    for name, item in values.items():
        known = (*_KEYS, *_URL_KEYS) if draft.style == 6 else _KEYS
        close = nearest(name, known, findings)
        hint = f"did you mean `{close}`?" if close else "what there is: " + ", ".join(f"`{key}`" for key in known)
        findings.error("property-unknown", item.span, f"a datasource has no property `{name}`", hint)
    return source


def _provider(block: tree.Config, item: tree.Property | None, findings: Findings) -> tuple[str, Span] | None:
    example = 'write `provider = "postgresql"`'
    if item is None or item.value is None:
        message = f"datasource `{block.name.text}` has no `provider`"
        one_line = "provider" in block.after_brace.partition("//")[0]
        then = "what stands behind `{` on its line is skipped: put it on lines of its own" if one_line else example
        findings.error("datasource-provider-missing", block.span, message, then)
        return None
    value = item.value
    if env.is_env(value):
        message = "the provider of a datasource cannot come from the environment"
        findings.error("datasource-provider-env", block.span, message, example)
        return None
    if not isinstance(value, tree.String) or not value.value:
        found = "an empty string" if isinstance(value, tree.String) else f"`{coerce.shown(value)}`"
        message = f"the provider of a datasource is a string, but this is {found}"
        findings.error("datasource-provider-invalid", value.span, message, example)
        return None
    if value.value not in PROVIDERS and value.value not in OTHER_PROVIDERS:
        close = nearest(value.value, (*PROVIDERS, *OTHER_PROVIDERS), findings)
        close = "postgresql" if close == "postgres" else close
        hint = f'did you mean `"{close}"`?' if close else example
        # What looks like a URL may hold a password.
        shown = "that looks like a URL" if "://" in value.value else f"`{value.value}`"
        message = f"nobody knows the provider {shown}"
        findings.error("datasource-provider-unknown", value.span, message, hint)
        return None
    return value.value, value.span


def _relation_mode(block: tree.Config, values: _Values, findings: Findings) -> Literal["foreignKeys", "prisma"]:
    mode, old = values.pop("relationMode", None), values.pop("referentialIntegrity", None)
    if old is not None:
        message = "`referentialIntegrity` is the old name of `relationMode`"
        findings.warning("referential-integrity-renamed", old.span, message, "write `relationMode = …`")
    if mode is not None and old is not None:
        message = "`referentialIntegrity` and `relationMode` say the same thing twice"
        findings.error("relation-mode-twice", old.span, message, "keep `relationMode`")
        return "foreignKeys"
    item = mode or old
    text = None if item is None or item.value is None else coerce.string(item.value, findings)
    if text is None or text == "foreignKeys":
        return "foreignKeys"
    if text != "prisma":
        message = f"`{text}` is no relation mode"
        hint = 'write `relationMode = "foreignKeys"` or `relationMode = "prisma"`'
        findings.error("relation-mode-unknown", block.span, message, hint)
        return "foreignKeys"
    return "prisma"


def _urls(block: tree.Config, values: _Values, findings: Findings) -> bool:
    """Whether the URLs of a datasource of style 6 can be read; they are not kept: the datasource reader does that."""
    url, direct, shadow = (values.pop(key, None) for key in _URL_KEYS)
    if url is None or url.value is None:
        message = f"datasource `{block.name.text}` has no `url`, which Prisma 6 wants"
        hint = 'write `url = env("DATABASE_URL")`; in the style of Prisma 7 there are no URLs at all'
        findings.error("datasource-url-missing", block.span, message, hint)
        return False
    main = env.text(url.value, findings)
    if main is None:
        return False
    other = env.text(shadow.value, findings) if shadow is not None and shadow.value is not None else None
    straight = env.text(direct.value, findings) if direct is not None and direct.value is not None else None
    for item, text in ((direct, straight), (url, main)):
        # A literal and a variable never count as equal: the text of a variable is `env("…")`, that of a URL never is.
        if other and item is not None and item.value is not None and text == other:
            message = f"`shadowDatabaseUrl` is the same as `{item.name.text}`: migrating would wipe the real database"
            findings.error("shadow-database-same", item.value.span, message, "give it a URL of its own")
    return True


def _schemas(source: Datasource, item: tree.Property | None, findings: Findings) -> None:
    if item is None or item.value is None:
        return
    schemas = coerce.array(item.value, coerce.string_with_span, findings)
    if schemas is None:
        return
    if not schemas:
        message = "`schemas` is empty"
        findings.error("schemas-empty", item.value.span, message, 'name a schema, as in `["public"]`, or remove it')
        return
    first: dict[str, Span] = {}
    for name, span in schemas:
        if name in first:
            findings.error("schemas-repeated", first[name], f"schema `{name}` is listed twice", "keep one of them")
        first[name] = span
    source.schemas = schemas
    source.schemas_span = item.value.span


def _extensions(source: Datasource, item: tree.Property | None, findings: Findings) -> None:
    if item is None or item.value is None:
        return
    extensions = coerce.array(item.value, _extension, findings)
    if extensions is not None:
        source.extensions = sorted(extensions, key=lambda extension: extension.name)
        source.extensions_span = item.span
        entries = item.value.items if isinstance(item.value, tree.Array) else (item.value,)
        _extension_arguments(source, [entry for entry in entries if isinstance(entry, tree.Call)], findings)


def _extension(expression: tree.Expression, findings: Findings) -> Extension | None:
    """One entry of `extensions`: a name, or a name with arguments (read only when all entries are right)."""
    if isinstance(expression, tree.Constant):
        return Extension(expression.text, expression.span)
    if isinstance(expression, tree.Call):
        return Extension(expression.name.text, expression.span)
    hint = ""
    if isinstance(expression, tree.String):
        name = expression.value
        hint = f"write `{name}`" if name.isidentifier() else f'write `a_name(map: "{name}")`'
    message = f"an extension is a bare name, but found {coerce.kind(expression)} `{coerce.shown(expression)}`"
    findings.error("extension-entry", expression.span, message, hint)
    return None


def _extension_arguments(source: Datasource, calls: Sequence[tree.Call], findings: Findings) -> None:
    """Read `map:`, `schema:` and `version:` of each entry that has arguments."""
    by_span = {extension.span: extension for extension in source.extensions}
    for call in calls:
        given: dict[str, str | None] = {}
        for argument in call.arguments.items:
            if argument.name is None:
                message = f"the argument `{coerce.shown(argument.value)}` of extension `{call.name.text}` has no name"
                hint = 'write `map: "…"`, `schema: "…"` or `version: "…"`'
                findings.error("extension-argument-unnamed", argument.span, message, hint)
                continue
            name = argument.name.text
            if name in given:
                message = f"extension `{call.name.text}` is given `{name}` twice"
                findings.error("extension-argument-repeated", argument.span, message, "keep one of them")
                continue
            given[name] = coerce.string(argument.value, findings)
            if name not in ("map", "schema", "version"):
                close = nearest(name, ("map", "schema", "version"), findings)
                hint = f"did you mean `{close}:`?" if close else "it takes `map:`, `schema:` and `version:`"
                message = f"extension `{call.name.text}` takes no argument `{name}`"
                findings.error("extension-argument-unknown", argument.span, message, hint)
        extension = by_span[call.span]
        extension.db_name, extension.schema = given.get("map"), given.get("schema")
        extension.version = given.get("version")
