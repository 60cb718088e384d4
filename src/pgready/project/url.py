"""A database URL as libpq parameters: Prisma's parameters and libpq's, each honoured or refused by name.

Promises: `parse` touches nothing but its arguments; no error, note or repr holds a password; where Prisma and libpq
read the same text differently, the text is refused with the spelling that both read alike. libpq's environment
(PGHOST, PGUSER, PGPASSFILE, ...) stays libpq's own business. Hot module: imports only parameters.
"""

from pgready.project.parameters import BOTH, CHOICES, INTEGERS, LIBPQ, MASK, NO_EFFECT, PRISMA, SECRETS, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_NAME_BYTES = 63
_HEX = frozenset("0123456789abcdefABCDEF")


class Params(dict):  # type: ignore[type-arg]
    """libpq keywords and values, as a dict whose repr masks the secret ones."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr({k: MASK if k in SECRETS else v for k, v in self.items()})


class Target:
    """Where to connect, as a value.

    `params` are libpq keywords, ready for `psycopg.connect(**params)` or PQconnectdbParams with expand_dbname 0 (a
    database may be named like a URL). `schema` is Prisma's `?schema=` or None. `dbname` is "" when the URL names no
    database (libpq takes PGDATABASE, else the user's name). `hosts` are (host, port) pairs as the URL says, ("", 5432)
    standing for libpq's defaults. `redacted` is the URL with secrets masked, for people. `notes` name the parameters
    that have no effect or a surprising one. `source` says where the URL came from.
    """

    __slots__ = ("dbname", "hosts", "notes", "params", "pgbouncer", "redacted", "schema", "source")

    def __init__(
        self,
        params: "dict[str, str]",
        *,
        schema: "str | None" = None,
        pgbouncer: bool = False,
        redacted: str = "",
        notes: "tuple[str, ...]" = (),
        source: str = "",
    ) -> None:
        self.params: dict[str, str] = Params(params)
        self.schema = schema
        self.pgbouncer = pgbouncer
        self.redacted = redacted
        self.notes = notes
        self.source = source
        self.dbname: str = params.get("dbname", "")
        self.hosts: tuple[tuple[str, int], ...] = _hosts(params, source)

    @property
    def password(self) -> "str | None":
        """The password, if the URL holds one; never part of repr or str."""
        return self.params.get("password")

    @property
    def has_secret(self) -> bool:
        """Whether any parameter is a secret (a password, a key, a client secret)."""
        return any(name in SECRETS for name in self.params)

    def __repr__(self) -> str:
        return f"Target({self.redacted!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Target):
            return NotImplemented
        return (self.params, self.schema, self.pgbouncer) == (other.params, other.schema, other.pgbouncer)

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.params.items())), self.schema, self.pgbouncer))


def parse(url: str, source: str = "DATABASE_URL", base: str = "") -> Target:
    """Read a `postgresql://` URL, as Prisma and libpq write them, or a libpq keyword string.

    `source` names the URL's origin in errors; `base` is the folder that Prisma's relative certificate paths start
    from. Raises UsageInvalid, which never quotes the URL.
    """
    notes: list[str] = []
    text = url.strip()
    if text != url:
        notes.append(f"{source}: white space around the URL was ignored")
    if not text:
        refuse(source, "the URL is empty", "set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE")
    if "\0" in text:
        refuse(source, "the URL holds a NUL character")
    quotes = "\"'`"
    if text[0] in quotes or ("://" in text and "=" not in text.partition("://")[0] and text[-1] in quotes):
        refuse(
            source,
            "the URL stands in quotes that are part of the value",
            "remove the quotes: a shell takes them off, but Docker's --env-file, Kubernetes and others do not",
        )
    scheme, separator, rest = text.partition("://")
    if separator and scheme in ("postgresql", "postgres"):
        if not text.isprintable() or " " in text:
            _refuse_blank(text, source)
        pairs, redacted = _uri(scheme, rest, source)
        return _target(pairs, redacted, notes, source, base, uri=True)
    if (separator and "=" not in scheme) or "=" not in text:
        from pgready.project.url_trouble import refuse_scheme

        refuse_scheme(text, source)
    from pgready.project.conninfo import keywords

    pairs = keywords(text, source)
    redacted = " ".join(f"{k}={MASK if k in SECRETS else v}" for k, v in pairs)
    return _target(pairs, redacted, notes, source, base, uri=False)


def _refuse_blank(text: str, source: str) -> "NoReturn":
    at = next(i for i, c in enumerate(text, 1) if c == " " or not c.isprintable())
    kind = "white space" if text[at - 1].isspace() else "a control character or broken text"
    refuse(
        source,
        f"the URL holds {kind} at character {at}",
        "write a space as %20, and check for a line break or a second value behind the URL",
    )


def _refuse_unencoded(source: str, what: str) -> "NoReturn":
    refuse(
        source,
        f"the URL holds {what}: a password or a name in it is not percent-encoded",
        "write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25 and a space as %20, e.g. with\n"
        "  python3 -c 'import getpass, urllib.parse; print(urllib.parse.quote(getpass.getpass(), safe=\"\"))'",
    )


def _uri(scheme: str, rest: str, source: str) -> "tuple[list[tuple[str, str]], str]":
    """The URL's parts as (keyword, value) pairs in libpq's order, later ones winning, and its redacted text."""
    if "#" in rest:
        _refuse_unencoded(source, "a bare # where none can be")
    head, question, query = rest.partition("?")
    authority, slash, path = head.partition("/")
    userinfo, at, hostpart = authority.rpartition("@")
    # Prisma splits at the last @ and libpq at the first; and an @ behind the host means that the host is none.
    if "@" in userinfo or "@" in path or (not at and "@" in query):
        _refuse_unencoded(source, "a bare @ where none can be")
    if "/" in path:
        _refuse_unencoded(source, "a second bare / where none can be")
    pairs: list[tuple[str, str]] = []
    user, colon, password = userinfo.partition(":")
    if user:
        pairs.append(("user", decode(user, source, "the user's name")))
    if password:
        pairs.append(("password", decode(password, source, "the password")))
    hosts, ports = _hosts_of(hostpart, source, trusted=bool(at))
    if hosts:
        pairs.append(("host", decode(hosts, source, "the host")))
    if ports:
        pairs.append(("port", ports))
    if path:
        pairs.append(("dbname", decode(path, source, "the database's name")))
    shown: list[str] = []
    previous = ""
    for number, piece in enumerate(query.split("&"), 1):
        if not piece:
            continue
        raw, equals, value = piece.partition("=")
        # A bare "&" in a secret cuts it: what follows may be the rest of it and is not shown.
        name = decode(raw, source, f"parameter {number}")
        unsafe = "@" in query or previous in SECRETS
        if not equals or not (name in LIBPQ or name in NO_EFFECT or name in PRISMA or name == "ssl"):
            from pgready.project.url_trouble import refuse_parameter

            refuse_parameter(name, number, source, missing_equals=not equals, unsafe=unsafe)
        if "+" in value and name in BOTH:
            refuse(
                source,
                f'"+" in {name} is a space to Prisma and a plus to libpq',
                "write %20 for a space, %2B for a plus",
            )
        if name in PRISMA:
            value = value.replace("+", " ")
        pairs.append((name, decode(value, source, name)))
        shown.append(f"{raw}={MASK if name in SECRETS else value}")
        previous = name
    redacted = f"{scheme}://{user}{':' + MASK if colon else ''}{at}{hostpart}{slash}{path}{question}{'&'.join(shown)}"
    return pairs, redacted


def _hosts_of(hostpart: str, source: str, *, trusted: bool) -> "tuple[str, str]":
    """Hosts and ports of `h1:1,[::1]:2`, each joined with commas as libpq takes them."""
    if not hostpart:
        return "", ""
    hosts: list[str] = []
    ports: list[str] = []
    for piece in hostpart.split(","):
        if piece.startswith("["):
            host, bracket, tail = piece[1:].partition("]")
            if not bracket or not host or (tail and tail[0] != ":"):
                refuse(
                    source, "an IPv6 address is not written as [ADDRESS]:PORT", "e.g. postgresql://user@[::1]:5432/db"
                )
            port = tail[1:]
        else:
            host, _, port = piece.partition(":")
            if ":" in port and trusted:
                refuse(source, "an IPv6 address stands without brackets", "e.g. postgresql://user@[::1]:5432/db")
        if port and not (port.isascii() and port.isdigit()):
            # Without an @ this may be `user:password` of a URL that was cut at a #, / or ?.
            if not trusted:
                _refuse_unencoded(source, "no host behind user:password")
            refuse(source, "the port is not a number", "e.g. postgresql://user@host:5432/db")
        hosts.append(host)
        ports.append(port)
    return ",".join(hosts), ",".join(ports)


def decode(text: str, source: str, part: str) -> str:
    """`text` with %XX taken back; `part` names it in errors, which never show it."""
    if "%" not in text:
        return text
    first, *others = text.split("%")
    out = bytearray(first.encode())
    for piece in others:
        if len(piece) < 2 or piece[0] not in _HEX or piece[1] not in _HEX:
            refuse(source, f"a % in {part} is not followed by two hexadecimal digits", "write a percent sign as %25")
        byte = int(piece[:2], 16)
        if not byte:
            refuse(source, f"{part} holds %00, which PostgreSQL cannot take")
        out.append(byte)
        out += piece[2:].encode()
    try:
        return out.decode()
    except UnicodeDecodeError:
        refuse(source, f"{part} is not UTF-8 after percent-decoding", "encode its UTF-8 bytes, e.g. ü as %C3%BC")


def _target(
    pairs: "Sequence[tuple[str, str]]", redacted: str, notes: "list[str]", source: str, base: str, *, uri: bool
) -> Target:
    """Judge every parameter by name and build the Target."""
    given: dict[str, str] = {}
    query_names = set()
    for name, value in pairs:
        if name in query_names and name in PRISMA:
            notes.append(f"{source}: {name} is given twice; the last one counts")
        query_names.add(name)
        if name == "ssl":
            if value != "true":
                refuse(
                    source, "ssl takes only true", "write sslmode=disable, prefer, require, verify-ca or verify-full"
                )
            given["sslmode"] = "require"
            continue
        choices = CHOICES.get(name)
        if choices is not None and value not in choices:
            from pgready.project.url_trouble import refuse_value

            refuse_value(name, value, choices, source)
        if (name in INTEGERS or name.startswith("keepalives")) and not (
            value.isascii() and value.removeprefix("-").isdigit()
        ):
            refuse(source, f"{name} is not a whole number")
        if name in NO_EFFECT:
            notes.append(f"{source}: {name} has no effect: {NO_EFFECT[name]}")
            continue
        given[name] = value
    if "replication" in given:
        refuse(source, "replication is refused: a replication connection cannot run migrations", "remove it")
    given.pop("client_encoding", None)  # UTF-8 is what pgready sends always
    schema = given.pop("schema", None)
    if schema == "":
        notes.append(f"{source}: schema is empty and has no effect")
        schema = None
    pgbouncer = given.pop("pgbouncer", "") == "true"
    if uri and ("sslcert" in given or "sslaccept" in given or "sslidentity" in given):
        from pgready.project.tls import as_libpq

        as_libpq(given, notes, source, base)
    if "search_path" in given.get("options", ""):
        which = "the migrations table is found along it" if schema is None else "?schema= is stronger"
        notes.append(f"{source}: options sets search_path; {which}")
    for part, name in (
        ("database", given.get("dbname", "")),
        ("schema", schema or ""),
        ("user", given.get("user", "")),
    ):
        if len(name) > _NAME_BYTES // 4 and len(name.encode()) > _NAME_BYTES:
            refuse(
                source,
                f"the {part} name {name!r} has {len(name.encode())} bytes; PostgreSQL cuts names after 63",
                "shorten it: cut silently, it would name another object",
            )
    return Target(given, schema=schema, pgbouncer=pgbouncer, redacted=redacted, notes=tuple(notes), source=source)


def _hosts(params: "dict[str, str]", source: str) -> "tuple[tuple[str, int], ...]":
    """(host, port) pairs by libpq's rule: one port serves all hosts, or there is one for each."""
    names = (params.get("host") or params.get("hostaddr") or "").split(",")
    ports = params.get("port", "").split(",")
    if len(ports) == 1:
        ports *= len(names)
    if len(ports) != len(names):
        refuse(
            source, f"the URL names {len(names)} hosts and {len(ports)} ports", "give one port, or one for each host"
        )
    numbers = []
    for port in ports:
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            refuse(source, "a port is not a number from 1 to 65535")
        numbers.append(int(port or 5432))
    return tuple(zip(names, numbers, strict=True))
