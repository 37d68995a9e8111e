// Where a sale stands before any card: conventions and their grace, agréments, kinds of partner, channels.

import { describe, expect, it } from "vitest";
import {
  aConvention,
  aPartner,
  NOW_MS,
  ruleOf,
  saleCase,
} from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import type { Convention } from "./model.js";
import { checkAgrement, checkPlace, isKindFor } from "./place.js";
import type { Campaign } from "./programme.js";

const { campaigns } = TEST_PROGRAMME;

/** In force for ten milliseconds around now. */
const around = (change: Partial<Convention> = {}) =>
  aConvention({ fromMs: NOW_MS - 10, toMs: NOW_MS + 10, ...change });

function standing(
  conventions: readonly Convention[],
  at: { nowMs?: number; of?: Campaign[] } = {},
) {
  const { snapshot } = saleCase({ partner: { conventions } });
  return checkPlace(snapshot, at.of ?? campaigns, at.nowMs ?? NOW_MS);
}

const NO = (reason: string) => ({ refusal: { code: "CONVENTION_NOT_IN_FORCE", reason } });
const IN_FORCE = { graceCampaigns: null };

describe("a convention", () => {
  it.each<[string, Partial<Convention>, object]>([
    ["from its first instant", { fromMs: NOW_MS }, IN_FORCE],
    ["not before", { fromMs: NOW_MS + 1 }, NO("NOT_STARTED")],
    ["to its last instant", { toMs: NOW_MS + 1 }, IN_FORCE],
    ["not after", { toMs: NOW_MS }, NO("EXPIRED")],
    ["not when it was asked for", { state: "REQUESTED" }, NO("NOT_SIGNED")],
    ["not when it waits for a signature", { state: "SENT_FOR_SIGNATURE" }, NO("NOT_SIGNED")],
    ["not when only the partner signed", { state: "SIGNED" }, NO("NOT_SIGNED")],
    ["not when it was ended", { state: "TERMINATED" }, NO("EXPIRED")],
  ])("binds %s", (_when, change, expected) => {
    expect(standing([around(change)])).toEqual(expected);
  });

  it("in force is enough beside one that ran out", () => {
    expect(standing([around({ toMs: NOW_MS - 1 }), around()])).toEqual(IN_FORCE);
  });

  it("that is yet to begin is the reason, whatever ran out before", () => {
    const conventions = [around({ toMs: NOW_MS }), around({ fromMs: NOW_MS + 1 })];
    expect(standing(conventions)).toEqual(NO("NOT_STARTED"));
  });

  it("that is signed and yet to begin is still not signed by the Région", () => {
    expect(standing([around({ state: "SIGNED", fromMs: NOW_MS + 1 })])).toEqual(NO("NOT_SIGNED"));
  });

  it("that is missing is one that was not signed", () => {
    expect(standing([])).toEqual(NO("NOT_SIGNED"));
  });
});

describe("a convention that ended on 31 May 2022 (T-05)", () => {
  const endMs = Date.parse("2022-05-31T22:00:00Z");
  const untilMs = Date.parse("2022-06-30T22:00:00Z");
  const ended = (change: Partial<Convention> = {}) => aConvention({ toMs: endMs, ...change });

  it.each([
    ["is in force to its last millisecond", endMs - 1, IN_FORCE],
    ["carries the campaign in grace from its end on", endMs, { graceCampaigns: ["2021/2022"] }],
    ["carries it to the last millisecond", untilMs - 1, { graceCampaigns: ["2021/2022"] }],
    ["carries nothing afterwards", untilMs, NO("EXPIRED")],
  ])("%s", (_what, nowMs, expected) => {
    expect(standing([ended()], { nowMs })).toEqual(expected);
  });

  it.each<[string, Partial<Convention>, string]>([
    ["on another day", { toMs: endMs - 1 }, "EXPIRED"],
    ["without the Région's signature", { state: "SIGNED" }, "NOT_SIGNED"],
    ["because it was terminated", { state: "TERMINATED" }, "EXPIRED"],
  ])("but %s carries nothing", (_what, change, reason) => {
    expect(standing([ended(change)], { nowMs: endMs })).toEqual(NO(reason));
  });

  it("carries nothing before it has begun", () => {
    const fromMs = endMs - 1;
    expect(standing([ended({ fromMs })], { nowMs: fromMs - 1 })).toEqual(NO("NOT_STARTED"));
  });

  it("carries nothing where no campaign has a grace", () => {
    const of = campaigns.map((campaign) => ({ ...campaign, conventionGrace: null }));
    expect(standing([ended()], { nowMs: endMs, of })).toEqual(NO("EXPIRED"));
  });

  it("needs no grace beside the one that follows it", () => {
    const next = aConvention({ fromMs: endMs });
    expect(standing([ended(), next], { nowMs: endMs })).toEqual(IN_FORCE);
  });
});

describe("a place", () => {
  it.each([
    ["TERMINAL_NOT_AUTHORISED", { terminal: { status: "revoked" } }],
    ["PARTNER_UNKNOWN", { partner: null }],
    ["PARTNER_SUSPENDED", { partner: { status: "suspended" } }],
  ] as const)("is refused as %s", (code, options) => {
    expect(checkPlace(saleCase(options).snapshot, campaigns, NOW_MS)).toEqual({
      refusal: { code },
    });
  });
});

describe("an avantage", () => {
  const check = (avantage: string, change: Parameters<typeof aPartner>[0]) =>
    checkAgrement({ rule: ruleOf(avantage), partner: aPartner(change), channel: "NFC" })?.code;

  it("is taken by a partner of the kind, with the agrément", () => {
    expect(check("CINEMA", { types: ["CINEMA"], agrements: ["CINEMA"] })).toBeUndefined();
  });

  it.each<[string, string, Parameters<typeof aPartner>[0]]>([
    ["without the agrément", "CINEMA", { types: ["CINEMA"], agrements: ["MUSEE"] }],
    ["of another kind", "CINEMA", { types: ["MUSEE"], agrements: ["CINEMA"] }],
    [
      "an établissement without group purchase",
      "EQUIPEMENT",
      { types: ["ETABLISSEMENT"], flags: ["combatSport"], agrements: ["EQUIPEMENT"] },
    ],
    [
      "a CFA outside the call of 2022 (T-33)",
      "APPRENTI_EQUIPEMENT",
      { types: ["CFA"], flags: [], agrements: ["APPRENTI_EQUIPEMENT"] },
    ],
  ])("is not taken %s", (_what, avantage, change) => {
    expect(check(avantage, change)).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
  });

  it.each([
    [["EQUIPEMENT"], []],
    [["ETABLISSEMENT"], ["achatGroupe"]],
    [["CFA", "EQUIPEMENT"], []],
  ])("EQUIPEMENT is taken by %j with %j", (types, flags) => {
    expect(isKindFor(ruleOf("EQUIPEMENT"), { types, flags })).toBe(true);
  });

  it("is refused on a channel that is not its own, and asked for none where none is known", () => {
    const rule = ruleOf("CINEMA", { channels: ["WEB"] });
    const on = (channel: "NFC" | "WEB" | null) =>
      checkAgrement({ rule, partner: aPartner(), channel });
    expect(on("NFC")).toEqual({ code: "CHANNEL_NOT_ALLOWED" });
    expect(on("WEB")).toBeNull();
    expect(on(null)).toBeNull();
  });
});
