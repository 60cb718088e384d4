"""Where each setting comes from.

Strongest first: flag, environment, `.env`, `pgready.toml` or `[tool.pgready]` of pyproject.toml, literals of
`prisma.config.ts` (else package.json), the datasource block, default. The *name* of the URL's variable is what the
config or the datasource reads with env("NAME"), else DATABASE_URL, so that pgready and Prisma meet in one database.
Reads files, never writes; no repr, error or note holds a password. Hot module: rooms for files that most images do
not have (`.env`, TOML, prisma.config.ts) are imported when such a file exists.
"""

import os

from pgready.errors import UsageInvalid
from pgready.project.schema_files import (
    Schema,
    default_files,
    find_schema,
    has_project,
    migrations_beside,
    nearest,
    read_bytes,
    read_text,
)
from pgready.project.settings import FIELDS, PATHS, READ_ELSEWHERE, Settings
from pgready.project.url import Target, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgready.project.config_ts import PrismaConfig
    from pgready.psl.datasource import Value


def resolve(flags: "Mapping[str, object]", environ: "Mapping[str, str]", cwd: str) -> Settings:
    """Collect every setting, a URL or none; flags that are None count as absent. Raises UsageInvalid."""
    return Resolution(flags, environ, cwd).run()


def schema_path(flags: "Mapping[str, object]", environ: "Mapping[str, str]", cwd: str) -> "tuple[str, str, list[str]]":
    """Where the schema is said to be ("": Prisma's default places), by what, and what was ignored; reads no schema."""
    resolution = Resolution(flags, environ, cwd)
    if not flags.get("schema"):
        resolution.read_dotenv("")
        resolution.read_config()
    path, source = resolution.schema_path()
    if not path and resolution.folder:
        path, source = os.path.join(resolution.folder, "prisma", "schema.prisma"), resolution.beside
    return path, source, resolution.prisma.notes if resolution.prisma else []


class Resolution:
    """One run of `resolve`: the sources that were found, and the notes on the way."""

    __slots__ = (
        "beside",
        "cwd",
        "dotenv",
        "environ",
        "flags",
        "folder",
        "notes",
        "prisma",
        "schema",
        "settings",
        "toml",
        "toml_folder",
    )

    def __init__(self, flags: "Mapping[str, object]", environ: "Mapping[str, str]", cwd: str) -> None:
        self.flags = {name: value for name, value in flags.items() if value is not None}
        self.environ = environ
        self.cwd = cwd
        self.notes: list[str] = []
        self.settings = Settings()
        # name -> (value, file it stands in)
        self.dotenv: dict[str, tuple[str, str]] = {}
        # key -> (value, where), and the folder that its paths start from
        self.toml: dict[str, tuple[object, str]] = {}
        self.toml_folder = ""
        # Below `cwd`, where default places are: beside a settings file that was named, if a project is there.
        self.folder = ""
        self.beside = ""
        self.prisma: PrismaConfig | None = None
        self.schema = Schema()

    def run(self) -> Settings:
        """Everything, resolved; raises UsageInvalid."""
        settings = self.settings
        self.read_dotenv("")
        self.read_config()
        self.schema = self.find_schema()
        settings.schema_files = self.schema.files
        settings.sources["schema_files"] = self.schema.source
        if self.schema.files and self.schema.folder:
            self.read_dotenv(self.schema.folder)
        self.find_migrations()
        self.find_urls()
        for name, (kind, default) in FIELDS.items():
            value, source = self.field(name, kind, default)
            setattr(settings, name, value)
            settings.sources[name] = source
        if settings.verify == "parity":
            self.find_contract()
        self.join_schemas()
        self.judge_color()
        self.judge_names()
        if self.environ.get("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK"):
            self.notes.append("PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK is not honoured: pgready never migrates unlocked")
        settings.notes = tuple(self.notes)
        return settings

    # ── sources ──

    def read_dotenv(self, folder: str) -> None:
        """Take the `.env` of a folder, if there is one."""
        shown = os.path.join(folder, ".env")
        try:
            with open(os.path.join(self.cwd, shown), "rb") as file:
                data = file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return
        except OSError as e:
            self.notes.append(f"{shown} was not read: {e.strerror}")
            return
        from pgready.project.dotenv import read

        for name, value in read(data, shown, self.environ).items():
            first = self.dotenv.setdefault(name, (value, shown))
            if first[0] != value and (name.endswith("_URL") or name.startswith("PGREADY_")):
                raise UsageInvalid(
                    f"{first[1]} and {shown} give {name} two different values",
                    where=shown,
                    then="keep it in one of them",
                )

    def read_config(self) -> None:
        """TOML settings and prisma.config.ts, each if there is one; `--config` may name either."""
        given = str(self.flags.get("config") or self.variable("PGREADY_CONFIG")[0])
        is_toml = given.endswith(".toml")
        folder = os.path.dirname(os.path.normpath(given)) if given else ""
        if folder and has_project(self.cwd, folder):
            self.folder, self.beside = folder, f"beside {given}"
            self.read_dotenv(folder)
        names = ["pgready.toml", "pyproject.toml"]
        if self.folder:
            names = [os.path.join(folder, name) for name in names] + names
        for name in (given,) if is_toml else names:
            path = os.path.join(self.cwd, name)
            if not is_toml and not os.path.isfile(path):
                continue
            data = read_bytes(path, name)
            if not is_toml and os.path.basename(name) == "pyproject.toml" and b"tool.pgready" not in data:
                continue
            from pgready.project.toml import read

            self.toml = read(data, name, (*FIELDS, *PATHS[:-1], *READ_ELSEWHERE))
            self.toml_folder = os.path.dirname(name)
            break
        path = "" if is_toml else given
        if not path:
            for stem in ("prisma.config.", ".config/prisma."):
                for ending in ("ts", "mts", "cts", "js", "mjs", "cjs"):
                    if not path and os.path.isfile(os.path.join(self.cwd, self.folder, stem + ending)):
                        path = os.path.join(self.folder, stem + ending)
        if path:
            from pgready.project.config_ts import read as read_config_ts

            self.prisma = read_config_ts(read_text(os.path.join(self.cwd, path), path), path)
            self.notes.extend(self.prisma.notes)

    def variable(self, name: str) -> "tuple[str, str]":
        """Value and source of an environment variable, the environment's own or a `.env` file's; "" if neither."""
        value = self.environ.get(name)
        if value:
            return value, f"environment {name}"
        if name in self.dotenv and self.dotenv[name][0]:
            value, path = self.dotenv[name]
            return value, f"{path} {name}"
        return "", ""

    def path_setting(self, name: str) -> "tuple[str, str]":
        """A path given by flag, environment or TOML, relative to `cwd`, and its source."""
        value = self.flags.get(name)
        if value:
            return str(value), f"flag --{name}"
        text, source = self.variable("PGREADY_" + name.upper())
        if text:
            return text, source
        if name in self.toml:
            raw, where = self.toml[name]
            if not isinstance(raw, str) or not raw:
                raise UsageInvalid(f"{where}: {name} takes a path in quotes", where=where)
            return os.path.join(self.toml_folder, raw), where
        return "", ""

    # ── places ──

    def find_schema(self) -> Schema:
        """The schema; none where a settings file was named whose project has none. Raises UsageInvalid."""
        path, source = self.schema_path()
        return Schema() if self.folder and not path else find_schema(self.cwd, path, source)

    def schema_path(self) -> "tuple[str, str]":
        """Where the schema is said to be, and by what; beside a settings file that was named, where it was found."""
        path, source = self.path_setting("schema")
        if not path and self.prisma and self.prisma.schema:
            path = os.path.join(os.path.dirname(self.prisma.path), self.prisma.schema)
            source = f"{self.prisma.path}:{self.prisma.lines['schema']}"
        if not path and not self.prisma and nearest(os.path.join(self.cwd, self.folder), "package.json"):
            from pgready.project.package_json import schema_path

            path, source = schema_path(os.path.join(self.cwd, self.folder))
            path = os.path.normpath(os.path.join(self.folder, path)) if path else ""
        if not path and self.folder and (files := default_files(os.path.join(self.cwd, self.folder))):
            file = files[0] if len(files) == 1 and files[0].endswith("schema.prisma") else ""
            root = "prisma/schema" if files[0].startswith("prisma/schema/") else "prisma"
            path, source = os.path.join(self.folder, file or root), self.beside
        return path, source

    def find_migrations(self) -> None:
        """The migrations folder: said, or beside the schema."""
        path, source = self.path_setting("migrations")
        if not path and self.prisma and self.prisma.migrations:
            path = os.path.join(os.path.dirname(self.prisma.path), self.prisma.migrations)
            source = f"{self.prisma.path}:{self.prisma.lines['migrations.path']}"
        if not path:
            path, source = migrations_beside(self.schema, self.cwd, self.folder)
        self.settings.migrations = os.path.join(self.cwd, path)
        self.settings.sources["migrations"] = source

    def find_contract(self) -> None:
        """The readiness contract: said, or beside the migrations folder."""
        path, source = self.path_setting("readiness_contract")
        if not path:
            path = os.path.join(os.path.dirname(self.settings.migrations), "readiness.contract")
        self.settings.readiness_contract = os.path.join(self.cwd, path)
        self.settings.sources["readiness_contract"] = source or "default"

    # ── URLs ──

    def find_urls(self) -> None:
        """The URLs of the database, pooled and direct."""
        datasource = self.schema.datasource
        settings = self.settings
        in_prisma = self.prisma.url if self.prisma else None
        in_schema = datasource.url if datasource else None
        text, source, settings.searched = self.url_text("url", in_prisma or in_schema, "DATABASE_URL")
        if text:
            settings.url = self.parse(text, source)
        settings.sources["url"] = source or "not set"
        in_prisma = self.prisma.direct_url if self.prisma else None
        in_schema = datasource.direct_url if datasource else None
        text, source, _ = self.url_text("direct_url", in_prisma or in_schema, "")
        if text:
            settings.direct_url = self.parse(text, source)
            if settings.url and settings.url.schema != settings.direct_url.schema:
                self.notes.append(f"{source}: its ?schema= differs from that of {settings.url.source}, which counts")
        settings.sources["direct_url"] = source or "not set"

    def parse(self, text: str, source: str) -> Target:
        """A URL, with a note if its password shows."""
        base = os.path.join(self.cwd, self.schema.folder)
        target = parse(text, source, base)
        if source == "flag --url" and target.has_secret:
            self.notes.append("flag --url: its password shows in the process list; DATABASE_URL does not")
        return target

    def url_text(self, name: str, named: "Value | None", default: str) -> "tuple[str, str, tuple[str, ...]]":
        """A URL's text, its source, and every place looked at. `named` is what the project says about it."""
        flag = "flag --" + name.replace("_", "-")
        if name in self.flags:
            return str(self.flags[name]), flag, ()
        searched = [flag]
        own = "PGREADY_" + name.upper()
        theirs = named.text if named is not None and named.kind == "env" else default
        for variable in dict.fromkeys((own, theirs, default)):
            if not variable:
                continue
            text, source = self.variable(variable)
            if text:
                if named is not None and theirs != default and variable != own:
                    self.note_variables(named, variable, default, text)
                return text, source, ()
            empty = " (set but empty)" if variable in self.environ or variable in self.dotenv else ""
            searched.append(f"environment and .env {variable}{empty}")
        if name in self.toml:
            raw, where = self.toml[name]
            if not isinstance(raw, str):
                raise UsageInvalid(f"{where}: {name} takes a URL in quotes", where=where)
            if parse(raw, where).has_secret:
                raise UsageInvalid(
                    f"{where}: a URL with a password does not belong into a file that is committed",
                    where=where,
                    then=f"set {theirs or own} in the environment, or leave the password out",
                )
            return raw, where, ()
        searched.append("pgready.toml and [tool.pgready] of pyproject.toml")
        if named is not None and named.kind == "literal" and named.text:
            return named.text, self.place(named), ()
        searched.append(self.prisma.path if self.prisma else "prisma.config.ts (there is none)")
        datasource = self.schema.datasource
        searched.append(f"the datasource of {datasource.path}" if datasource else "a datasource block (there is none)")
        return "", "", tuple(searched)

    def note_variables(self, named: "Value", taken: str, default: str, text: str) -> None:
        """Tell where the project's own variable and DATABASE_URL part ways."""
        place = self.place(named)
        if taken == default:
            self.notes.append(f"{place} reads {named.text}, which is not set: {default} is taken")
        elif default and self.variable(default)[0] not in ("", text):
            self.notes.append(f"{place} reads {named.text}: it is taken, and {default}, which differs, is not")

    def place(self, value: "Value") -> str:
        """`file:line` of a value of prisma.config.ts or the datasource block."""
        if self.prisma and value in (self.prisma.url, self.prisma.direct_url, self.prisma.shadow_url):
            return f"{self.prisma.path}:{value.line}"
        return f"{self.schema.datasource.path}:{value.line}" if self.schema.datasource else ""

    # ── plain values ──

    def field(self, name: str, kind: str, default: object) -> "tuple[object, str]":
        """A plain value and its source."""
        value: object
        if name in self.flags:
            value, source = self.flags[name], "flag --" + name.replace("_", "-")
        else:
            value, source = self.variable("PGREADY_" + name.upper())
            if not value and name in self.toml:
                value, source = self.toml[name]
            elif not value:
                return default, "default"
        from pgready.project.values import convert

        return convert(kind, value, source), source

    def join_schemas(self) -> None:
        """The schemas of ?schema=, the datasource and the settings, each once, in that order."""
        settings, datasource = self.settings, self.schema.datasource
        names: dict[str, None] = {}
        sources: list[str] = []
        if settings.url and settings.url.schema:
            names[settings.url.schema] = None
            sources.append(f"{settings.url.source} (?schema=)")
            if settings.migrations_schema is None:
                settings.migrations_schema = settings.url.schema
                settings.sources["migrations_schema"] = sources[0]
        if datasource and datasource.schemas:
            names |= dict.fromkeys(datasource.schemas)
            sources.append(f"{datasource.path}:{datasource.lines['schemas']}")
        if settings.schemas:
            names.update(dict.fromkeys(settings.schemas))
            sources.append(settings.sources["schemas"])
        if settings.migrations_schema:
            if settings.migrations_schema not in names:
                sources.append(settings.sources["migrations_schema"])
            names.setdefault(settings.migrations_schema)
        settings.schemas = tuple(names)
        settings.sources["schemas"] = ", ".join(sources) or "default"
        for name in datasource.schemas if datasource else ():
            if not name or len(name) > 15:  # 63 bytes are at least 15 characters
                from pgready.project.values import check_name

                check_name(name, settings.sources["schemas"])

    def judge_color(self) -> None:
        """NO_COLOR and FORCE_COLOR, where nothing of ours says more."""
        settings = self.settings
        if settings.color is None and self.environ.get("NO_COLOR"):
            settings.color, settings.sources["color"] = False, "environment NO_COLOR"
        elif settings.color is None and self.environ.get("FORCE_COLOR"):
            settings.color, settings.sources["color"] = True, "environment FORCE_COLOR"

    def judge_names(self) -> None:
        """Note variables that look like pgready's and are not: a mistyped one is ignored in silence otherwise."""
        for name in (*self.environ, *self.dotenv):
            if name.startswith("PGREADY_") and name[8:].lower() not in FIELDS and name[8:].lower() not in PATHS:
                from pgready.project.values import unknown_variable

                self.notes.extend(unknown_variable(name, (*FIELDS, *PATHS)))
