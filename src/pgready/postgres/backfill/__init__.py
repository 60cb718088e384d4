"""Backfills as a database knows them: registered, batched, held back by replicas."""
