// Every result code is reached from the real gateway or the real SDK; a code that nothing reaches fails here.

import { OUTCOMES } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAnswer, expectShown } from "./expectations.js";
import { type Rig, startRig } from "./rig.js";
import { GATEWAY_ROWS, TERMINAL_ROWS } from "./table.js";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const named = <R extends { code: string; how: string }>(rows: readonly R[]) =>
  rows.map((row) => [row.code, row.how, row] as const);

describe("the gateway gives", () => {
  test.each(named(GATEWAY_ROWS))("%s: %s", (_code, _how, row) => expectAnswer(rig, row));
});

describe("the SDK gives", () => {
  test.each(named(TERMINAL_ROWS))("%s: %s", async (_code, _how, row) => {
    expectShown(rig, row, await row.reach(rig));
  });
});

describe("the table", () => {
  test("has every code of each side that gives it", () => {
    const wanted = OUTCOMES.flatMap(({ code, givenBy }) =>
      givenBy === "both" ? [`gateway ${code}`, `terminal ${code}`] : [`${givenBy} ${code}`],
    );
    const reached = [...GATEWAY_ROWS, ...TERMINAL_ROWS].map(({ by, code }) => `${by} ${code}`);
    expect([...new Set(reached)].toSorted()).toEqual(wanted.toSorted());
  });

  test("left a ledger in which every balance is the sum of its entries", async () => {
    expect((await rig.gateway.operator.verify()).faults).toEqual([]);
  });
});
