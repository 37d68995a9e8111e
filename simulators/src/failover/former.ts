// Writes at a machine that is primary no more, past HAProxy, as long as it lets anybody: nothing of it may be confirmed.

import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import type { Cluster } from "../cluster/cluster.js";
import type { Node } from "../cluster/members.js";

const PROBE_EVERY_MS = 50;
const ANSWER_MS = 1_000;
/** Beside the gateways' own tables, which no test of theirs may change. */
const TABLE = "failover_probe";

export interface FormerProbe {
  /** Resolves once the last write is over. */
  end(): Promise<void>;
  /** What was confirmed, in words. */
  found(): readonly string[];
}

/** Makes what is written to. */
export async function makeProbeTable({ databaseUrl }: Cluster): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (at_ms BIGINT NOT NULL)`);
  } finally {
    await client.end();
  }
}

/** Begins to write, and goes on until it is ended. */
export function probeFormer(former: Node, cluster: Cluster): FormerProbe {
  const url = new URL(cluster.databaseUrl);
  url.hostname = cluster.network.addressOf(former);
  let isOver = false;
  let confirmed = 0;
  const probing = (async () => {
    while (!isOver) {
      if (await isConfirmed(url.href)) confirmed += 1;
      await pause(PROBE_EVERY_MS);
    }
  })();
  return {
    end() {
      isOver = true;
      return probing;
    },
    found: () =>
      confirmed === 0
        ? []
        : [`${former} confirmed ${confirmed} writes while another machine was primary`],
  };
}

/** Whether one write was confirmed without the warning that no standby has it. */
async function isConfirmed(url: string): Promise<boolean> {
  let isWarned = false;
  const client = new Client({
    connectionString: url,
    statement_timeout: ANSWER_MS,
    query_timeout: 2 * ANSWER_MS,
    connectionTimeoutMillis: ANSWER_MS,
  });
  client.on("error", () => undefined);
  client.on("notice", () => {
    isWarned = true;
  });
  try {
    await client.connect();
    await client.query(`INSERT INTO ${TABLE} VALUES ($1)`, [Date.now()]);
    return !isWarned;
  } catch {
    // It is stopped, cut off, or a standby.
    return false;
  } finally {
    // One that is cut off never says goodbye.
    void client.end().catch(() => undefined);
  }
}
