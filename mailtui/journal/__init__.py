"""The append-only record of every batch: written before the directory is touched, never deleted."""
