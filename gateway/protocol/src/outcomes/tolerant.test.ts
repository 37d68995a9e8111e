// Shows that an old terminal never takes a new refusal for an approval.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTCOMES } from "./codes.js";
import { publicCodeOf, publicIso39Of } from "./lookup.js";
import { classifyUnknown } from "./tolerant.js";

const NEWER_CODE = "NEWER_THAN_THIS_TERMINAL";

describe("an answer whose code is unknown", () => {
  test.each([
    ["00", "approved"],
    ["10", "approved"],
    ["68", "technical"],
    ["90", "technical"],
    ["96", "technical"],
    ["09", "technical"],
    ["51", "declined"],
    ["57", "declined"],
    ["03", "declined"],
    ["05", "declined"],
    ["100", "declined"],
    ["0", "declined"],
    ["", "declined"],
    [null, "declined"],
  ])("with field 39 %j is %s", (iso39, expected) => {
    expect(classifyUnknown({ code: NEWER_CODE, iso39 })).toBe(expected);
  });

  test("is approved for the approvals of today and for no other outcome", () => {
    for (const { code, kind } of OUTCOMES) {
      const read = classifyUnknown({ code: NEWER_CODE, iso39: publicIso39Of(code) });
      expect(read === "approved", code).toBe(kind === "approval");
    }
  });

  test("is approved by no other field 39, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 4 }), (iso39) => {
        const read = classifyUnknown({ code: NEWER_CODE, iso39 });
        expect(read === "approved").toBe(iso39 === "00" || iso39 === "10");
      }),
    );
  });
});

describe("an answer whose code is known", () => {
  test("is read by its code and not by field 39", () => {
    expect(classifyUnknown({ code: "CARD_REFUSED", iso39: "00" })).toBe("declined");
    expect(classifyUnknown({ code: "APPROVED_PARTIAL", iso39: null })).toBe("approved");
    expect(classifyUnknown({ code: "FORMAT_ERROR", iso39: "30" })).toBe("technical");
  });

  test("comes to the same whether the precise or the public code is read", () => {
    for (const { code } of OUTCOMES) {
      expect(classifyUnknown({ code: publicCodeOf(code), iso39: null })).toBe(
        classifyUnknown({ code, iso39: null }),
      );
    }
  });
});
