// A database is named by its place, in every form of its URL that pg takes, and never by a password.

import { expect, it } from "vitest";
import { databaseName } from "./database-name.js";

it.each([
  ["postgres://db.example/passtpe", "db.example:5432/passtpe"],
  ["postgresql://u:secret@10.1.2.3:6432/passtpe?sslmode=verify-full", "10.1.2.3:6432/passtpe"],
  ["postgres://u:secret@[::1]:5433/passtpe", "[::1]:5433/passtpe"],
  ["postgres://u@/passtpe?host=/var/run/postgresql", "/var/run/postgresql:5432/passtpe"],
  ["postgres://u:secret@db.example/pass@home:1", "db.example:5432/pass@home:1"],
  ["postgres://u:secret@/pass@home?host=/run", "/run:5432/pass@home"],
  ["postgres://u:se%40cr%2Fet@db.example/passtpe", "db.example:5432/passtpe"],
  ["postgres://u:secret@%2Fvar%2Frun/passtpe", "/var/run:5432/passtpe"],
])("names %s", (url, name) => {
  expect(databaseName(url)).toBe(name);
});

it.each(["", "passtpe", "mysql://h/db", "postgres://", "postgres://u:secret@h:port/db"])(
  "refuses %s, and repeats nothing of it",
  (url) => {
    expect(() => databaseName(url)).toThrow(/^DATABASE_URL \(or --database\) does not name/);
  },
);

it.each([
  "postgres://u:12/secret@h/db",
  "postgres://u:12?secret@h/db",
  "postgres://u:12#secret@h/db",
  "postgres://u:12@secret/more@h/db",
])("refuses %s, whose password is cut in two, and repeats nothing of it", (url) => {
  expect(() => databaseName(url)).toThrow(/^DATABASE_URL \(or --database\) has an @ that/);
  expect(() => databaseName(url)).not.toThrow(/12|secret|more/);
});
