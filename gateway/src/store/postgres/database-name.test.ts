// A database is named by its place, in every form of its URL that pg takes, and never by a password.

import { expect, it } from "vitest";
import { databaseName } from "./database-name.js";

it.each([
  ["postgres://db.example/passtpe", "db.example:5432/passtpe"],
  ["postgresql://u:secret@10.1.2.3:6432/passtpe?sslmode=verify-full", "10.1.2.3:6432/passtpe"],
  ["postgres://u:secret@[::1]:5433/passtpe", "[::1]:5433/passtpe"],
  ["postgres://u@/passtpe?host=/var/run/postgresql", "/var/run/postgresql:5432/passtpe"],
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
