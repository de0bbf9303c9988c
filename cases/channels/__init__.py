"""The ways in which a department gets its cases: one small file each."""
