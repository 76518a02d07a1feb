"""Questions about the mirror, answered with frozen values; owns the SQL that reads."""
