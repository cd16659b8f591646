"""SQLite's functions that statements use, for PostgreSQL, and the highest numbers ever given.

They are made in the schema of the tables. PostgreSQL inlines those in SQL. JSON stays text: the
type jsonb orders keys anew, which would change the hashes of the audit trail.
"""

from storage.postgres.commits import TABLE

FUNCTIONS = (
    TABLE,
    """
    create table if not exists heads (name text primary key, last bigint not null)
    """,
    # A sequence would leave gaps where a transaction is rolled back, and a gap looks like a loss.
    # PostgreSQL plans a function in SQL again for each row, and one in plpgsql once.
    """
    create or replace function next_number(text) returns bigint language plpgsql volatile as $$
    declare number bigint;
    begin
        insert into heads values ($1, 1)
        on conflict (name) do update set last = heads.last + 1 returning last into number;
        return number;
    end $$
    """,
    """
    create or replace function iif(boolean, anyelement, anyelement) returns anyelement
    language sql immutable as $$ select case when $1 then $2 else $3 end $$
    """,
    *(
        f"""
        create or replace function {name}({kind}, {kind}) returns {kind} language sql immutable
        as $$ select case when $1 is null or $2 is null then null else {call}($1, $2) end $$
        """
        for name, call in (("min", "least"), ("max", "greatest"))
        for kind in ("bigint", "double precision")
    ),
    # The clock of the server. Only the argument 'now' is used.
    """
    create or replace function julianday(text) returns double precision language sql volatile
    as $$ select extract(epoch from clock_timestamp())::float8 / 86400.0 + 2440587.5 $$
    """,
    """
    create or replace function sha256_hex(text) returns text language sql stable
    as $$ select encode(sha256(convert_to($1, 'UTF8')), 'hex') $$
    """,
    """
    create or replace function instr(text, text) returns integer language sql immutable
    as $$ select strpos($1, $2) $$
    """,
    # A text of PostgreSQL has no character 0, and its JSON functions raise for one anywhere in the
    # document. An API may send one. chr(1) stands for a pair of backslashes, because it is never in
    # JSON.
    """
    create or replace function without_nul(text) returns text language sql immutable as $$
        select case when strpos($1, '\\u0000') = 0 then $1 else replace(
            replace(replace($1, '\\\\', chr(1)), '\\u0000', '\\ufffd'), chr(1), '\\\\'
        ) end
    $$
    """,
    """
    create or replace function json_each(text) returns table (value text)
    language sql immutable rows 20 as $$ select json_array_elements_text(without_nul($1)::json) $$
    """,
    # PostgreSQL looks at the cheapest condition first. json_extract raises where this is false.
    """
    create or replace function json_valid(text) returns boolean
    language plpgsql immutable strict cost 0.1 as $$
    begin
        perform $1::json;
        return true;
    exception when others then
        return false;
    end $$
    """,
    """
    create or replace function json_type(text) returns text language sql immutable
    as $$ select json_typeof($1::json) $$
    """,
    # Only paths to a key of the object itself are used, such as $.why.
    """
    create or replace function json_extract(text, text) returns text language sql immutable
    as $$ select without_nul($1)::json ->> substr($2, 3) $$
    """,
    """
    create or replace function json_remove(text, text) returns text language sql immutable
    as $$ select (without_nul($1)::jsonb - substr($2, 3))::text $$
    """,
    """
    create or replace function json_patch(text, text) returns text language sql immutable
    as $$ select jsonb_strip_nulls(
        without_nul($1)::jsonb || without_nul($2)::jsonb
    )::text $$
    """,
)
