// Every typed error of the SDK comes about in a scenario, and carries what its code says of it.

import { ERROR_CODES, PassTpeError } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERROR_ROWS } from "./error-rows.js";
import { type Rig, startRig } from "./rig.js";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

describe("the SDK throws", () => {
  test.each(ERROR_ROWS.map((row) => [row.code, row.how, row] as const))(
    "%s: %s",
    async (code, _how, row) => {
      const thrown = await row.reach(rig).catch((error: unknown) => error);
      if (!(thrown instanceof PassTpeError)) throw new Error("no PassTpeError", { cause: thrown });
      const { actor, retryable, moneyMoved, lines } = ERROR_CODES[code];
      expect(thrown).toMatchObject({ code, actor, retryable, lines });
      expect(thrown.moneyMoved).toBe(row.moneyMoved ?? moneyMoved);
      expect(thrown.message).not.toBe("");
    },
  );

  test("no code that no scenario brings about", () => {
    const reached = new Set<string>(ERROR_ROWS.map(({ code }) => code));
    expect([...reached].toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });
});
