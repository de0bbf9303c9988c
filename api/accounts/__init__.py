"""Who may come in: people with roles, their sessions, and the keys of cameras and programs."""
