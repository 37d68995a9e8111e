// What a database is called in messages: where it is, and never who may enter it by which password.

import { Client } from "pg";
import { DatabaseSetupError } from "../setup-error.js";

/**
 * `host:5432/database`, as pg reads the URL.
 *
 * @throws DatabaseSetupError where the URL is none of a PostgreSQL database; the message repeats nothing of it.
 */
export function databaseName(url: string): string {
  // pg takes what it does not understand for the name of a database on this machine.
  if (!/^postgres(ql)?:\/\/./.test(url)) throw noDatabase();
  try {
    // It opens nothing before it is told to connect.
    const { host, port, database } = new Client({ connectionString: url });
    return `${host}:${port}/${database ?? ""}`;
  } catch {
    // pg's error quotes the URL, password and all.
    throw noDatabase();
  }
}

const noDatabase = () =>
  new DatabaseSetupError(
    "DATABASE_URL (or --database) does not name a PostgreSQL database. Operator: write it as postgres://user:password@host:5432/database",
  );
