"""The floor of the fast path: this Python without site, libpq through ctypes, one connection, one question."""

import os
import sys
from ctypes import CDLL, c_char_p, c_int, c_void_p

lib = CDLL(sys.argv[1])
lib.PQconnectdb.restype = c_void_p
lib.PQconnectdb.argtypes = [c_char_p]
lib.PQexec.restype = c_void_p
lib.PQexec.argtypes = [c_void_p, c_char_p]
lib.PQgetvalue.restype = c_char_p
lib.PQgetvalue.argtypes = [c_void_p, c_int, c_int]
connection = lib.PQconnectdb(os.environ["DATABASE_URL"].encode())
if lib.PQgetvalue(lib.PQexec(connection, b"select 1"), 0, 0) != b"1":
    sys.exit("no answer")
