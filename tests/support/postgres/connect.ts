// A connection of a test's own to a PostgreSQL database, which ends with the test.

import { Client } from "pg";
import { onTestFinished } from "vitest";

/** Connects to a database. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  // A server that is gone is told by the next query.
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
