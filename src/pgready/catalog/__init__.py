"""The catalog: a PostgreSQL database's structure as one frozen value, whatever it was read from."""
