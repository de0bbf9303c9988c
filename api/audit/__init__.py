"""What makes the audit log believable to others: the signing key, signed heads at a second place, exported bundles."""
