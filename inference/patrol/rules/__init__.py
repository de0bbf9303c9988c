"""From sites to findings: one file a violation."""
