// What a database is called in messages: where it is, and never who may enter it by which password.

import { DatabaseSetupError } from "../setup-error.js";

const DEFAULT_PORT = "5432";

/**
 * `host:5432/database`. Read without pg, which a gateway on a file need not load.
 *
 * @throws DatabaseSetupError where the URL is none of a PostgreSQL database; the message repeats nothing of it.
 */
export function databaseName(text: string): string {
  // pg takes what it does not understand for the name of a database on this machine.
  if (!/^postgres(ql)?:\/\/./.test(text)) throw noDatabase();
  // Beside a socket's folder, which is a parameter, the host may be left out behind the user.
  const url = parsed(text.replace(/^([a-z]+:\/\/[^/?#]*@)\//, "$1localhost/"));
  if (isCutInPassword(text, url)) throw notEncoded();
  const host = url.searchParams.get("host") ?? decoded(url.hostname);
  return `${host || "localhost"}:${url.port || DEFAULT_PORT}${url.pathname}`;
}

/**
 * Whether what reads as host, port or database may be the rest of a password, whose / ? or # was taken for the end of it. A
 * database's own name may have an @ in it.
 */
function isCutInPassword(text: string, { username, password, pathname }: URL): boolean {
  const isNobodyNamed = username === "" && password === "";
  return text.includes("@") && (isNobodyNamed || /@.*\//.test(pathname));
}

/** @throws DatabaseSetupError: the error of the parser quotes the URL, password and all. */
function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw noDatabase();
  }
}

function decoded(hostname: string): string {
  try {
    return decodeURIComponent(hostname);
  } catch {
    throw noDatabase();
  }
}

const notEncoded = () =>
  new DatabaseSetupError(
    "DATABASE_URL (or --database) has an @ that does not stand behind a user. Operator: name the user, and write / ? # @ and % in user, password and parameters as %2F %3F %23 %40 and %25",
  );

const noDatabase = () =>
  new DatabaseSetupError(
    "DATABASE_URL (or --database) does not name a PostgreSQL database. Operator: write it as postgres://user:password@host:5432/database",
  );
