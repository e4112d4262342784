"""All SQL of the product, in the subset that SQLite and PostgreSQL share. Nothing here decides or formats."""
