"""PostgreSQL behind psycopg: all that differs from SQLite. Nothing else imports psycopg."""
