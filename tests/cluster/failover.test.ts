// Tills sell at a cluster whose primary is killed: nothing is lost or doubled, and a ledger that lost something is found out.

import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dice } from "../../simulators/src/chaos/random.js";
import { openRemains } from "../../simulators/src/chaos/remains.js";
import { attack } from "../../simulators/src/failover/attack.js";
import { openScene, type Scene } from "../../simulators/src/failover/scene.js";
import { comeToRest, judgeScene } from "../../simulators/src/failover/verdict.js";
import { describeSystem } from "../support/suites.js";

const SEED = Math.floor(Math.random() * 1_000_000);

describeSystem("cluster")(`a primary that is killed under load (seed ${SEED})`, () => {
  const remains = openRemains();
  const { signal } = new AbortController();
  const say = () => undefined;
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene({ tills: 3, seed: SEED, remains, say, signal });
  }, 180_000);
  afterAll(() => scene?.abandon());

  test("loses no approval, doubles none, and sales go on by themselves", async () => {
    const attacked = await attack(scene, { plan: ["primary"], dice: dice(SEED), say, signal });
    expect(attacked.violations).toEqual([]);
    expect(
      attacked.faults.map(({ kind, withoutAnswerMs }) => [kind, withoutAnswerMs.length]),
    ).toEqual([["primary", 3]]);
    expect(await comeToRest(scene)).toEqual([]);
    const { violations, ledger } = await judgeScene(scene, remains);
    expect(violations).toEqual([]);
    expect(ledger.attempts.filter(({ approved }) => approved).length).toBeGreaterThan(6);
  }, 240_000);

  test("is found out where the ledger has lost one approved sale", async () => {
    const client = new Client({ connectionString: scene.cluster.databaseUrl });
    await client.connect();
    // What a failover to a standby without the last commits would leave: the rows of one sale are not there.
    await client.query("ALTER TABLE entries DISABLE TRIGGER USER");
    await client.query("DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)");
    await client.end();
    const { violations } = await judgeScene(scene, remains);
    expect(violations.map(({ rule }) => rule)).toContain(
      "the entries of a sale take what its answer says, once",
    );
  }, 120_000);
});
