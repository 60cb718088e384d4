"""pgready: bring a PostgreSQL database from cold to exactly what the code expects."""

__version__ = "0.1.0"
