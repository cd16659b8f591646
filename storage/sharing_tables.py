"""The tables for two engines, and for several processes that share a database."""

SHARING = (
    # The highest id that was ever given in a table, under the name that both engines have.
    "create view heads as select name, seq as last from sqlite_sequence",
    # Of several processes that share a PostgreSQL database, one works on what is stored.
    "create table back_office (name text primary key, owner text not null, until real)",
    # A database that was moved elsewhere is marked, so that nobody uses it any more.
    "create table moves (kind text primary key, address text not null)",
)
