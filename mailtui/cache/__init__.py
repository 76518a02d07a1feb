"""The cache: a SQLModel mirror of the directory, with the index that search uses; it may be deleted at any moment."""
