"""A PostgreSQL database that puts itself back to what it held: quicker than a copy, whose thousands of files are new.

Triggers note which tables a statement changed; only those are looked at. The program's connections stay, which know the
tables already. Every table has a primary key, and a row that was written since bears a later transaction.
"""

from __future__ import annotations

import sqlalchemy as sa

from tests import postgres

FEW = 500  # a table of fewer rows is written anew as a whole where some are missing, so that they keep their order
TABLES = "SELECT c.oid, c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
REMEMBER = f"""
DROP SCHEMA IF EXISTS kept CASCADE;
CREATE SCHEMA kept;
CREATE UNLOGGED TABLE kept.touched (relid oid);
CREATE UNLOGGED TABLE kept.known (relid oid PRIMARY KEY, same text NOT NULL, rows bigint);
CREATE UNLOGGED TABLE kept.counters AS
    SELECT seqrelid AS relid, seqstart AS start, pg_sequence_last_value(seqrelid) AS last FROM pg_sequence;
CREATE FUNCTION kept.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kept.touched VALUES (TG_RELID);
    RETURN NULL;
END $$;
DO $$
DECLARE
    one record;
    same text;
    number bigint;
BEGIN
    FOR one IN {TABLES} LOOP
        EXECUTE format('CREATE UNLOGGED TABLE kept.%I AS TABLE public.%I', 't_' || one.oid, one.relname);
        EXECUTE format('SELECT count(*) FROM public.%I', one.relname) INTO number;
        SELECT string_agg(format('now.%1$I = was.%1$I', a.attname), ' AND ') INTO same
            FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = one.oid AND i.indisprimary;
        INSERT INTO kept.known VALUES (one.oid, same, number);
        EXECUTE format('CREATE TRIGGER kept AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION kept.note()', one.relname);
    END LOOP;
END $$;
CREATE TABLE kept.since AS SELECT pg_current_xact_id()::text::bigint AS xact;
"""
RESTORE = f"""
DO $$
DECLARE
    one record;
    since bigint := (SELECT xact FROM kept.since);
    left_over bigint;
BEGIN
    FOR one IN SELECT k.*, format('kept.%I', 't_' || k.relid) AS was FROM kept.known k
               WHERE k.relid IN (SELECT relid FROM kept.touched) LOOP
        EXECUTE format('DELETE FROM %s WHERE xmin::text::bigint >= %s', one.relid::regclass, since);
        EXECUTE format('SELECT count(*) FROM %s', one.relid::regclass) INTO left_over;
        IF left_over = one.rows THEN
            CONTINUE;
        END IF;
        IF one.rows < {FEW} THEN
            EXECUTE format('DELETE FROM %s', one.relid::regclass);
        END IF;
        EXECUTE format('INSERT INTO %1$s SELECT was.* FROM %2$s was WHERE NOT EXISTS '
                       '(SELECT FROM %1$s now WHERE %3$s)', one.relid::regclass, one.was, one.same);
    END LOOP;
    DELETE FROM kept.touched;
    PERFORM setval(relid, coalesce(last, start), last IS NOT NULL) FROM kept.counters
        WHERE pg_sequence_last_value(relid) IS DISTINCT FROM last;
END $$
"""
BUSY = """
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


def remember(url: sa.URL) -> None:
    """Let a database keep what it holds now; nobody may be at work in it."""
    with postgres.administrator(url) as connection:
        connection.execution_options(no_parameters=True).exec_driver_sql(REMEMBER)


def restore(url: sa.URL) -> None:
    """Put back what a database held when it was told to remember; whoever is still at work in it is sent away."""
    with postgres.administrator(url) as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # no trigger, and no look at references
        connection.exec_driver_sql(BUSY)
        connection.execution_options(no_parameters=True).exec_driver_sql(RESTORE)


def able() -> bool:
    """Whether the server lets us; a given one may not."""
    with postgres.administrator(postgres.address()) as connection:
        return bool(connection.exec_driver_sql("SELECT current_setting('is_superuser')").scalar() == "on")
