"""Snapshots of PostgreSQL through its own programs, and the way back in one transaction."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tertulia.project.backup.sqlite import Snapshot
from tertulia.project.backup.unfit import Unfit

PIECE = 256 * 1024
SCHEMAS = ("public", "rooms")
# The release of the server that a program has to be of, or newer, is in thousands of tens: 150004 is 15.4.
PER_MAJOR = 10_000
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
}
# Functions in a schema, but those that belong to an extension: what a table does by itself when a row changes.
_FUNCTIONS = """
    SELECT oid::regprocedure AS called FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"""
# What is in the way of the dump is put aside: tables and functions one by one, since `public` may belong to others.
_ASIDE = f"""
SET client_min_messages = error;
BEGIN;
DROP SCHEMA IF EXISTS former CASCADE;
DROP SCHEMA IF EXISTS former_rooms CASCADE;
CREATE SCHEMA former;
DO $$ DECLARE place record; BEGIN
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I SET SCHEMA former', place.tablename);
    END LOOP;
    FOR place IN {_FUNCTIONS.format(schema="public")} LOOP
        EXECUTE format('ALTER ROUTINE %s SET SCHEMA former', place.called);
    END LOOP;
    IF to_regnamespace('rooms') IS NOT NULL THEN ALTER SCHEMA rooms RENAME TO former_rooms; END IF;
END $$;
"""  # noqa: S608 - of words of our own
_BACK = f"""
DO $$ DECLARE place record; BEGIN
    IF to_regnamespace('former') IS NULL THEN RETURN; END IF;
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', place.tablename);
    END LOOP;
    FOR place IN {_FUNCTIONS.format(schema="public")} LOOP
        EXECUTE format('DROP ROUTINE %s CASCADE', place.called);
    END LOOP;
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'former' LOOP
        EXECUTE format('ALTER TABLE former.%I SET SCHEMA public', place.tablename);
    END LOOP;
    FOR place IN {_FUNCTIONS.format(schema="former")} LOOP
        EXECUTE format('ALTER ROUTINE %s SET SCHEMA public', place.called);
    END LOOP;
    DROP SCHEMA IF EXISTS rooms CASCADE;
    IF to_regnamespace('former_rooms') IS NOT NULL THEN ALTER SCHEMA former_rooms RENAME TO rooms; END IF;
    DROP SCHEMA former;
END $$;
"""  # noqa: S608 - of words of our own


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    """One moment of the database and the room log together, as a dump in a file without a name in `folder`."""
    with closing(_connect()) as line, tempfile.TemporaryFile(dir=folder) as dump:
        line.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        counts, migrations = counted(line), _migrations_in(line)
        # pg_dump sees the same moment as whoever counted.
        (moment,) = _one(line, "SELECT pg_export_snapshot()")
        _dump(moment, dump)
        line.execute("ROLLBACK")
        dump.seek(0)
        yield Snapshot(dump, counts, migrations)


def load(dump: Path, database: str = "") -> None:
    """Put the `dump` in the place of what is in the database, which is put aside, in one transaction.

    `database` names another one than the house's. Unfit, and nothing has changed, if it cannot be loaded.
    """
    environment = {**os.environ, **_environment(), **({"PGDATABASE": database} if database else {})}
    restore = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    shell = [program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    quiet: Mapping[str, Any] = {"env": environment, "stderr": subprocess.DEVNULL}
    with (
        subprocess.Popen(restore, stdout=subprocess.PIPE, **quiet) as source,  # noqa: S603 - PostgreSQL's own
        subprocess.Popen(shell, stdin=subprocess.PIPE, **quiet) as target,  # noqa: S603 - the same
    ):
        assert source.stdout is not None and target.stdin is not None  # noqa: S101, PT018 - both are pipes
        try:
            target.stdin.write(_ASIDE.encode())
            shutil.copyfileobj(source.stdout, target.stdin, PIECE)
            # Said only when all of the dump was read: without it, whatever stops this leaves things as they were.
            if source.wait() == 0:
                target.stdin.write(b"\nCOMMIT;\n")
        except BrokenPipeError:
            # psql has stopped by itself; its exit code says so.
            pass
        finally:
            source.stdout.close()
            with suppress(BrokenPipeError):
                target.stdin.close()
    if source.returncode or target.returncode:
        raise Unfit("PostgreSQL could not take the database of the archive; nothing of it has changed")


def put_back() -> None:
    """Undo `load`: what was put aside is in its place again. Nothing happens if nothing was."""
    with closing(_connect()) as line:
        line.execute(_BACK.encode())


def let_go() -> None:
    """Drop what `load` has put aside."""
    with closing(_connect()) as line:
        line.execute("DROP SCHEMA IF EXISTS former CASCADE")
        line.execute("DROP SCHEMA IF EXISTS former_rooms CASCADE")


def check(counts: dict[str, int], database: str = "") -> None:
    """Unfit unless the house's database (or the one called `database`) has so many rows in each table."""
    with closing(psycopg.connect(address_of(database), autocommit=True)) as line:
        if counted(line) != counts:
            raise Unfit("the database of the archive has not the rows that its manifest says")


@contextmanager
def scratch() -> Iterator[str]:
    """The name of an empty database beside the house's, dropped after the block; Unfit if it may not be made."""
    name = f"tertulia_verify_{secrets.token_hex(4)}"
    with closing(_connect()) as line:
        try:
            line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.Error as fault:
            (user,) = _one(line, "SELECT current_user")
            why = f"to verify, a second database is made for a moment: allow it with ALTER ROLE {user} CREATEDB"
            raise Unfit(why) from fault
        try:
            yield name
        finally:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address_of(database: str = "") -> str:
    """How to reach the house's database, or another one on the same server."""
    told = _parameters()
    return make_conninfo(**{**told, "dbname": database or told["dbname"]})


def counted(line: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has; those of the room log are called `rooms.…`."""
    query = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2"
    found: dict[str, int] = {}
    for schema, table in line.execute(query, (list(SCHEMAS),)).fetchall():
        count = sql.SQL("SELECT COUNT(*) FROM {}").format(sql.Identifier(schema, table))
        row = line.execute(count).fetchone()
        found[table if schema == "public" else f"{schema}.{table}"] = row[0] if row else 0
    return found


def program(name: str) -> str:
    """Where PostgreSQL's program of that `name` is, of the server's release or newer; Unfit if there is none.

    Debian keeps them in a folder for each release, off the PATH; of these, the nearest to the server's.
    """
    needed = connection.cursor().connection.info.server_version // PER_MAJOR
    kept = {int(file.parts[4]): file for file in Path("/usr/lib/postgresql").glob(f"[0-9]*/bin/{name}")}
    fit = sorted(release for release in kept if release >= needed)
    if fit:
        return str(kept[fit[0]])
    found = shutil.which(name)
    if found and _release_of(found) >= needed:
        return found
    raise Unfit(f"{name} of PostgreSQL {needed} or newer is needed (on Debian: apt-get install postgresql-client)")


def _release_of(found: str) -> int:
    said = subprocess.run([found, "--version"], check=False, capture_output=True, text=True).stdout  # noqa: S603
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def _dump(moment: str, dump: BinaryIO) -> None:
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}"]
    environment = {**os.environ, **_environment()}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        command, check=False, env=environment, stdout=dump, stderr=subprocess.DEVNULL
    )
    if done.returncode:
        raise Unfit("pg_dump could not read the database, or the disk is full")


def _migrations_in(line: psycopg.Connection) -> list[str]:
    query = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
    return [name for (name,) in line.execute(query)]


def _one(line: psycopg.Connection, query: str) -> tuple[Any, ...]:
    row = line.execute(query.encode()).fetchone()
    assert row is not None  # noqa: S101 - each of these has one row
    return row


def _connect() -> psycopg.Connection:
    try:
        return psycopg.connect(**_parameters(), autocommit=True)
    except psycopg.OperationalError as fault:
        raise Unfit(f"the database cannot be reached: {str(fault).splitlines()[0]}") from fault


def _parameters() -> dict[str, Any]:
    told = connection.get_connection_params()
    return {name: told[name] for name in _VARIABLES if told.get(name)}


def _environment() -> dict[str, str]:
    """For the programs: a password on their command line could be read by everybody on the machine."""
    return {_VARIABLES[name]: str(value) for name, value in _parameters().items()}
