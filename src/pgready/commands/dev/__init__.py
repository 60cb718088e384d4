"""`migrate dev`: diagnosis, plan, the new migration."""
