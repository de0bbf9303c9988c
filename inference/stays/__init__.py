"""What has not moved, since when."""
