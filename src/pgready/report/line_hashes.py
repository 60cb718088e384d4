"""Hashes of lines by which code scanning knows a finding again when lines above it have moved. Pure."""

from __future__ import annotations

from functools import lru_cache

_LENGTH, _BASE, _END = 100, 37, 0xFFFF
_MODULUS = 2**64


@lru_cache(maxsize=64)  # a file has many findings
def line_hashes(text: str) -> tuple[str, ...]:
    """For each line `hash:count`, GitHub's `primaryLocationLineHash`; `count` numbers lines with the same hash.

    A polynomial of the hundred UTF-16 units from the line's beginning on, spaces and tabs left out, each kind of line
    end as LF; behind the end of the text stand 65535 and then zeros. Source: `fingerprints.ts` of GitHub's CodeQL
    action, which computes it for logs that have none.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    raw = plain.encode("utf-16-le", "surrogatepass")
    units = [*(int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)), _END]
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 10)]
    sums = [0]
    for unit in (*units, *[0] * _LENGTH):
        sums.append((sums[-1] * _BASE + unit) % _MODULUS)
    power = pow(_BASE, _LENGTH, _MODULUS)
    counts: dict[int, int] = {}
    found = []
    for start in starts:
        value = (sums[start + _LENGTH] - sums[start] * power) % _MODULUS
        counts[value] = counts.get(value, 0) + 1
        found.append(f"{value:x}:{counts[value]}")
    return tuple(found)
