"""The server that holds the mail: a port, and the ways to ask a Dovecot."""
