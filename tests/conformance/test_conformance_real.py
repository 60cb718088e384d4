"""Real and large schemas against Prisma's parsers: as they are, in the other style, and with small changes."""

import re
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import pytest
from conformance_cases import Case
from conformance_compare import compare
from conformance_mutate import mutated
from conformance_random import large

pytestmark = pytest.mark.prisma

ROOT = Path(__file__).parents[2]
URL = re.compile(r"^[ \t]*(?:url|directUrl|shadowDatabaseUrl)[ \t]*=.*\n", re.MULTILINE)
REAL = {
    "litellm": Path(str(distribution("litellm-proxy-extras").locate_file("litellm_proxy_extras/schema.prisma"))),
    "fourschemas": ROOT / "examples" / "fourschemas" / "prisma" / "schema.prisma",
}


def both_styles(name: str) -> list[Case]:
    """The schema with a URL and without."""
    text = URL.sub("", REAL[name].read_text(encoding="utf-8"))
    with_url = re.sub(r"^(datasource .*\n)", r'\1  url = env("DATABASE_URL")\n', text, flags=re.MULTILINE)
    return [Case(name, 6, (("schema.prisma", with_url),)), Case(name, 7, (("schema.prisma", text),))]


@pytest.mark.parametrize("name", REAL)
def test_real_schemas(parsers, name):
    """Schemas that people use, in both styles: valid, and alike in everything."""
    found = compare(both_styles(name), parsers)
    assert found.valid >= 1
    assert found.differences == []


@pytest.mark.parametrize("name", REAL)
def test_changed_real_schemas(parsers, name):
    """The same with one to three small changes each."""
    cases = both_styles(name)
    changed = [replace(mutated(seed, cases[seed % 2]), name=f"{name}/{seed}") for seed in range(8)]
    assert compare(changed, parsers).differences == []


def test_a_large_schema(parsers):
    """300 models in 55 files."""
    case = large(1, 300, 55)
    found = compare([case], parsers)
    assert sum(text.count("model ") for _, text in case.files) >= 300
    assert found.valid == 1
    assert found.differences == []
