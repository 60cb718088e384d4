"""Start one program from a small process, wait for it, and print: wall seconds, CPU seconds, peak KiB, exit code.

The kernel counts the memory of the process that a child was forked from into the child's peak, so the benchmark
itself, which is large, must not be the parent.
"""

import os
import sys
import time

null = os.open(os.devnull, os.O_RDWR)
program = sys.argv[1]
if "/" not in program:
    found = [folder + "/" + program for folder in os.environ["PATH"].split(":")]
    program = next(path for path in found if os.access(path, os.X_OK))
actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)]
began = time.perf_counter()
pid = os.posix_spawn(program, sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(pid, 0)
took = time.perf_counter() - began
print(took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
