"""The embedded directory: an LDAP server of our own in a process of its own, and the sample company that it holds."""
