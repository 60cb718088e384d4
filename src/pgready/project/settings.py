"""What pgready is to work with: every setting as a value. `project.resolution` finds them. Hot module."""

from pgready.errors import UsageInvalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pgready.project.url import Target

# name -> (kind, default). Flags have the same names; PGREADY_<NAME> and the TOML keys follow from them.
FIELDS: "dict[str, tuple[str, object]]" = {
    "schemas": ("names", ()),
    "migrations_schema": ("name", None),
    "schema_owner": ("name", None),
    "create_database": ("bool", False),
    "timeout": ("duration", 300.0),
    "lock_timeout": ("duration", 5.0),
    "retry_auth": ("bool", False),
    "log_format": ("log_format", "auto"),
    "quiet": ("bool", False),
    "color": ("bool", None),
    "json": ("bool", False),
    "max_failures": ("count", 3),
    "refuse_hazards": ("bool", False),
    "health": ("address", None),
    "verify": ("verify", "history"),
}
PATHS = ("schema", "migrations", "readiness_contract", "url", "direct_url", "shadow_database_url", "config")
READ_ELSEWHERE = ("seed", "external_tables", "external_enums", "sides", "parity", "contracts", "profile", "smoke")


class Settings:
    """Every setting as a value; `sources` maps a field to where its value came from.

    `timeout` and `lock_timeout` are seconds (0 switches the lock timeout off). `migrations_schema` is None where the
    migrations table belongs into the first schema of the search path. `schemas` are to be created if they are missing.
    `verify` is "history" or "parity", which needs the file `readiness_contract`.
    `health` is where boot and wait answer probes (`:8080`).
    `migrations` and `schema_files` are paths below the `cwd` that was given. `notes` are for people: what was ignored
    and why; those of a URL are in `url.notes`.
    """

    __slots__ = (
        "color",
        "create_database",
        "direct_url",
        "health",
        "json",
        "lock_timeout",
        "log_format",
        "max_failures",
        "migrations",
        "migrations_schema",
        "notes",
        "quiet",
        "readiness_contract",
        "refuse_hazards",
        "retry_auth",
        "schema_files",
        "schema_owner",
        "schemas",
        "searched",
        "sources",
        "timeout",
        "url",
        "verify",
    )

    def __init__(self) -> None:
        self.url: "Target | None" = None
        self.direct_url: "Target | None" = None
        self.schema_files: tuple[str, ...] = ()
        self.migrations = ""
        self.migrations_schema: str | None = None
        self.schemas: tuple[str, ...] = ()
        self.schema_owner: str | None = None
        self.create_database = False
        self.timeout = 300.0
        self.lock_timeout = 5.0
        self.retry_auth = False
        self.log_format = "auto"
        self.quiet = False
        self.color: bool | None = None
        self.json = False
        self.max_failures = 3
        self.refuse_hazards = False
        self.health: str | None = None
        self.verify = "history"
        self.readiness_contract = ""
        self.sources: dict[str, str] = {}
        self.notes: tuple[str, ...] = ()
        self.searched: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__slots__ if n != 'searched')})"

    def require_url(self) -> "Target":
        """The URL; raises UsageInvalid that names every place looked at if there is none."""
        if self.url is not None:
            return self.url
        raise UsageInvalid(
            "no database URL: looked at " + ", ".join(self.searched),
            then="set DATABASE_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE",
            code="url_missing",
        )
