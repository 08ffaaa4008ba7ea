#!/bin/bash
# The two roles of docs/operations.md, on the first start of the database.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$CITYWIDE_OWNER_PASSWORD" -v app="$CITYWIDE_APP_PASSWORD" <<'SQL'
CREATE ROLE citywide_owner LOGIN PASSWORD :'owner' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE citywide_app LOGIN PASSWORD :'app' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE citywide OWNER citywide_owner;
SQL
