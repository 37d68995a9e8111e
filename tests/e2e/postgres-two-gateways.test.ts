// Two gateways on one PostgreSQL, over real TLS: what one has decided, counted or withdrawn holds at the other's next request.

import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { TEST_PIN, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";
import { openTill } from "../support/till.js";

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_000 };
const WRONG_PIN = "1357";

describeSystem("postgres")("two gateways on one database", () => {
  const postgres = testPostgres();
  const folders = keyFolders();
  let [a, b]: TestGateway[] = [];
  const at = (gateway: TestGateway | undefined): TestGateway => {
    if (!gateway) throw new Error("the gateways have not started");
    return gateway;
  };

  beforeAll(async () => {
    const { url } = await postgres.database();
    const dataFolder = folders.fresh();
    a = await startOnPostgres(url, { dataFolder });
    b = await startOnPostgres(url, { dataFolder: folders.besides(dataFolder) });
  });
  afterAll(async () => {
    await a?.stop();
    await b?.stop();
  });

  /** One terminal with a connection to each gateway. */
  async function tillAtBoth(): Promise<{ atA: RawTill; atB: RawTill; id: string }> {
    const id = `T-${Math.random().toString(16).slice(2, 10)}`;
    const credentials = await at(a).terminal(id);
    const [atA, atB] = [
      rawTill(at(a).gateway.url, credentials),
      rawTill(at(b).gateway.url, credentials),
    ];
    onTestFinished(() => {
      atA.close();
      atB.close();
    });
    return { atA, atB, id };
  }

  const tap = (card: TestCard) => nfcEvidence(at(a).gateway, card);
  const scan = ({ cardNumber }: TestCard) =>
    at(a).gateway.operator.qrToken({ kind: "printed", cardNumber });

  it("serve a whole sale by the SDK, each what the other wrote", async () => {
    const reader = simulatedReader({});
    const till = await openTill(at(b), [reader]);
    onTestFinished(() => till.close());
    const { uid } = await at(a).card();
    const keys = at(a).gateway.operator.cardKeys(uid);
    reader.tap(createVirtualCard({ profile: "sdm", uid, keys }));
    expect(await till.terminal.sell(SALE)).toMatchObject({
      outcome: "approved",
      amountCents: 1_000,
    });
    expect(await till.terminal.closeDay()).toMatchObject({ reconciliation: { agreed: true } });
  });

  it("answer a repeated id word for word, and take the money once", async () => {
    const { atA, atB } = await tillAtBoth();
    const card = await at(b).card({ grants: { SPECTACLE: 1_500 } });
    const sale = { ...SALE, id: atA.newId(), evidence: tap(card) };
    const sold = await atA.sell(sale);
    expect(sold.body).toMatchObject({ code: "APPROVED", amountCents: 1_000 });
    expect((await atB.sell(sale)).body).toEqual(sold.body);
    const rest = await atB.sell({ ...SALE, evidence: tap(card) });
    expect(rest.body).toMatchObject({ code: "APPROVED_PARTIAL", amountCents: 500 });
    const { faults } = await at(b).gateway.operator.verify();
    expect(faults).toEqual([]);
  });

  it("answer the same id at the same time with one decision", async () => {
    const { atA, atB } = await tillAtBoth();
    const card = await at(a).card();
    const sale = { ...SALE, id: atA.newId(), evidence: tap(card) };
    const [first, second] = await Promise.all([atA.sell(sale), atB.sell(sale)]);
    expect(first.body).toMatchObject({ code: "APPROVED" });
    expect(second.body).toEqual(first.body);
  });

  it("take a reversal of what the other sold", async () => {
    const { atA, atB } = await tillAtBoth();
    const card = await at(a).card({ grants: { SPECTACLE: 1_000 } });
    const id = atA.newId();
    await atA.sell({ ...SALE, id, evidence: tap(card) });
    expect((await atB.reverse(id, "manual")).status).toBe(200);
    expect((await atA.sell({ ...SALE, evidence: tap(card) })).body).toMatchObject({
      code: "APPROVED",
    });
  });

  it("take a card's one-time message once between them", async () => {
    const { atA, atB } = await tillAtBoth();
    const evidence = tap(await at(a).card());
    expect((await atA.sell({ ...SALE, evidence })).body).toMatchObject({ code: "APPROVED" });
    const again = await atB.sell({ ...SALE, evidence });
    expect(again.body).toMatchObject({ outcome: "declined" });
  });

  it("count wrong PINs together, and lock once they are used up", async () => {
    const { atA, atB } = await tillAtBoth();
    const card = await at(a).card();
    const token = scan(card);
    const sellAt = (till: RawTill, pin: string) =>
      till.sell({
        ...SALE,
        // Each try under the pad's next key, whichever gateway hears it.
        evidence: { type: "qr", token, pinBlock: atA.pinBlock(card.cardNumber, pin) },
      });
    const codes: unknown[] = [];
    for (const till of [atA, atB, atA]) codes.push((await sellAt(till, WRONG_PIN)).body["code"]);
    expect(codes).toEqual(["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED"]);
    expect((await sellAt(atB, TEST_PIN)).body).toMatchObject({ code: "PIN_LOCKED" });
  });

  it("refuse what was withdrawn at the other, from the next request on", async () => {
    const { atA, atB, id } = await tillAtBoth();
    const card = await at(b).card();
    expect((await atB.sell({ ...SALE, evidence: tap(card) })).body).toMatchObject({
      code: "APPROVED",
    });
    await at(a).gateway.operator.load({ cards: [{ ...card, status: "STOLEN" }] });
    expect((await atB.sell({ ...SALE, evidence: tap(card) })).body).toMatchObject({
      outcome: "declined",
    });
    await at(a).gateway.operator.revokeTerminal(id);
    const other = await at(b).card();
    const revoked = await atB.sell({ ...SALE, evidence: tap(other) });
    expect(revoked.body).toMatchObject({ code: "TERMINAL_NOT_AUTHORISED" });
    expect((await atA.read("/v1/terminal")).status).toBe(403);
  });
});
