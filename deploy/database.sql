-- The gateways' user and database, made once, on the primary:
--   set -a; . ./pass-tpe.env; set +a; PGPASSWORD=$SUPERUSER_PASSWORD psql -h /var/run/postgresql -U postgres -f database.sql
\set ON_ERROR_STOP on
\getenv password GATEWAY_PASSWORD
CREATE ROLE pass_tpe LOGIN PASSWORD :'password';
CREATE DATABASE pass_tpe OWNER pass_tpe ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE pass_tpe FROM PUBLIC;
