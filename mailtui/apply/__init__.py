"""Plans carried out: journal first, then the directory, then read back, then the cache, then the journal closed."""
