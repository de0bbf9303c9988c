"""From stays to findings: one file a violation."""
