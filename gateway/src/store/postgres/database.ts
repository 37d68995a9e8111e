// What a gateway is told of its PostgreSQL while it serves, beside what is stored there.

import { assert } from "../../core/assert.js";
import type { Database } from "../database.js";
import type { Connections } from "./connection.js";
import type { PostgresSettings } from "./options.js";
import { SERVER_STATE, type ServerState, unfitness } from "./server-state.js";
import type { Transaction } from "./transaction.js";

const ASKED = { name: "server-state", text: SERVER_STATE };

interface DatabaseParts {
  /** Its own: what asks how the server is waits for nothing else. */
  readonly connections: Pick<Connections, "query">;
  readonly transaction: Pick<Transaction, "commitWaitsMs">;
  readonly settings: PostgresSettings;
}

/** Builds what a gateway asks its server. */
export function watchedDatabase({ connections, transaction, settings }: DatabaseParts): Database {
  return {
    async state() {
      const server: ServerState | undefined = (await connections.query(ASKED)).rows[0];
      assert(server, "a server says how it is");
      const why = unfitness(server, settings);
      return { nowMs: server.now_ms, unfit: why && `the PostgreSQL server ${why}` };
    },
    commitWaitsMs: transaction.commitWaitsMs,
  };
}
