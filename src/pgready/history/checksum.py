"""Checksums of scripts, as Prisma takes and compares them.

The checksum is the SHA-256, in lower-case hex, of the script's UTF-8 bytes. Two checksums of one script count as
equal: that of its text with LF line ends and that of its text with CRLF (git rewrites line ends). Rows of old Prisma
versions hold the hex digits of each byte without its leading zero.
"""

from __future__ import annotations

import hashlib

_LENGTH = 64


def checksum(script: str) -> str:
    """The checksum of a script as it is recorded in a row."""
    return hashlib.sha256(script.encode()).hexdigest()


def matches(script: str, recorded: str) -> bool:
    """Whether a row's checksum is the script's, line ends aside."""
    for variant in (script, script.replace("\r\n", "\n"), script.replace("\n", "\r\n")):
        digest = hashlib.sha256(variant.encode())
        if len(recorded) == _LENGTH or not recorded:
            rendered = digest.hexdigest()
        else:
            rendered = "".join(f"{byte:x}" for byte in digest.digest())
        if rendered == recorded:
            return True
    return False
