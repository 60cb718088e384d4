"""What of the datasource depends on the generators' preview features: extensions."""

import unicodedata

from pgready.psl import preview_features
from pgready.psl.resolve.draft import Draft


def check(draft: Draft) -> None:
    """Report extensions without their preview feature, and names of extensions that Prisma cannot write."""
    source = draft.datasource
    if source is None or source.extensions_span is None:
        return
    if preview_features.EXTENSIONS not in draft.preview_features:
        message = f"`extensions` needs the preview feature `{preview_features.EXTENSIONS}`"
        hint = f'add `previewFeatures = ["{preview_features.EXTENSIONS}"]` to a generator'
        draft.findings.error("extensions-preview", source.extensions_span, message, hint)
        return
    for extension in source.extensions:
        name = extension.name
        if unicodedata.category(name[0]).startswith("N"):
            message = f"the name of extension `{name}` starts with a digit"
            draft.findings.error("extension-name", extension.span, message, f'write `a_name(map: "{name}")`')
        elif "-" in name:
            message = f"the name of extension `{name}` contains a hyphen"
            hint = f'write `{name.replace("-", "_")}(map: "{name}")`'
            draft.findings.error("extension-name", extension.span, message, hint)
