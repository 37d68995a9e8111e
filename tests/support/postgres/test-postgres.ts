// Fresh databases on a PostgreSQL server of the test file's own, which starts with the first and is gone with the last test.

import { Client } from "pg";
import { afterAll } from "vitest";

interface TestServer {
  url(database: string): string;
  readonly maintenance: string;
  readonly socketPath: string;
  readonly pid: number;
  stop(): Promise<void>;
}
interface ServerOptions {
  /** What was committed is on disk. Default: the server waits for none. */
  readonly isDurable?: boolean;
  /** Of the server, by their names in its own configuration. */
  readonly settings?: Readonly<Record<string, string>>;
}
interface TestServerModule {
  startTestServer(options?: ServerOptions): Promise<TestServer>;
}

// The bench starts servers by the same code, and before there is a compiler: its types are told here.
const path = new URL("test-server.mjs", import.meta.url).href;
export const { startTestServer }: TestServerModule = await import(path);

export interface TestPostgresOptions extends ServerOptions {
  /** Brings a first database to where every other begins; leaves no connection to it. Default: they begin empty. */
  readonly prepare?: (url: string) => Promise<void>;
}

/** One database, with its server's superuser. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Where its server listens. */
  readonly socketPath: string;
  /** Whoever is still connected is cut off. What nobody drops, 8 MB each, goes with its server. */
  drop(): Promise<void>;
}

export interface TestPostgres {
  /** A fresh database. The first one takes as long as a server takes to start. */
  database(): Promise<TestDatabase>;
}

const PREPARED = "prepared";
const EMPTY = "template0";

/** Call it at the top of a test file, or of what is described there. Nothing starts before a database is asked for. */
export function testPostgres(options: TestPostgresOptions = {}): TestPostgres {
  let starting: ReturnType<typeof start> | null = null;
  let count = 0;
  afterAll(async () => {
    const started = await starting;
    await started?.client.end();
    await started?.server.stop();
  });
  return {
    async database() {
      starting ??= start(options);
      const { server, client, template } = await starting;
      count += 1;
      const name = `test_${count}`;
      // Copied as files: the other way writes each of its pages to the log as well.
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
      return {
        name,
        url: server.url(name),
        socketPath: server.socketPath,
        async drop() {
          await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
        },
      };
    },
  };
}

async function start({ prepare, ...options }: TestPostgresOptions) {
  const server = await startTestServer(options);
  try {
    const client = new Client({ connectionString: server.url(server.maintenance) });
    // A server that is gone is told by the next query.
    client.on("error", () => undefined);
    await client.connect();
    if (!prepare) return { server, client, template: EMPTY };
    await client.query(`CREATE DATABASE ${PREPARED} TEMPLATE ${EMPTY}`);
    await prepare(server.url(PREPARED));
    return { server, client, template: PREPARED };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
