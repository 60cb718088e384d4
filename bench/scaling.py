"""Time of one pass over a schema in this process: `python scaling.py TRIES < schema` prints the best."""

import sys
import time

from pgready.psl.analyse import analyse
from pgready.psl.source import Source

text = sys.stdin.read()
best = float("inf")
for _ in range(int(sys.argv[1])):
    began = time.process_time()
    found = analyse([Source("schema.prisma", text)])
    best = min(best, time.process_time() - began)
    if not found.is_valid:
        sys.exit("\n".join(f"{each.span.where()}: {each.message}" for each in found.diagnostics[:5]))
print(best)
