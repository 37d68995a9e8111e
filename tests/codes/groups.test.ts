// What a public code hides: whole answers are the same whatever the reason, and the operator still reads which it was.

import { OUTCOMES, PUBLIC_GROUPS, publicIso39Of } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suspended } from "../operators/events.js";
import { TEST_CAMPAIGN } from "../support/running-gateway.js";
import { about, enrol, REGION, send } from "./pupils.js";
import type { Heard } from "./raw-till.js";
import { type Rig, startRig } from "./rig.js";
import { GATEWAY_ROWS } from "./table.js";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

/** Each group with the precise codes that it stands for. */
const GROUPS = PUBLIC_GROUPS.map(({ code: group }) => {
  const hidden = OUTCOMES.filter((spec) => "publicCode" in spec && spec.publicCode === group);
  return { group, hidden: hidden.map(({ code }) => code) };
});

/** Everything of an answer but what no two answers share. */
function comparable({ status, body }: Heard): object {
  const { id: _id, decidedAtMs, proofRef, proofExpiresAtMs, ...said } = body;
  const proofLivesMs = Number(proofExpiresAtMs) - Number(decidedAtMs);
  return { status, ...said, hasProof: proofRef !== undefined, proofLivesMs };
}

test("the groups are those of suspended, not granted and age, and of lost, stolen and blocked", () => {
  expect(GROUPS).toEqual([
    {
      group: "AVANTAGE_UNAVAILABLE",
      hidden: ["AVANTAGE_NOT_GRANTED", "AGE_NOT_ELIGIBLE", "AVANTAGE_SUSPENDED"],
    },
    { group: "CARD_REFUSED", hidden: ["CARD_LOST", "CARD_STOLEN", "CARD_BLOCKED"] },
  ]);
});

describe.each(GROUPS)("$group", ({ group, hidden }) => {
  test(`is all that a till is told of ${hidden.join(", ")}`, async () => {
    const answers: object[] = [];
    for (const code of hidden) {
      const row = GATEWAY_ROWS.find((one) => one.code === code);
      const heard = await row?.reach(rig);
      if (heard === undefined) throw new Error(`no row reaches ${code}`);
      expect(heard.body).toMatchObject({ code: group, iso39: publicIso39Of(group) });
      expect(JSON.stringify(heard.body)).not.toContain(code);
      expect(await rig.storedCode(String(heard.body["id"]))).toBe(code);
      answers.push(comparable(heard));
    }
    const [first, ...others] = answers;
    for (const other of others) expect(other).toEqual(first);
  });
});

test("a suspension looks like a right that was never there, also beside what else can be used here", async () => {
  const { gateway, till, tap } = rig;
  const heardOf = async (event: (pupil: Awaited<ReturnType<typeof enrol>>) => object) => {
    const pupil = await enrol(gateway);
    await send(gateway, REGION, [event(pupil)]);
    const asked = { avantage: "SPECTACLE", purchaseCents: 500 };
    return till.sell({ evidence: tap(pupil), ...asked });
  };
  const scope = { campaign: TEST_CAMPAIGN, avantages: ["SPECTACLE"] };
  const ofSuspended = await heardOf((pupil) => suspended(pupil, scope));
  const ofRevoked = await heardOf((pupil) => about(pupil, "grants.revoked", scope));
  expect(ofSuspended.body).toHaveProperty("usableHere");
  expect(comparable(ofSuspended)).toEqual(comparable(ofRevoked));
  expect(await rig.storedCode(String(ofSuspended.body["id"]))).toBe("AVANTAGE_SUSPENDED");
  expect(await rig.storedCode(String(ofRevoked.body["id"]))).toBe("AVANTAGE_NOT_GRANTED");
});
