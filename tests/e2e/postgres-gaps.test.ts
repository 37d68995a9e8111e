// What a restore lost, told to gateways that serve: a gap that is opened or ended anywhere holds at each of them.

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readDataFolder } from "../../gateway/src/data-folder.js";
import { gapStepsAlone, openGap } from "../../gateway/src/gaps.js";
import { systemRandom } from "../../gateway/src/main.js";
import { openPostgres } from "../../gateway/src/store/postgres/driver.js";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { clientOf, connectionOf } from "../operators/agents.js";
import { IN_TESTS, keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { TEST_PIN, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { TEST_STORE_KEY } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";

/** Far longer than it takes on a busy machine. */
const WAIT = { timeout: 20_000, interval: 50 };
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describeSystem("postgres")("a gap of gateways on one database", () => {
  const postgres = testPostgres();
  const folders = keyFolders();
  const atA = folders.fresh();
  let url: string;
  let [a, b]: TestGateway[] = [];
  let [tillA, tillB]: RawTill[] = [];
  let card: TestCard;

  beforeAll(async () => {
    ({ url } = await postgres.database());
    a = await startOnPostgres(url, { dataFolder: atA });
    b = await startOnPostgres(url, { dataFolder: folders.besides(atA) });
    const credentials = await a.terminal();
    tillA = rawTill(a.gateway.url, credentials);
    tillB = rawTill(b.gateway.url, credentials);
    card = await a.card();
  });
  afterAll(async () => {
    tillA?.close();
    tillB?.close();
    await a?.stop();
    await b?.stop();
  });

  async function codeAt(till: RawTill | undefined): Promise<unknown> {
    const { cardNumber } = card;
    const pinBlock = tillA?.pinBlock(cardNumber, TEST_PIN);
    if (!till || !pinBlock) throw new Error("the gateways have not started");
    const evidence = { type: "keyed", cardNumber, pinBlock } as const;
    const { body } = await till.sell({ avantage: "SPECTACLE", purchaseCents: 100, evidence });
    return body["code"];
  }
  const both = async () => [await codeAt(tillA), await codeAt(tillB)];

  /** As a command does that has the database alone. */
  async function lose(): Promise<void> {
    const { keys } = readDataFolder({
      ...{ path: atA, database: { url }, storeKey: TEST_STORE_KEY, random: systemRandom },
    });
    const driver = await openPostgres({ url, ...IN_TESTS });
    const times = { fromMs: Date.now() - 1_000, nowMs: Date.now() };
    const { sign } = keys.audit;
    await openGap({ steps: gapStepsAlone(driver), ...times, sign, random: systemRandom });
    await driver.close();
  }

  it("closes each of them while they serve, and ends at each once it was signed for at one", async () => {
    expect(await both()).toEqual(["APPROVED", "APPROVED"]);
    await lose();
    await vi.waitFor(
      async () => expect(await both()).toEqual(["MAINTENANCE", "MAINTENANCE"]),
      WAIT,
    );
    if (!b) throw new Error("the gateways have not started");
    const { gateway } = b;
    const agent = { id: "op", role: "operator", etablissement: null } as const;
    const credentials = await gateway.operator.issueAgent(agent);
    if (!credentials) throw new Error("nobody is called so");
    const connection = connectionOf(credentials);
    const client = clientOf({ url: gateway.operatorUrl, credentials, connection });
    expect((await client.post("/v1/gaps/1/signature", { why: "compared" })).status).toBe(200);
    expect((await client.post("/v1/gaps/1/signature", { why: "again" })).status).toBe(409);
    connection.destroy();
    expect(await codeAt(tillB)).toBe("APPROVED");
    await vi.waitFor(async () => expect(await codeAt(tillA)).toBe("APPROVED"), WAIT);
    expect(await gateway.operator.verify()).toMatchObject({ faults: [] });
  });
});
