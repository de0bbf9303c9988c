"""Cameras at work: from each source through its inspector into the one intake."""
