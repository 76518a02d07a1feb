"""The directory: ldap3 for connecting, binding and single operations, our own reader for bulk results."""
