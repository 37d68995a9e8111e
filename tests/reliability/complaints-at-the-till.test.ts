// What users of other systems complain of, tried on the SDK, mutual TLS, the gateway and SQLite on disk.

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withCoupons } from "../codes/approval-rows.js";
import { enrol } from "../codes/pupils.js";
import { type Rig, startRig } from "../codes/rig.js";
import { chipOf, openSdk, type SdkTill } from "../codes/sdk-till.js";
import { programmeAround, TEST_PIN } from "../support/running-gateway.js";

const HUNDRED_EUROS = 10_000;
const SIXTY_EUROS = 6_000;
const TILLS = 5;
const VOUCHERS = 3;
const REPEATS = 12;

let rig: Rig;
let opened = 0;
const tills: SdkTill[] = [];
beforeAll(async () => {
  rig = await startRig(programmeAround);
});
afterAll(async () => {
  for (const till of tills) await till.close();
  await rig.stop();
});

/** One more till of the partner, with a terminal and a pad of its own. */
async function newTill(): Promise<SdkTill> {
  opened += 1;
  const id = `T-COMPLAINTS-${opened}`;
  const credentials = await rig.running.terminal(id);
  const pinKeyFile = join(rig.running.dataFolder, `pin-key-of-${id}`);
  const till = await openSdk({ gateway: rig.gateway.url, pinKeyFile, credentials });
  tills.push(till);
  return till;
}

const newTills = (count: number) => Promise.all(Array.from({ length: count }, newTill));

test("of two refunds of 60 € on a capture of 100 €, at two tills at once, one is made", async () => {
  const [first, second] = await newTills(2);
  if (!first || !second) throw new Error("two tills were asked for");
  const card = await rig.running.card({ grants: { SPECTACLE: HUNDRED_EUROS } });
  const chip = chipOf(rig.gateway, card);
  first.whenAsked(() => first.reader.tap(chip));
  const show = { avantage: "SPECTACLE", purchaseCents: HUNDRED_EUROS, capture: false };
  const { id: of = "" } = await first.terminal.sell(show);
  expect(await first.terminal.capture(of)).toMatchObject({ amountCents: HUNDRED_EUROS });
  const refunds = await Promise.all(
    [first, second].map(({ terminal }) => terminal.refund({ of, amountCents: SIXTY_EUROS })),
  );
  expect(refunds.map(({ outcome }) => outcome).toSorted()).toEqual(["declined", "refunded"]);
  const left = HUNDRED_EUROS - SIXTY_EUROS;
  expect(refunds.find(({ outcome }) => outcome === "declined")).toMatchObject({
    code: "REFUND_OVER_CAPTURED",
    available: { unit: "EUR_CENT", value: left },
  });
  expect(await second.terminal.refund({ of })).toMatchObject({
    outcome: "refunded",
    returned: { unit: "EUR_CENT", value: left },
  });
});

test("three vouchers that are redeemed at five tills at once are redeemed three times", async () => {
  const five = await newTills(TILLS);
  const { cardNumber } = await withCoupons(rig, VOUCHERS);
  const code = rig.gateway.operator.qrToken({ kind: "printed", cardNumber });
  const results = await Promise.all(
    five.map(({ terminal, reader, typed, whenAsked }) => {
      typed.push(TEST_PIN);
      whenAsked(() => reader.scan(code));
      return terminal.sell({ avantage: "SANTE_COUPON", quantity: 1 });
    }),
  );
  expect(results.map((result) => result.code).toSorted()).toEqual([
    ...Array(VOUCHERS).fill("APPROVED_COUPONS"),
    ...Array(TILLS - VOUCHERS).fill("COUPONS_EXHAUSTED"),
  ]);
});

test("what is held cannot be sold once more, and is there again once the hold is ended", async () => {
  const till = await newTill();
  const chip = chipOf(rig.gateway, await enrol(rig.gateway));
  till.whenAsked(() => till.reader.tap(chip));
  const show = { avantage: "SPECTACLE", purchaseCents: 2_000 };
  const { id = "" } = await till.terminal.sell({ ...show, capture: false });
  expect(await till.terminal.sell(show)).toMatchObject({ amountCents: 1_000, collectCents: 1_000 });
  expect(await till.terminal.reverse(id)).toMatchObject({ outcome: "reversed" });
  expect(await till.terminal.sell(show)).toMatchObject({ amountCents: 2_000, collectCents: 0 });
});

test("a request that arrives twelve times at once is answered twelve times alike and whole", async () => {
  const { till, gateway, tap } = rig;
  const evidence = tap(await enrol(gateway));
  const sale = { id: till.newId(), evidence, avantage: "SPECTACLE", purchaseCents: 1_200 };
  const answers = await Promise.all(Array.from({ length: REPEATS }, () => till.sell(sale)));
  const [first, ...others] = answers;
  expect(first).toMatchObject({
    status: 200,
    body: {
      id: sale.id,
      code: "APPROVED",
      amountCents: 1_200,
      remaining: { unit: "EUR_CENT", value: 1_800 },
      receipt: expect.anything(),
    },
  });
  for (const other of others) expect(other).toEqual(first);
});

test("the same id with another body is a conflict that replays nothing of the old answer", async () => {
  const { till, gateway, tap } = rig;
  const evidence = tap(await enrol(gateway));
  const sale = { id: till.newId(), evidence, avantage: "SPECTACLE", purchaseCents: 1_200 };
  const first = await till.sell(sale);
  const { status, body } = await till.sell({ ...sale, purchaseCents: 1_300 });
  expect([status, body["code"]]).toEqual([409, "DUPLICATE_CONFLICT"]);
  for (const field of ["outcome", "amountCents", "remaining", "holder"]) {
    expect(body).not.toHaveProperty(field);
  }
  expect(await till.sell(sale)).toEqual(first);
});

test("all of it left a ledger in which every balance is the sum of its entries", async () => {
  expect((await rig.gateway.operator.verify()).faults).toEqual([]);
});
