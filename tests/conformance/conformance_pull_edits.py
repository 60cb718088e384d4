"""What a team does between two pulls, by chance: it edits the schema, and the database changes."""

import random
import re

_FIELD = re.compile(r"^  (\w+)( +)(\w+)(\[\]|\?)?(.*)$")
_SCALARS = ("Int", "String", "BigInt", "Boolean", "DateTime", "Json", "Decimal", "Float", "Bytes")
_LISTS = re.compile(r"\[([^\]]*)\]")


def edited(text: str, seed: int) -> str:
    """The schema with models and fields renamed, blocks in another order, comments added, relations renamed.

    A third of them are several files, each after a line `// --- path`.
    """
    chance = random.Random(seed)
    blocks = re.findall(r"(?:^///.*\n)*^\w+ \w+ \{\n(?:.*\n)*?^\}\n", text, re.MULTILINE)
    configuration = [one for one in blocks if one.startswith(("datasource", "generator"))]
    rest = [one for one in blocks if one not in configuration]
    listed = {word for found in _LISTS.findall(text) for word in re.findall(r"\w+", found)}
    renamed: dict[str, str] = {}
    done: list[str] = []
    for block in rest:
        found = re.search(r"^(model|enum) (\w+) \{$", block, re.MULTILINE)
        assert found is not None
        one = _fields(block, listed, chance) if found[1] == "model" else block
        if chance.random() < 0.4:
            renamed[found[2]] = f"{found[2]}Renamed"
            one = one.replace(f"{found[1]} {found[2]} {{", f"{found[1]} {found[2]}Renamed {{")
            if "@@map(" not in one:
                one = one[:-2] + f'\n  @@map("{found[2]}")\n}}\n'
        done.append(one)
    if chance.random() < 0.5:
        chance.shuffle(done)
    done = [_with_types(one, renamed) for one in done]
    if seed % 3:
        return "\n".join(configuration + done)
    files: dict[str, list[str]] = {"base.prisma": configuration, "a/one.prisma": [], "two.prisma": []}
    for one in done:
        files[chance.choice(list(files))].append(one)
    return "".join(f"// --- {path}\n" + "\n".join(blocks) for path, blocks in files.items())


def _fields(block: str, listed: set[str], chance: random.Random) -> str:
    """Fields that nothing names get another name; some get a comment, some `@ignore`."""
    lines = []
    for line in block.splitlines():
        found = _FIELD.match(line)
        if found is None or "@relation" in line or "@map(" in line or found[1] in listed:
            lines.append(line)
            continue
        if chance.random() < 0.15:
            lines.append(f"  /// about {found[1]}")
        lines.append(_field(line, found, chance, may_ignore="@@ignore" not in block))
    return "\n".join(lines) + "\n"


def _field(line: str, found: re.Match[str], chance: random.Random, *, may_ignore: bool) -> str:
    name, _, type_, arity, rest = found.groups(default="")
    if type_ not in _SCALARS:
        is_list = arity == "[]" and not rest.strip()
        return f"  {name}Many {type_}[]" if is_list and chance.random() < 0.5 else line
    new = f'  {name}Named {type_}{arity}{rest} @map("{name}")' if chance.random() < 0.3 else line
    is_free = may_ignore and "@id" not in line and "@unique" not in line
    return f"{new} @ignore" if is_free and chance.random() < 0.1 else new


def _with_types(block: str, renamed: dict[str, str]) -> str:
    lines = []
    for line in block.splitlines():
        found = _FIELD.match(line)
        is_renamed = found is not None and found[3] in renamed
        lines.append(f"  {found[1]} {renamed[found[3]]}{found[4] or ''}{found[5]}" if found and is_renamed else line)
    return "\n".join(lines) + "\n"


def evolution(seed: int) -> str:
    """A script that drops columns, tables and indexes, and adds others: whichever there are."""
    pick = "ORDER BY md5(c.oid::text || a.attnum || '{0}') LIMIT {1}"
    return f"""
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT c.oid::regclass AS t, a.attname AS n FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    {pick.format(seed, 1 + seed % 4)}
  LOOP EXECUTE format('ALTER TABLE %s DROP COLUMN %I CASCADE', r.t, r.n); END LOOP;
  FOR r IN SELECT c.oid::regclass AS t, a.attname AS n FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 1 AND NOT a.attisdropped
    {pick.format(seed + 1, 1 + seed % 2)}
  LOOP
    EXECUTE format('ALTER TABLE %s RENAME COLUMN %I TO moved', r.t, r.n);
    EXECUTE format('ALTER TABLE %s ADD fresh text[] DEFAULT ''{{}}''', r.t);
    EXECUTE format('CREATE TABLE added_%s (id serial PRIMARY KEY, m mood[])', md5(r.t::text));
    EXIT;
  END LOOP;
  FOR r IN SELECT c.oid::regclass AS t FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND {seed} % 3 = 0
    {pick.format(seed + 2, 1)}
  LOOP EXECUTE format('DROP TABLE %s CASCADE', r.t); END LOOP;
END $$;
ALTER TYPE mood ADD VALUE 'later';
"""
