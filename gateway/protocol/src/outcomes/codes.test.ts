// Shows that the list of result codes is complete, unambiguous and in the order of evaluation.
import { describe, expect, test } from "vitest";
import { OUTCOMES, type OutcomeCode } from "./codes.js";
import { precedenceOf } from "./lookup.js";
import type { RetryClass } from "./types.js";

/** Code, field 39 and retry class as the programme's table of outcomes has them. */
const TABLE: readonly (readonly [OutcomeCode, string | null, RetryClass])[] = [
  ["APPROVED", "00", "NONE"],
  ["APPROVED_PARTIAL", "10", "NONE"],
  ["APPROVED_SEATS", "00", "NONE"],
  ["APPROVED_COUPONS", "00", "NONE"],
  ["APPROVED_RECORD", "00", "NONE"],
  ["APPROVED_SAME_VISIT", "00", "NONE"],
  ["APPROVED_HELD", "00", "NONE"],
  ["CAPTURED", "00", "NONE"],
  ["REFUNDED", "00", "NONE"],
  ["REVERSED", "00", "NONE"],
  ["CARD_UNREADABLE", null, "NOW"],
  ["QR_INVALID", "14", "NOW"],
  ["CARD_UNKNOWN", "14", "NO"],
  ["CARD_NOT_ACTIVE", "78", "ACTION"],
  ["CARD_EXPIRED", "54", "NO"],
  ["CARD_LOST", "41", "NO"],
  ["CARD_STOLEN", "43", "NO"],
  ["CARD_BLOCKED", "62", "ACTION"],
  ["CARD_NOT_GENUINE", "63", "OTHER"],
  ["PIN_REQUIRED", "70", "NOW"],
  ["PIN_NOT_SET", "86", "ACTION"],
  ["PIN_INCORRECT", "55", "NOW"],
  ["PIN_INCORRECT_LAST", "55", "NOW"],
  ["PIN_LOCKED", "75", "ACTION"],
  ["PIN_CANCELLED", "17", "NOW"],
  ["PIN_BLOCK_INVALID", "81", "ACTION"],
  ["BENEFICIARY_NOT_VALIDATED", "57", "ACTION"],
  ["AVANTAGE_NOT_GRANTED", "57", "NO"],
  ["AGE_NOT_ELIGIBLE", "57", "NO"],
  ["AVANTAGE_SUSPENDED", "57", "NO"],
  ["WINDOW_NOT_OPEN", "57", "LATER"],
  ["WINDOW_CLOSED", "57", "NO"],
  ["GRANT_EXPIRED", "57", "NO"],
  ["INSUFFICIENT_BALANCE", "51", "AMEND"],
  ["BALANCE_EXHAUSTED", "51", "NO"],
  ["SEATS_EXHAUSTED", "51", "AMEND"],
  ["COUPONS_EXHAUSTED", "51", "AMEND"],
  ["ALREADY_USED", "65", "NO"],
  ["AMOUNT_INVALID", "13", "AMEND"],
  ["AMOUNT_OVER_LIMIT", "61", "AMEND"],
  ["QUANTITY_INVALID", "13", "AMEND"],
  ["COLLECTIVE_USE_FORBIDDEN", "57", "NO"],
  ["VELOCITY_LIMIT", "65", "LATER"],
  ["PARTNER_UNKNOWN", "03", "NO"],
  ["CONVENTION_NOT_IN_FORCE", "03", "ACTION"],
  ["PARTNER_SUSPENDED", "03", "ACTION"],
  ["AVANTAGE_NOT_ACCEPTED_HERE", "58", "AMEND"],
  ["CHANNEL_NOT_ALLOWED", "58", "OTHER"],
  ["TERMINAL_NOT_AUTHORISED", "58", "ACTION"],
  ["TERMINAL_AUTH_FAILED", "63", "ACTION"],
  ["FORMAT_ERROR", "30", "NO"],
  ["OPERATION_NOT_SUPPORTED", "40", "NO"],
  ["DUPLICATE_CONFLICT", "94", "NEWKEY"],
  ["ORIGINAL_NOT_FOUND", "25", "NO"],
  ["REVERSAL_TOO_LATE", "21", "NO"],
  ["NOTHING_TO_CAPTURE", "12", "NO"],
  ["ALREADY_CAPTURED", "94", "NO"],
  ["HOLD_EXPIRED", "21", "NEWKEY"],
  ["CAPTURE_OVER_HOLD", "13", "AMEND"],
  ["NOTHING_TO_REFUND", "12", "NO"],
  ["REFUND_OVER_CAPTURED", "13", "AMEND"],
  ["IN_PROGRESS", "09", "SAMEKEY"],
  ["RATE_LIMITED", "90", "SAMEKEY"],
  ["TIMEOUT", "68", "REVERSE"],
  ["UNREACHABLE", "91", "SAMEKEY"],
  ["MAINTENANCE", "90", "LATER"],
  ["SYSTEM_ERROR", "96", "SAMEKEY"],
  ["INQUIRY_ANSWERED", "00", "NONE"],
  ["DEADLINE_PASSED", "68", "NEWKEY"],
  ["ALREADY_REVERSED", "94", "NEWKEY"],
  ["PROOF_EXPIRED", "63", "NOW"],
  ["NO_CARD", null, "NOW"],
  ["SALE_CANCELLED", "17", "NEWKEY"],
  ["NOT_A_PASS_CARD", "14", "NOW"],
  ["READER_UNAVAILABLE", null, "ACTION"],
];

/** Each step's codes; codes of one step may stand in any order among themselves. */
const ORDER_OF_EVALUATION: readonly (readonly [step: string, codes: readonly OutcomeCode[]])[] = [
  ["format", ["FORMAT_ERROR", "OPERATION_NOT_SUPPORTED"]],
  ["certificate", ["TERMINAL_AUTH_FAILED"]],
  ["stored answer for this id", ["DUPLICATE_CONFLICT", "IN_PROGRESS", "ALREADY_REVERSED"]],
  ["terminal status", ["TERMINAL_NOT_AUTHORISED"]],
  ["partner", ["PARTNER_UNKNOWN", "PARTNER_SUSPENDED"]],
  ["convention", ["CONVENTION_NOT_IN_FORCE"]],
  [
    "agrément, channel, form of amount and quantity",
    [
      "AVANTAGE_NOT_ACCEPTED_HERE",
      "CHANNEL_NOT_ALLOWED",
      "AMOUNT_INVALID",
      "AMOUNT_OVER_LIMIT",
      "QUANTITY_INVALID",
      "COLLECTIVE_USE_FORBIDDEN",
    ],
  ],
  ["QR signature or card message", ["QR_INVALID", "CARD_NOT_GENUINE", "PROOF_EXPIRED"]],
  ["card lookup", ["CARD_UNKNOWN"]],
  ["card lost", ["CARD_LOST"]],
  ["card stolen", ["CARD_STOLEN"]],
  ["card blocked", ["CARD_BLOCKED"]],
  ["card replaced", ["CARD_EXPIRED"]],
  ["card not active", ["CARD_NOT_ACTIVE"]],
  ["PIN presence", ["PIN_REQUIRED"]],
  ["KSN and block", ["PIN_BLOCK_INVALID"]],
  ["PIN set", ["PIN_NOT_SET"]],
  ["PIN locked", ["PIN_LOCKED"]],
  ["PIN value", ["PIN_INCORRECT", "PIN_INCORRECT_LAST"]],
  ["holder validated", ["BENEFICIARY_NOT_VALIDATED"]],
  ["grant exists", ["AVANTAGE_NOT_GRANTED", "AGE_NOT_ELIGIBLE"]],
  ["suspension", ["AVANTAGE_SUSPENDED"]],
  ["window", ["WINDOW_NOT_OPEN", "WINDOW_CLOSED", "GRANT_EXPIRED"]],
  ["single use", ["ALREADY_USED"]],
  [
    "balance",
    ["BALANCE_EXHAUSTED", "SEATS_EXHAUSTED", "COUPONS_EXHAUSTED", "INSUFFICIENT_BALANCE"],
  ],
  ["velocity", ["VELOCITY_LIMIT"]],
  ["earlier sale exists", ["ORIGINAL_NOT_FOUND"]],
  [
    "what has become of it",
    [
      "REVERSAL_TOO_LATE",
      "NOTHING_TO_CAPTURE",
      "ALREADY_CAPTURED",
      "HOLD_EXPIRED",
      "NOTHING_TO_REFUND",
    ],
  ],
];

const APPROVALS: readonly OutcomeCode[] = [
  "APPROVED",
  "APPROVED_PARTIAL",
  "APPROVED_SEATS",
  "APPROVED_COUPONS",
  "APPROVED_RECORD",
  "APPROVED_SAME_VISIT",
  "APPROVED_HELD",
  "CAPTURED",
  "REFUNDED",
  "REVERSED",
  "INQUIRY_ANSWERED",
];

describe("the list of outcomes", () => {
  test("has no code for a suspicion: patterns raise alerts, they decline nobody", () => {
    expect(OUTCOMES.filter(({ code }) => /FRAUD|SUSPECT/.test(code))).toEqual([]);
    expect(OUTCOMES.map(({ iso39 }) => iso39)).not.toContain("59");
  });

  test("has each code of the table once, with its field 39 and retry class, and no other", () => {
    const listed = OUTCOMES.map(({ code, iso39, retry }) => [code, iso39, retry] as const);
    const byCode = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) =>
      a[0] < b[0] ? -1 : 1;
    expect(listed.toSorted(byCode)).toEqual(TABLE.toSorted(byCode));
  });

  test.each(ORDER_OF_EVALUATION.slice(1).map(([step], index) => ({ step, index: index + 1 })))(
    "puts $step after the step before it",
    ({ index }) => {
      const places = (at: number) => (ORDER_OF_EVALUATION[at]?.[1] ?? []).map(precedenceOf);
      expect(Math.min(...places(index))).toBeGreaterThan(Math.max(...places(index - 1)));
    },
  );

  test("puts what the terminal finds by itself first", () => {
    const local = OUTCOMES.filter(({ givenBy }) => givenBy === "terminal").map(({ code }) => code);
    expect(OUTCOMES.slice(0, local.length).map(({ code }) => code)).toEqual(local);
  });

  test("ends with the approvals, and only they are approvals", () => {
    const approvals = OUTCOMES.filter(({ kind }) => kind === "approval").map(({ code }) => code);
    expect(approvals.toSorted()).toEqual(APPROVALS.toSorted());
    expect(OUTCOMES.slice(-APPROVALS.length).map(({ code }) => code)).toEqual(approvals);
  });
});
