"""Prisma's TLS parameters as libpq's.

In a Prisma URL `sslcert` is the *server's* root certificate, in libpq it is the *client's* certificate. The rule: an
`sslcert` beside `sslkey` or `sslrootcert` has libpq's meaning, and any other in a URL has Prisma's. Keyword strings
are libpq's alone. Apart from `url` because most URLs have none of these.
"""

import os

from pgready.project.parameters import refuse


def as_libpq(given: "dict[str, str]", notes: "list[str]", source: str, base: str) -> None:
    """Turn sslcert (Prisma's), sslaccept and sslidentity in `given` into libpq's keywords, in place.

    `base` is the folder that Prisma's relative paths start from: the schema's. Raises UsageInvalid.
    """
    if "sslidentity" in given:
        refuse(
            source,
            "sslidentity (a PKCS#12 file) is refused: libpq takes a certificate and a key",
            "openssl pkcs12 -in FILE -clcerts -nokeys -out client.crt; "
            "openssl pkcs12 -in FILE -nocerts -nodes -out client.key; chmod 600 client.key\n"
            "then write sslcert=client.crt&sslkey=client.key&sslrootcert=SERVER-CA.pem instead",
        )
    accept = given.pop("sslaccept", "")
    root = given.get("sslrootcert", "")
    if "sslcert" in given and "sslkey" not in given and "sslrootcert" not in given:
        root = given["sslrootcert"] = os.path.join(base, given.pop("sslcert"))
        notes.append(f"{source}: sslcert is the server's root certificate, as Prisma reads it (libpq's sslrootcert)")
    mode = given.get("sslmode", "")
    if accept == "strict":
        if mode in ("disable", "allow"):
            refuse(source, f"sslaccept=strict and sslmode={mode} contradict each other", "leave out one of them")
        given["sslmode"] = "verify-full"
        if not root:
            given["sslrootcert"] = "system"
    elif accept == "accept_invalid_certs":
        if mode in ("verify-ca", "verify-full"):
            refuse(source, f"sslaccept={accept} and sslmode={mode} contradict each other", "leave out one of them")
        if mode not in ("disable", "allow", "prefer"):
            given["sslmode"] = "require"
        # libpq verifies under sslmode=require as soon as it has a root certificate.
        if given.pop("sslrootcert", ""):
            notes.append(f"{source}: the root certificate has no effect beside sslaccept=accept_invalid_certs")
    elif root and mode in ("", "allow", "prefer"):
        notes.append(f"{source}: the root certificate is not checked without sslaccept=strict or sslmode=require")
