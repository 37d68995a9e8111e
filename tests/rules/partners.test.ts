// What the source says of partners: conventions signed electronically, agréments, and reports that change nothing.

import { describe, expect, it } from "vitest";
import * as calendar from "../../gateway/src/catalogue/civil-dates.js";
import type { PartnerEvent } from "../../gateway/src/core/loading/event.js";
import type { PartnerFile } from "../../gateway/src/core/loading/file.js";
import { load } from "../../gateway/src/core/loading/load.js";
import type { Convention } from "../../gateway/src/core/model.js";
import { aConvention, NOW_MS } from "../support/builders.js";
import { CATALOGUE } from "./support/catalogue.js";
import { HOLDER, LYCEE_AGENT, OPERATOR, REGION, suspension } from "./support/events.js";
import { validated } from "./support/register.js";
import { verdict } from "./support/rule-check.js";

const BOOKSHOP: PartnerFile = {
  partner: { id: "P-1", name: "Librairie", status: "active", types: ["LIBRAIRIE"], flags: [] },
  conventions: [],
  agrements: ["MANUELS_CREDIT"],
  bank: null,
  declarations: [],
  justificatifs: [],
  pointOfSalePartner: null,
  conventionPartner: null,
};

const sent = (event: PartnerEvent) =>
  load({ event, agent: OPERATOR, file: BOOKSHOP, nowMs: NOW_MS, programme: CATALOGUE, calendar });

describe("a convention", () => {
  it("is never in force without its electronic signature, by reference and time", () => {
    const saved = (signature: Convention["signature"]) =>
      sent({ type: "convention.saved", partner: "P-1", convention: aConvention({ signature }) });
    expect(saved(null)).toMatchObject({ outcome: "refused", code: "OUT_OF_ORDER" });
    expect(saved({ reference: "S-1", atMs: 0 }).outcome).toBe("applied");
  });

  it.each([
    ["REQUESTED", "NOT_SIGNED"],
    ["SENT_FOR_SIGNATURE", "NOT_SIGNED"],
    ["SIGNED", "NOT_SIGNED"],
    ["TERMINATED", "EXPIRED"],
  ] as const)("that is %s takes nothing, and says %s", (state, reason) => {
    const partner = { conventions: [aConvention({ state })] };
    const sale = validated(CATALOGUE).decideSale("SPECTACLE", { partner });
    expect(sale).toMatchObject({ code: "CONVENTION_NOT_IN_FORCE", reason });
  });
});

describe("the network of partners", () => {
  it("takes at each place what its agrément names, and nothing else", () => {
    const partner = { types: ["LIBRAIRIE"], agrements: ["LIVRES_LOISIR"] };
    const register = validated(CATALOGUE, { track: "CAP" });
    const sale = (avantage: string) => verdict(register.decideSale(avantage, { partner }));
    expect(sale("LIVRES_LOISIR")).toBe("approved");
    expect(sale("MANUELS_CREDIT")).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
  });

  it("gets no agrément for what its kind may not take", () => {
    const given = sent({ type: "agrement.given", partner: "P-1", avantage: "CINEMA" });
    expect(given).toMatchObject({ outcome: "refused", code: "CONTRADICTION" });
  });
});

describe("a report of incivility", () => {
  it("is registered without facts, and changes nothing at the till", () => {
    const report = {
      type: "incivility.reported",
      partner: "P-1",
      report: "R-7",
      beneficiary: HOLDER,
      receivedOn: "2023-03-01",
    } as const;
    const loaded = sent(report);
    expect(loaded).toMatchObject({ outcome: "applied", writes: [{ type: "putReport" }] });
    expect(loaded.outcome === "applied" && loaded.writes).toHaveLength(1);
  });

  it.each([
    ["operator", OPERATOR],
    ["établissement", LYCEE_AGENT],
  ])("suspends nobody: an %s cannot, the Région decides", (_who, agent) => {
    const register = validated(CATALOGUE);
    const refused = register.send(suspension("ALL"), { agent });
    expect(refused).toMatchObject({ outcome: "refused", code: "NOT_ALLOWED" });
    expect(verdict(register.decideSale("SPECTACLE"))).toBe("approved");
    register.send(suspension("ALL"), { agent: REGION });
    expect(verdict(register.decideSale("SPECTACLE"))).toBe("AVANTAGE_SUSPENDED");
  });
});
