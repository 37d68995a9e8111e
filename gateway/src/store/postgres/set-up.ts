// Makes a database ready for a gateway: reached, looked at, its schema up to date. What is wrong with it is told in words.

import { Client } from "pg";
import { columnTypes } from "./column-types.js";
import { TOKEN_KEPT_DAYS } from "./commit-tokens.js";
import { KEEPALIVE } from "./connection.js";
import { databaseName } from "./database-name.js";
import { setupError } from "./failures.js";
import { migrate } from "./migrate.js";
import { type PostgresSettings, READ_TIMEOUT_MS } from "./options.js";
import { prepareSession } from "./session.js";

/** What a gateway wrote for its own commits, which ended before it could remove it. Nobody asks for so old a one. */
const REMOVE_LEFT_TOKENS = `DELETE FROM commit_tokens WHERE made_at < now() - interval '${TOKEN_KEPT_DAYS} days'`;

/** @throws DatabaseSetupError where the database cannot be used. */
export async function setUp(settings: PostgresSettings): Promise<void> {
  databaseName(settings.url);
  try {
    const client = new Client({
      connectionString: settings.url,
      application_name: settings.applicationName,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      query_timeout: settings.connectTimeoutMs,
      ...KEEPALIVE,
      types: columnTypes,
    });
    // What breaks is told by the statement that fails.
    client.on("error", () => {});
    try {
      await client.connect();
      await prepareSession(client, {
        settings,
        statementTimeoutMs: READ_TIMEOUT_MS,
        readsWhole: true,
      });
      await migrate(client);
      await client.query(REMOVE_LEFT_TOKENS);
    } finally {
      await end(client, settings.connectTimeoutMs);
    }
  } catch (error) {
    throw setupError(error);
  }
}

/** A server that has fallen silent does not say goodbye. */
async function end(client: Client, withinMs: number): Promise<void> {
  const impatient = setTimeout(() => client.connection.stream.destroy(), withinMs);
  try {
    await client.end();
  } finally {
    clearTimeout(impatient);
  }
}
