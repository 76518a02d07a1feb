"""The sample company's mail store: a server that speaks the HTTP dialect of Dovecot's doveadm."""
