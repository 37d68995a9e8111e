// Shows what a till may learn of a code, and what it may do after it.
import { describe, expect, test } from "vitest";
import { OUTCOMES, type OutcomeCode, type PublicCode } from "./codes.js";
import {
  isOutcomeCode,
  isPublicCode,
  isRetryable,
  outcomeSpec,
  PUBLIC_CODES,
  publicCodeOf,
  publicIso39Of,
  publicRetryOf,
  retryOf,
} from "./lookup.js";
import { renderOutcome } from "./render.js";

const GROUPS: readonly (readonly [PublicCode, readonly OutcomeCode[]])[] = [
  ["AVANTAGE_UNAVAILABLE", ["AVANTAGE_SUSPENDED", "AVANTAGE_NOT_GRANTED", "AGE_NOT_ELIGIBLE"]],
  ["CARD_REFUSED", ["CARD_LOST", "CARD_STOLEN", "CARD_BLOCKED"]],
];
const HIDDEN = GROUPS.flatMap(([, codes]) => codes);
const PICK_UP = ["04", "07", "41", "43"];
const EXPIRED_CARD_ON_CB_LISTS = "33";

describe("public codes", () => {
  test.each(GROUPS)("%s shows the same for each code that it stands for", (group, codes) => {
    const faces = [group, ...codes].map((code) => ({
      code: publicCodeOf(code),
      iso39: publicIso39Of(code),
      retry: publicRetryOf(code, {}),
      texts: renderOutcome(code, {}),
    }));
    for (const face of faces) expect(face).toEqual({ ...faces[0], code: group });
  });

  test("hide only the codes of a group", () => {
    expect(OUTCOMES.map(({ code }) => code).filter((code) => publicCodeOf(code) !== code)).toEqual(
      expect.arrayContaining([...HIDDEN]),
    );
    expect(OUTCOMES.filter(({ code }) => publicCodeOf(code) !== code)).toHaveLength(HIDDEN.length);
  });

  test("are every code but the hidden ones, and the groups", () => {
    const shown = OUTCOMES.map(({ code }) => code).filter((code) => !HIDDEN.includes(code));
    expect(PUBLIC_CODES).toEqual([...shown, "AVANTAGE_UNAVAILABLE", "CARD_REFUSED"]);
    expect(new Set(PUBLIC_CODES).size).toBe(PUBLIC_CODES.length);
  });

  test("are told from precise and from unknown ones", () => {
    expect([isPublicCode("CARD_LOST"), isOutcomeCode("CARD_LOST")]).toEqual([false, true]);
    expect([isPublicCode("CARD_REFUSED"), isOutcomeCode("CARD_REFUSED")]).toEqual([true, false]);
    expect([isPublicCode("APPROVED"), isOutcomeCode("APPROVED")]).toEqual([true, true]);
    expect([isPublicCode("toString"), isOutcomeCode("toString")]).toEqual([false, false]);
  });

  test("never ask a bank kernel to keep the card, nor print an expired card", () => {
    const onTheWire = PUBLIC_CODES.map(publicIso39Of);
    for (const iso39 of [...PICK_UP, EXPIRED_CARD_ON_CB_LISTS]) {
      expect(onTheWire).not.toContain(iso39);
    }
    expect(publicIso39Of("CARD_LOST")).toBe("62");
    expect(publicIso39Of("CARD_STOLEN")).toBe("62");
  });

  test("leave the pick-up codes to the precise spec, for logs and the operator", () => {
    expect(outcomeSpec("CARD_LOST").iso39).toBe("41");
    expect(outcomeSpec("CARD_STOLEN").iso39).toBe("43");
  });

  test("have no field 39 where nothing goes over the wire", () => {
    expect(publicIso39Of("CARD_UNREADABLE")).toBeNull();
  });
});

describe("retry", () => {
  test("a smaller number of seats may be asked for while one is left", () => {
    expect(publicRetryOf("SEATS_EXHAUSTED", { remaining: { unit: "SEAT", value: 1 } })).toBe(
      "AMEND",
    );
    expect(publicRetryOf("SEATS_EXHAUSTED", { remaining: { unit: "SEAT", value: 0 } })).toBe("NO");
  });

  test("a smaller number of coupons may be asked for while one is left", () => {
    const left = (value: number) => ({ remaining: { unit: "COUPON", value } }) as const;
    expect(publicRetryOf("COUPONS_EXHAUSTED", left(1))).toBe("AMEND");
    expect(publicRetryOf("COUPONS_EXHAUSTED", left(0))).toBe("NO");
  });

  test("a smaller refund may be asked for while something is left of the sale", () => {
    const left = (value: number) => ({ remaining: { unit: "EUR_CENT", value } }) as const;
    expect(publicRetryOf("REFUND_OVER_CAPTURED", left(1))).toBe("AMEND");
    expect(publicRetryOf("REFUND_OVER_CAPTURED", left(0))).toBe("NO");
  });

  test("the operator sees that a blocked card can be released, the till does not", () => {
    expect(retryOf("CARD_BLOCKED", {})).toBe("ACTION");
    expect(publicRetryOf("CARD_BLOCKED", {})).toBe("NO");
  });

  test.each(["NONE", "NO", "ACTION"] as const)("%s is not for the till to try again", (retry) => {
    expect(isRetryable(retry)).toBe(false);
  });

  test.each(["NOW", "AMEND", "OTHER", "LATER", "SAMEKEY", "NEWKEY", "REVERSE"] as const)(
    "%s is",
    (retry) => {
      expect(isRetryable(retry)).toBe(true);
    },
  );
});

test("a code that is in no list is reported as a bug", () => {
  expect(() => outcomeSpec("NOT_A_CODE" as OutcomeCode)).toThrow(/NOT_A_CODE/);
});
