// Three databases on this machine: what was committed survives its primary's machine, and nothing is left of them afterwards.

import { existsSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRemains } from "../../simulators/src/chaos/remains.js";
import { type Cluster, startCluster } from "../../simulators/src/cluster/cluster.js";
import { NODES, type Node, PORTS } from "../../simulators/src/cluster/members.js";
import { processesAt } from "../../simulators/src/cluster/processes.js";
import { isWhole, primaryIn } from "../../simulators/src/cluster/view.js";
import { describeSystem } from "../support/suites.js";

const FAILOVER_MS_MAX = 60_000;

/** By HAProxy, to whoever is primary. */
async function asked(cluster: Cluster, text: string): Promise<unknown> {
  const client = new Client({ connectionString: cluster.databaseUrl });
  // One that is cut is told by the statement that fails.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

describeSystem("cluster")("a cluster of three databases", () => {
  const remains = openRemains();
  let cluster: Cluster;

  beforeAll(async () => {
    const { signal } = new AbortController();
    cluster = await startCluster({ remains, signal, say: () => undefined });
  }, 120_000);
  afterAll(() => cluster?.stop());

  test("answers a commit once a standby has it, and one machine's data is checked", async () => {
    expect(isWhole(await cluster.look())).toBe(true);
    expect(await asked(cluster, "SHOW synchronous_standby_names")).toMatch(/^"?db\d"?$/);
    expect(await asked(cluster, "SHOW synchronous_commit")).toBe("on");
    expect(await asked(cluster, "SHOW data_checksums")).toBe("on");
  });

  test("goes on at another machine when the primary's is gone, which comes back as a standby", async () => {
    const former = await cluster.primary(FAILOVER_MS_MAX);
    await asked(cluster, "CREATE TABLE kept (id text)");
    await asked(cluster, "INSERT INTO kept VALUES ('before')");
    cluster.nodes[former].kill();
    const view = await cluster.until(
      (seen) => ![null, former].includes(primaryIn(seen)) && seen[former] === "silent",
      { what: "another primary", timeoutMs: FAILOVER_MS_MAX },
    );
    const next = primaryIn(view);
    await cluster.until(async () => (await servedBy(cluster)) === next, {
      what: "the other primary behind HAProxy",
      timeoutMs: FAILOVER_MS_MAX,
    });
    expect(await asked(cluster, "SELECT id FROM kept")).toBe("before");
    cluster.nodes[former].start();
    const whole = { what: "a whole cluster", timeoutMs: FAILOVER_MS_MAX };
    expect(primaryIn(await cluster.until(isWhole, whole))).toBe(next);
    await asked(cluster, "INSERT INTO kept VALUES ('after')");
    expect(await asked(cluster, "SELECT count(*)::int FROM kept")).toBe(2);
  }, 120_000);

  test("takes nothing at a primary that was paused until another one had its place", async () => {
    const former = await cluster.primary(FAILOVER_MS_MAX);
    cluster.nodes[former].pause();
    const view = await cluster.until((seen) => ![null, former].includes(primaryIn(seen)), {
      what: "another primary",
      timeoutMs: FAILOVER_MS_MAX,
    });
    const next = primaryIn(view);
    await cluster.until(async () => (await servedBy(cluster)) === next, {
      what: "the other primary behind HAProxy",
      timeoutMs: FAILOVER_MS_MAX,
    });
    await asked(cluster, "INSERT INTO kept VALUES ('while it was paused')");
    cluster.nodes[former].resume();
    const back = new AbortController();
    const confirmed = confirmedAt(former, cluster, back.signal);
    const whole = { what: "a whole cluster", timeoutMs: FAILOVER_MS_MAX };
    expect(primaryIn(await cluster.until(isWhole, whole))).toBe(next);
    back.abort();
    expect(await confirmed).toBe(0);
    expect(await asked(cluster, "SELECT array_agg(id ORDER BY id) FROM kept")).toEqual([
      "after",
      "before",
      "while it was paused",
    ]);
  }, 120_000);

  test("unseats no leader of etcd, and takes nothing back, where a primary was cut off and comes again", async (context) => {
    context.skip(cluster.network.cut === null, cluster.network.kind);
    const former = await cluster.primary(FAILOVER_MS_MAX);
    cluster.cutOff(former, "everybody");
    const view = await cluster.until((seen) => ![null, former].includes(primaryIn(seen)), {
      what: "another primary",
      timeoutMs: FAILOVER_MS_MAX,
    });
    const next = primaryIn(view);
    await cluster.until(async () => (await servedBy(cluster)) === next, {
      what: "the other primary behind HAProxy",
      timeoutMs: FAILOVER_MS_MAX,
    });
    await asked(cluster, "INSERT INTO kept VALUES ('while it was cut off')");
    const others = NODES.filter((node) => node !== former);
    const electionsSeen = () => Promise.all(others.map((node) => leaderChanges(cluster, node)));
    const before = await electionsSeen();
    cluster.network.heal();
    const whole = { what: "a whole cluster", timeoutMs: FAILOVER_MS_MAX };
    expect(primaryIn(await cluster.until(isWhole, whole))).toBe(next);
    expect(await electionsSeen()).toEqual(before);
    expect(
      await asked(cluster, "SELECT count(*)::int FROM kept WHERE id = 'while it was cut off'"),
    ).toBe(1);
  }, 180_000);

  test("leaves no process and no folder behind", () => {
    const { folder } = cluster;
    expect(processesAt(folder).length).toBeGreaterThan(NODES.length);
    cluster.stop();
    expect([processesAt(folder), existsSync(folder)]).toEqual([[], false]);
  });
});

/** How many writes that machine itself confirms until the signal: with no warning that no standby has them. */
async function confirmedAt(node: Node, cluster: Cluster, signal: AbortSignal): Promise<number> {
  const url = new URL(cluster.databaseUrl);
  url.hostname = cluster.network.addressOf(node);
  let confirmed = 0;
  while (!signal.aborted) {
    let isWarned = false;
    const client = new Client({ connectionString: url.href, statement_timeout: 1_000 });
    client.on("error", () => undefined);
    client.on("notice", () => {
      isWarned = true;
    });
    try {
      await client.connect();
      await client.query("INSERT INTO kept VALUES ('at the former primary')");
      if (!isWarned) confirmed += 1;
    } catch {
      // It is stopped, or a standby.
    }
    await client.end().catch(() => undefined);
  }
  return confirmed;
}

/** How many leaders of etcd a machine has seen come. */
async function leaderChanges(cluster: Cluster, node: Node): Promise<number> {
  const answer = await fetch(`http://${cluster.network.addressOf(node)}:${PORTS.etcd}/metrics`);
  const found = /^etcd_server_leader_changes_seen_total (\d+)$/m.exec(await answer.text());
  if (found === null) throw new Error("etcd counts its leaders");
  return Number(found[1]);
}

/** The machine behind HAProxy; null where it leads nowhere just now. */
async function servedBy(cluster: Cluster): Promise<string | null> {
  try {
    const address = await asked(cluster, "SELECT host(inet_server_addr())");
    return NODES.find((node) => cluster.network.addressOf(node) === address) ?? null;
  } catch {
    return null;
  }
}
