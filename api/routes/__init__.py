"""What programs ask: one file a resource."""
