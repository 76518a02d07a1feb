"""How full mailboxes were: a sample a day an account, one a week of what is long ago."""
