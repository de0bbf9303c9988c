"""The audit log: everything that was done, chained by hashes, with heads that are signed; and the check of it."""
