"""The service of the race: asks for the last migration's table at once and says what it found.

Started with `python -I -S` thirty times at once, so it speaks to libpq through ctypes: argv is the libpq and a
conninfo string.
"""

import sys
from ctypes import CDLL, c_char_p, c_int, c_void_p

_, library, conninfo = sys.argv
lib = CDLL(library)
lib.PQconnectdb.restype = lib.PQexec.restype = c_void_p
lib.PQgetvalue.restype = lib.PQerrorMessage.restype = c_char_p
lib.PQexec.argtypes = [c_void_p, c_char_p]
lib.PQgetvalue.argtypes = [c_void_p, c_int, c_int]
for name in ("PQerrorMessage", "PQresultStatus", "PQfinish"):
    getattr(lib, name).argtypes = [c_void_p]
connection = lib.PQconnectdb(conninfo.encode())
result = lib.PQexec(connection, b"SELECT state FROM trading.last_of_all")
if lib.PQresultStatus(result) == 2:
    print("served", lib.PQgetvalue(result, 0, 0).decode(), flush=True)
else:
    print(lib.PQerrorMessage(connection).decode(), flush=True)
lib.PQfinish(connection)
