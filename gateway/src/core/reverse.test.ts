// A reversal gives back exactly what was taken, once, and is answered the same whatever happened before.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { reversalAnswer } from "./answers.js";
import { BugError } from "./assert.js";
import { reverse } from "./reverse.js";

const cinema = grantOf("CINEMA", { spent: 4 });
const spectacle = grantOf("SPECTACLE", { spent: 2500 });

function answerOf(reversed: ReturnType<typeof reverse>, avantageLabel: string | null) {
  const { figures } = reversed;
  return reversalAnswer({ id: "id", figures, avantageLabel, programme: TEST_PROGRAMME, nowMs: 0 });
}

describe("a reversal", () => {
  it.each([
    ["automatic", null, "REVERSED", "tombstone"],
    ["manual", null, "ORIGINAL_NOT_FOUND", "none"],
    ["automatic", "declined", "REVERSED", "reversed"],
    ["manual", "declined", "REVERSED", "reversed"],
  ] as const)(
    "%s of an attempt that is %s: %s, marked %s, nothing moved",
    (reason, state, code, mark) => {
      const attempt = state === null ? null : { state, debits: [] };
      expect(reverse({ reason, attempt })).toEqual({ code, mark, figures: {}, effects: [] });
    },
  );

  it.each(["automatic", "manual"] as const)("%s gives the cents back to their grant", (reason) => {
    const attempt = { state: "approved", debits: [{ grant: spectacle, units: 1200 }] } as const;
    const reversed = reverse({ reason, attempt });
    expect(reversed.effects).toEqual([
      { type: "post", grantId: spectacle.id, units: -1200, spentBefore: 2500 },
    ]);
    expect(answerOf(reversed, "Spectacle")).toMatchObject({
      outcome: "approved",
      code: "REVERSED",
      display: ["TRANSACTION ANNULEE", "12,00 EUR RENDUS"],
      returned: { unit: "EUR_CENT", value: 1200 },
    });
  });

  it("gives seats back as seats", () => {
    const attempt = { state: "approved", debits: [{ grant: cinema, units: 2 }] } as const;
    const answer = answerOf(reverse({ reason: "manual", attempt }), "Cinéma");
    expect(answer.display[1]).toBe("2 PLACES RENDUES");
    expect(answer.returned).toEqual({ unit: "SEAT", value: 2 });
  });

  it("of a record says nothing of a credit", () => {
    const reversed = reverse({ reason: "manual", attempt: { state: "approved", debits: [] } });
    expect(reversed.effects).toEqual([]);
    const answer = answerOf(reversed, "Musées");
    expect(answer.display).toEqual(["TRANSACTION ANNULEE", ""]);
    expect(answer).not.toHaveProperty("returned");
  });

  it("of a sale with two debits is a bug, not a guess", () => {
    const debits = [
      { grant: spectacle, units: 1 },
      { grant: cinema, units: 1 },
    ];
    expect(() => reverse({ reason: "manual", attempt: { state: "approved", debits } })).toThrow(
      BugError,
    );
  });
});
