// What a validation changes beside what is on record: which notes are told, and which grants they are about.

import { describe, expect, it } from "vitest";
import { grantOf, NOW_MS } from "../../../../tests/support/builders.js";
import type { Grant } from "../model.js";
import { regrant } from "./regrant.js";

const campaign = "2022/2023";

function regranted(
  given: readonly Grant[],
  grants: readonly Grant[] = [],
  { mayRestore = true, formation = null as string | null } = {},
) {
  const entitled = { grants: given, notes: [] };
  return regrant({
    accountId: "a-1",
    campaign,
    formation,
    grants,
    entitled,
    mayRestore,
    nowMs: NOW_MS,
  });
}

describe("a validation", () => {
  it("puts each grant on record that is not there", () => {
    const given = [grantOf("LICENCE"), grantOf("SPECTACLE")];
    expect(regranted(given)).toEqual({
      outcome: "applied",
      notes: [],
      writes: given.map((grant) => ({ type: "putGrant", accountId: "a-1", grant })),
    });
  });

  it("that gives nothing says so", () => {
    expect(regranted([])).toEqual({
      outcome: "unchanged",
      notes: ["no rule of the programme gives anything for this validation"],
      writes: [],
    });
  });

  it("notes what it does not give of its own campaign, unless it was revoked (T-47)", () => {
    const given = grantOf("LICENCE");
    const grants = [
      given,
      grantOf("CINEMA"),
      grantOf("SPECTACLE", { revoked: true }),
      grantOf("PSC1", { campaign: "2021/2022" }),
    ];
    expect(regranted([given], grants)).toEqual({
      outcome: "unchanged",
      notes: [
        "CINEMA of 2022/2023 stays, though this validation does not give it: grants.revoked takes it away",
      ],
      writes: [],
    });
  });

  it("meets the grant of its own id before another of the avantage and campaign", () => {
    const given = grantOf("LICENCE", { amount: 6000 });
    const takenOver = grantOf("LICENCE", { id: "old", amount: 1000 });
    const { id } = given;
    const own = grantOf("LICENCE", { id, amount: 3000 });
    for (const grants of [
      [takenOver, own],
      [own, takenOver],
    ]) {
      expect(regranted([given], grants)).toMatchObject({
        writes: [{ type: "raiseGrant", grantId: id, amountBefore: 3000, amount: 6000 }],
      });
    }
    expect(regranted([given], [takenOver])).toMatchObject({
      writes: [{ type: "raiseGrant", grantId: "old", amountBefore: 1000, amount: 6000 }],
    });
  });

  it("that may not restore writes nothing of what was revoked", () => {
    const grant = grantOf("LICENCE");
    const grants = [{ ...grant, revoked: true }];
    expect(regranted([grant], grants, { mayRestore: false })).toEqual({
      outcome: "unchanged",
      notes: [
        "LICENCE of 2022/2023 was revoked and stays so: only the operator's validation gives it back",
      ],
      writes: [],
    });
  });

  it("notes a lower amount, though a supplement makes up for it (T-47)", () => {
    const supplement = { amount: 3000, partnerFlag: "combatSport" };
    const less = grantOf("LICENCE", { amount: 3000, supplement });
    expect(regranted([less], [grantOf("LICENCE", { amount: 6000 })])).toEqual({
      outcome: "unchanged",
      notes: ["LICENCE of 2022/2023 stays as it was granted"],
      writes: [],
    });
  });
});

describe("a versement", () => {
  const versement = grantOf("EQUIPEMENT", { id: "a-1/EQUIPEMENT/BOIS/1" });
  const BOIS = { formation: "BOIS" };

  it("is put on record under its own id", () => {
    expect(regranted([versement], [], BOIS)).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putGrant", accountId: "a-1", grant: versement }],
    });
  });

  it("is raised where it stands", () => {
    const grants = [{ ...versement, amount: 1000, spent: 500 }];
    expect(regranted([versement], grants, BOIS)).toMatchObject({
      notes: [],
      writes: [{ type: "raiseGrant", grantId: versement.id, amountBefore: 1000 }],
    });
  });

  it("that was spent of and revoked in this campaign is given back as it was (T-28)", () => {
    const grants = [{ ...versement, spent: 500, revoked: true }];
    expect(regranted([versement], grants, BOIS)).toEqual({
      outcome: "applied",
      notes: ["EQUIPEMENT of 2022/2023 was revoked and is given back"],
      writes: [
        { type: "setGrantRevoked", accountId: "a-1", grantId: versement.id, revoked: false },
      ],
    });
  });
});
