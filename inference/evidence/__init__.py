"""Pictures that prove a finding."""
