"""The `generator` blocks, and what they have in common with the `datasource`: keys with values."""

from pgready.psl import preview_features, tree
from pgready.psl.diagnostics import Findings
from pgready.psl.near_misses import nearest
from pgready.psl.resolve import coerce, datasources, env
from pgready.psl.resolve.draft import Draft, Generator


def resolve(draft: Draft) -> None:
    """Fill the draft's datasources and generators, file by file.

    As in Prisma, a generator knows only the datasource of its own file, and two datasources are too many only when they
    stand in one file.
    """
    for document in draft.documents:
        blocks = [item for item in document.items if isinstance(item, tree.Config)]
        found = datasources.resolve([block for block in blocks if block.kind == "datasource"], draft)
        on_postgresql = bool(found) and found[0].provider in datasources.PROVIDERS
        for block in blocks:
            if block.kind == "generator":
                generator = _generator(block, draft, on_postgresql=on_postgresql)
                if generator is not None:
                    draft.generators.append(generator)


def _generator(block: tree.Config, draft: Draft, *, on_postgresql: bool) -> Generator | None:
    findings = draft.findings
    values = datasources.properties(block, findings)
    if values is None:
        return None
    engine = values.get("engineType")
    if engine is not None and engine.value is not None and not isinstance(engine.value, tree.String):
        coerce.string(engine.value, findings)
    provider = values.pop("provider", None)
    if provider is None or provider.value is None:
        message = f"generator `{block.name.text}` has no `provider`"
        findings.error("generator-provider-missing", block.span, message, 'write `provider = "prisma-client"`')
        return None
    name = env.text(provider.value, findings)
    if name is None:
        return None
    output, targets, features = (values.pop(key, None) for key in ("output", "binaryTargets", "previewFeatures"))
    return Generator(
        node=block,
        name=block.name.text,
        provider=name,
        output=env.text(output.value, findings) if output is not None and output.value is not None else None,
        binary_targets=_texts(targets, findings),
        preview_features=_features(features, draft, on_postgresql=on_postgresql),
        config={
            key: value
            for key, item in values.items()
            if item.value is not None and (value := _setting(item.value, findings)) is not None
        },
        documentation=block.documentation,
    )


def _texts(item: tree.Property | None, findings: Findings) -> list[str]:
    if item is None or item.value is None:
        return []
    return coerce.array(item.value, env.text, findings) or []


def _setting(expression: tree.Expression, findings: Findings) -> str | list[str] | None:
    """A generator's own setting as text or list of texts; only the arguments of `env` can be wrong."""
    if isinstance(expression, tree.Array):
        return [text for item in expression.items if (text := _setting_text(item, findings)) is not None]
    return _setting_text(expression, findings)


def _setting_text(expression: tree.Expression, findings: Findings) -> str | None:
    if isinstance(expression, tree.Call) and env.is_env(expression):
        return env.text(expression, findings)
    return expression.value if isinstance(expression, tree.String) else coerce.render(expression)


def _features(item: tree.Property | None, draft: Draft, *, on_postgresql: bool) -> list[str]:
    if item is None or item.value is None:
        return []
    found: list[str] = []
    for written in coerce.array(item.value, coerce.string, draft.findings) or []:
        name = preview_features.spelling(written)
        state = preview_features.state(name, draft.style, on_postgresql=on_postgresql)
        if state == "unknown":
            _unknown_feature(written, item.value, draft, on_postgresql=on_postgresql)
            continue
        if state == "stable":
            draft.findings.warning(
                "preview-feature-stable",
                item.value.span,
                f"the preview feature `{written}` is part of Prisma now and need not be asked for",
                "remove it from `previewFeatures`",
            )
        elif state == "deprecated":
            draft.findings.warning(
                "preview-feature-deprecated",
                item.value.span,
                f"the preview feature `{written}` is deprecated: Prisma 7 no longer knows it",
                "remove it from `previewFeatures`",
            )
        elif state == "renamed":
            name = preview_features.FULL_TEXT_SEARCH
            draft.findings.warning(
                "preview-feature-renamed",
                item.value.span,
                f"the preview feature `{written}` is called `{name}` on PostgreSQL",
                f'write `"{name}"`',
            )
        found.append(name)
    return found


def _unknown_feature(written: str, value: tree.Expression, draft: Draft, *, on_postgresql: bool) -> None:
    known = preview_features.active(draft.style, on_postgresql=on_postgresql)
    close = nearest(written, known, draft.findings)
    if written.lower() == preview_features.FULL_TEXT_SEARCH.lower():
        hint = "move the generator into the file of the datasource: Prisma looks for it nowhere else"
    elif close:
        hint = f'did you mean `"{close}"`?'
    else:
        hint = "what there is: " + ", ".join(f"`{name}`" for name in known)
    message = f"Prisma {draft.style} knows no preview feature `{written}`"
    draft.findings.error("preview-feature-unknown", value.span, message, hint)
