// Tills sell at a cluster whose primary is killed: nothing is lost or doubled, and a ledger that lost something is found out.

import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dice } from "../../simulators/src/chaos/random.js";
import { openRemains } from "../../simulators/src/chaos/remains.js";
import { NODES } from "../../simulators/src/cluster/members.js";
import { attack } from "../../simulators/src/failover/attack.js";
import { comeToRest } from "../../simulators/src/failover/rest.js";
import { openScene, type Scene } from "../../simulators/src/failover/scene.js";
import { judgeScene } from "../../simulators/src/failover/verdict.js";
import { describeSystem } from "../support/suites.js";

const SEED = Math.floor(Math.random() * 1_000_000);
/** Nobody listens there. */
const NOWHERE = "postgres://nobody@127.0.0.1:1/nothing";

describeSystem("cluster")(`a primary that is killed under load (seed ${SEED})`, () => {
  const remains = openRemains();
  const { signal } = new AbortController();
  const say = () => undefined;
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene({ tills: 3, seed: SEED, remains, say, signal });
  }, 180_000);
  afterAll(() => scene?.abandon());

  test("keeps nobody from selling for long: sales go on by themselves", async () => {
    const attacked = await attack(scene, { plan: ["primary"], dice: dice(SEED), say, signal });
    expect(attacked.violations).toEqual([]);
    expect(
      attacked.faults.map(({ kind, withoutAnswerMs }) => [kind, withoutAnswerMs.length]),
    ).toEqual([["primary", 3]]);
  }, 240_000);

  test("loses no approval and doubles none, and is judged at rest though most machines were left dead", async () => {
    const primary = await scene.cluster.primary(60_000);
    const other = NODES.find((name) => name !== primary);
    scene.cluster.nodes[primary].kill();
    scene.cluster.nodes[other ?? primary].kill();
    scene.gateways.kill("gw1");
    expect(await comeToRest(scene)).toEqual([]);
    const { violations, ledger } = await judgeScene(scene, remains);
    expect(violations).toEqual([]);
    expect(ledger?.attempts.filter(({ approved }) => approved).length).toBeGreaterThan(6);
  }, 240_000);

  test("is found out where the ledger has lost what one approved sale took", async () => {
    const client = new Client({ connectionString: scene.cluster.databaseUrl });
    await client.connect();
    // What a failover to a standby without the last commits would leave: a row of a sale is not there.
    await client.query("ALTER TABLE entries DISABLE TRIGGER USER");
    await client.query(
      "DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries WHERE units > 0)",
    );
    await client.end();
    const { violations } = await judgeScene(scene, remains);
    expect(violations.map(({ rule }) => rule)).toContain(
      "the entries of a sale take what its answer says, once",
    );
  }, 120_000);

  test("is not called sound where the ledger cannot be read", async () => {
    const cluster = { ...scene.cluster, databaseUrl: NOWHERE };
    const { violations, facts } = await judgeScene({ ...scene, cluster }, remains);
    const rules = violations.map(({ rule }) => rule);
    expect(rules).toContain("the gateway's own check finds its ledger sound");
    expect(rules).toContain("what the tills saw can be held to the ledger");
    expect(facts.length).toBeGreaterThan(0);
  }, 60_000);
});
