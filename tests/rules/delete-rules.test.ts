// No rule of the catalogue can be lost without its own check failing. `npm run delete-rules` prints the table.

import { describe, expect, it } from "vitest";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import { catalogueData } from "../support/programme.js";
import { RULE_CHECKS } from "./checks/all.js";
import { tableOf, tryDeletions } from "./delete-rules.js";
import { check } from "./support/rule-check.js";

const FINDINGS = tryDeletions(catalogueData(), RULE_CHECKS);

if (process.env["npm_lifecycle_event"] === "delete-rules") console.info(tableOf(FINDINGS));

describe("deleting one rule of the catalogue", () => {
  it("is noticed every time, by the loader or by a check that names the rule", () => {
    expect(FINDINGS.filter(({ by }) => by === "unnoticed").map(({ what }) => what)).toEqual([]);
  });

  it("is tried on rules, their parts and the lists beside them", () => {
    const tried = FINDINGS.map(({ what }) => what);
    for (const what of [
      "all of CINEMA",
      "all of 2021/2022",
      "CINEMA/copay",
      "LICENCE/raised when.flags",
      "LICENCE/raised when.flags MAJORATION_B",
      "LICENCE/combat-sport onlyAt",
      "EQUIPEMENT/at-etablissement flag",
      "formations/BACPRO_CUISINE versement 2",
      "generations/ID-1/ceilings",
    ]) {
      expect(tried).toContain(what);
    }
    expect(tried.filter((what, index) => tried.indexOf(what) < index)).toEqual([]);
  });

  it("goes unnoticed where the rule's checks look elsewhere", () => {
    const blind = [check("CINEMA/copay", "looks at nothing", () => undefined)];
    const byWhat = new Map(tryDeletions(catalogueData(), blind).map((one) => [one.what, one.by]));
    expect(byWhat.get("CINEMA/copay")).toBe("unnoticed");
    expect(byWhat.get("CINEMA/window")).toBe("refused");
  });

  it("of ceilings is to set them to null: left out, an identifier has the usual ones", () => {
    const data = catalogueData();
    const without = { ...data, generations: [{ code: "ID-1", nfc: "identifier", reading: "…" }] };
    const usual = loadProgramme(without).generations.get("ID-1")?.ceilings;
    expect(usual).toEqual({ tapCents: 3000, dayCents: 6000 });
  });
});
