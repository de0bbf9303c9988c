"""Where cases are kept: SQLAlchemy tables, on SQLite or PostgreSQL. Rows never leave this package."""
