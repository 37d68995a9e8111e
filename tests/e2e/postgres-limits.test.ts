// Limits of two gateways on one PostgreSQL, over real TLS: who is refused by one is refused by the other.

import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { agentFor, postJson } from "../support/raw-client.js";
import type { TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";

const SALE = { avantage: "SPECTACLE", purchaseCents: 100 };
/** One each 30 s beyond the first two. */
const RARELY = { cardPerMinute: 2 };
const HOLDERS_PER_MINUTE = 2;

describeSystem("postgres")("two gateways on one database", () => {
  const postgres = testPostgres();
  const folders = keyFolders();
  let gateways: TestGateway[] = [];

  beforeAll(async () => {
    const { url } = await postgres.database();
    const dataFolder = folders.fresh();
    const options = { limits: RARELY, holderRequestsPerMinute: HOLDERS_PER_MINUTE };
    const a = await startOnPostgres(url, { dataFolder, ...options });
    const besides = folders.besides(dataFolder);
    gateways = [a, await startOnPostgres(url, { dataFolder: besides, ...options })];
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
  });

  const first = (): TestGateway => {
    const [gateway] = gateways;
    if (!gateway) throw new Error("the gateways have not started");
    return gateway;
  };

  /** One terminal with a connection to each gateway. */
  async function tills(): Promise<readonly RawTill[]> {
    const id = `T-${Math.random().toString(16).slice(2, 10)}`;
    const credentials = await first().terminal(id);
    const both = gateways.map(({ gateway }) => rawTill(gateway.url, credentials));
    onTestFinished(() => {
      for (const till of both) till.close();
    });
    return both;
  }

  it("refuse a card that was shown too often at both, and answer again what was answered", async () => {
    const both = await tills();
    const card = await first().card();
    const tap = () => nfcEvidence(first().gateway, card);
    const sale = { ...SALE, id: both[0]?.newId() ?? "", evidence: tap() };
    for (const till of both) {
      expect((await till.sell(sale)).body).toMatchObject({ code: "APPROVED" });
    }
    expect((await both[1]?.sell({ ...SALE, evidence: tap() }))?.body).toMatchObject({
      code: "APPROVED",
    });
    for (const till of both) {
      const refused = await till.sell({ ...SALE, evidence: tap() });
      expect([refused.status, refused.body["code"]]).toEqual([429, "RATE_LIMITED"]);
    }
  });

  it("let strangers of one address try together as often as at one", async () => {
    const both = await tills();
    const statuses: number[] = [];
    for (let time = 0; time < 20; time += 1) {
      const till = both[time % 2];
      const heard = await till?.postUnnamed("/v1/terminals/enrolments", {});
      statuses.push(heard?.status ?? 0);
    }
    // Ten at once, and one each six seconds.
    const refused = statuses.filter((status) => status === 429);
    expect(statuses.slice(0, 10)).not.toContain(429);
    expect(refused.length).toBeGreaterThan(0);
  });

  it("let holders of one address ask together as often as at one", async () => {
    const agent = agentFor(await first().terminal("T-HOLDERS"), false);
    onTestFinished(() => agent.destroy());
    const statuses: number[] = [];
    for (const { gateway } of [...gateways, ...gateways]) {
      const url = `${gateway.holderUrl}/v1/account/pin-state`;
      statuses.push((await postJson({ agent, url, body: {} })).status);
    }
    expect(statuses.map((status) => status === 429)).toEqual([false, false, true, true]);
  });
});
