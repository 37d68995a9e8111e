// A reversal gives back exactly what was taken, once, and is answered the same whatever happened before.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { reversalAnswer } from "./answers.js";
import { BugError } from "./assert.js";
import { type ReversibleAttempt, reverse } from "./reverse.js";

const cinema = grantOf("CINEMA", { spent: 4 });
const spectacle = grantOf("SPECTACLE", { spent: 2500 });

function answerOf(reversed: ReturnType<typeof reverse>, avantageLabel: string | null) {
  const { figures } = reversed;
  return reversalAnswer({ id: "id", figures, avantageLabel, programme: TEST_PROGRAMME, nowMs: 0 });
}

const approved = (debits: ReversibleAttempt["debits"], accountId: string | null = "account-1") =>
  ({ state: "approved", accountId, debits }) as const;

describe("a reversal", () => {
  it.each([
    ["automatic", null, "REVERSED", "tombstone"],
    ["manual", null, "ORIGINAL_NOT_FOUND", "none"],
    ["automatic", "declined", "REVERSED", "reversed"],
    ["manual", "declined", "REVERSED", "reversed"],
  ] as const)(
    "%s of an attempt that is %s: %s, marked %s, nothing moved",
    (reason, state, code, mark) => {
      const attempt = state === null ? null : { state, accountId: "account-1", debits: [] };
      expect(reverse({ reason, attempt })).toEqual({ code, mark, figures: {}, effects: [] });
    },
  );

  it.each(["automatic", "manual"] as const)("%s gives the cents back to their grant", (reason) => {
    const attempt = approved([{ grant: spectacle, units: 1200 }]);
    const reversed = reverse({ reason, attempt });
    expect([reversed.code, reversed.mark]).toEqual(["REVERSED", "reversed"]);
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
    const attempt = approved([{ grant: cinema, units: 2 }]);
    const answer = answerOf(reverse({ reason: "manual", attempt }), "Cinéma");
    expect(answer.display[1]).toBe("2 PLACES RENDUES");
    expect(answer.returned).toEqual({ unit: "SEAT", value: 2 });
  });

  it("of a record says nothing of a credit", () => {
    const reversed = reverse({ reason: "manual", attempt: approved([]) });
    expect(reversed.mark).toBe("reversed");
    const answer = answerOf(reversed, "Musées");
    expect(answer.display).toEqual(["TRANSACTION ANNULEE", ""]);
    expect(answer).not.toHaveProperty("returned");
  });

  it("of a visit forgets it, so that the next presentation at the door is one again", () => {
    const { effects } = reverse({ reason: "manual", attempt: approved([]) });
    expect(effects).toEqual([{ type: "forgetVisit", accountId: "account-1" }]);
    expect(reverse({ reason: "manual", attempt: approved([], null) }).effects).toEqual([]);
  });

  it("that came before is answered again and gives nothing back twice", () => {
    const attempt = { ...approved([{ grant: cinema, units: 2 }]), state: "reversed" } as const;
    expect(reverse({ reason: "automatic", attempt })).toEqual({
      code: "REVERSED",
      mark: "reversed",
      figures: {},
      effects: [],
    });
  });

  it("of a debit that no record has is a bug, not a credit", () => {
    const musee = grantOf("MUSEE");
    const manuels = grantOf("MANUELS_GRATUITS");
    for (const grant of [musee, manuels]) {
      const attempt = approved([{ grant, units: 1 }]);
      expect(() => reverse({ reason: "manual", attempt })).toThrow("a record debits nothing");
    }
  });

  it("of a sale with two debits is a bug, not a guess", () => {
    const debits = [
      { grant: spectacle, units: 1 },
      { grant: cinema, units: 1 },
    ];
    expect(() => reverse({ reason: "manual", attempt: approved(debits) })).toThrow(
      new BugError("a sale debits one grant"),
    );
  });
});
