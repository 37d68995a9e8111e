// Every public code is seen by a real Terminal, from the real gateway or from the SDK itself; what nothing shows fails here.

import { isPublicCode, PUBLIC_CODES } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectShown } from "./expectations.js";
import { type Rig, startRig } from "./rig.js";
import { SHOWN_ROWS, TOLD_ROWS } from "./shown-rows.js";
import { GATEWAY_ROWS, TERMINAL_ROWS } from "./table.js";
import { terminalTill } from "./terminal-till.js";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(undefined, terminalTill);
});
afterAll(() => rig.stop());

const seen = new Set<string>();
const named = <R extends { code: string; how: string }>(rows: readonly R[]) =>
  rows.map((row) => [row.code, row.how, row] as const);

describe("a Terminal shows what the gateway said", () => {
  test.each(named(GATEWAY_ROWS.filter(({ byHand }) => byHand === undefined)))(
    "%s: %s",
    async (_code, _how, row) => {
      const { shown } = await row.reach(rig);
      if (shown === undefined) throw new Error("no Terminal was asked: is the row byHand?");
      expectShown(rig, row, shown);
      seen.add(shown.code);
    },
  );
});

describe("a Terminal shows", () => {
  test.each(named([...TERMINAL_ROWS, ...SHOWN_ROWS]))("%s: %s", async (_code, _how, row) => {
    const shown = await row.reach(rig);
    expectShown(rig, row, shown);
    seen.add(shown.code);
  });
});

describe("a Terminal's events tell", () => {
  test.each(named(TOLD_ROWS))("%s: %s", async (code, _how, row) => {
    expect(await row.reach(rig)).toBe(code);
    seen.add(code);
  });
});

test("no public code is left that no Terminal was shown", () => {
  expect([...seen].filter((code) => !isPublicCode(code))).toEqual([]);
  expect(PUBLIC_CODES.filter((code) => !seen.has(code))).toEqual([]);
});
