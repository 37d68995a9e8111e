import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import type { PartnerPapers } from "./model.js";
import { holdsOf, type PaperRules } from "./papers.js";
import { settle } from "./settle.js";

const YEARS = ["2021/2022", "2022/2023"];
const RULES: PaperRules = { holdAll: false, owesPapers: () => true };
const BANK = { holder: "Atelier", iban: "FR7630006000011234567890189", bic: null };

/** Only the second year is in order. */
function papersOf(change: Partial<PartnerPapers> = {}): PartnerPapers {
  return {
    partnerId: "partner-1",
    name: "Tout pour l'atelier",
    types: [],
    flags: [],
    declarations: [{ schoolYear: "2022/2023", types: [] }],
    justificatifs: [],
    bank: BANK,
    ...change,
  };
}

const line = (
  amountCents: number,
  change: { schoolYear?: string; heldForPapers?: boolean; ofPaidSale?: boolean } = {},
) => ({
  schoolYear: "2022/2023",
  heldForPapers: true,
  ofPaidSale: false,
  ...change,
  amountCents,
});

describe("a partner at a cut-off", () => {
  it("is paid what is released, less what was given back", () => {
    const items = [line(1000), line(-300)];
    expect(settle(items, papersOf(), RULES)).toEqual({
      held: [],
      released: items,
      heldCents: 0,
      releasedCents: 700,
      paymentCents: 700,
    });
  });

  it("is not paid what is held, and is told why", () => {
    const held = line(1000, { schoolYear: "2021/2022" });
    const settled = settle([held, line(200)], papersOf(), RULES);
    expect(settled.held).toEqual([{ item: held, holds: ["DECLARATION_MISSING"] }]);
    expect(settled).toMatchObject({ heldCents: 1000, paymentCents: 200 });
  });

  it.each([
    ["less was sold than given back", [line(300), line(-1000)]],
    ["as much was sold as given back", [line(300), line(-300)]],
    ["nothing was sold", []],
  ])("is not paid, nor asked to pay, where %s", (_, items) => {
    expect(settle(items, papersOf(), RULES)).toMatchObject({ released: items, paymentCents: null });
  });

  it("has what it gave back of a paid sale set off, though papers are missing by now", () => {
    const unproven = { schoolYear: "2021/2022" };
    const items = [line(1000, unproven), line(-300, { ...unproven, ofPaidSale: true }), line(500)];
    expect(settle(items, papersOf(), RULES)).toMatchObject({ heldCents: 1000, paymentCents: 200 });
  });

  it("does not pay a return out of what is held", () => {
    const settled = settle(
      [line(1000, { schoolYear: "2021/2022" }), line(-300)],
      papersOf(),
      RULES,
    );
    expect(settled).toMatchObject({ heldCents: 1000, releasedCents: -300, paymentCents: null });
  });
});

it("every line is held or released, held exactly where something holds it, and the sums are whole", () => {
  const lines = fc.array(
    fc.record({
      schoolYear: fc.constantFrom(...YEARS),
      heldForPapers: fc.boolean(),
      ofPaidSale: fc.boolean(),
      amountCents: fc.integer({ min: -5_000, max: 20_000 }),
    }),
    { maxLength: 20 },
  );
  const bank = fc.constantFrom(null, BANK);
  fc.assert(
    fc.property(lines, bank, fc.boolean(), (items, account, holdAll) => {
      const papers = papersOf({ bank: account });
      const rules = { ...RULES, holdAll };
      const { held, released, ...sums } = settle(items, papers, rules);
      expect(new Set([...held.map(({ item }) => item), ...released])).toEqual(new Set(items));
      expect(held.length + released.length).toBe(items.length);
      expect(released.every((item) => holdsOf(item, papers, rules).length === 0)).toBe(true);
      expect(held.every(({ holds }) => holds.length > 0)).toBe(true);
      const total = items.reduce((sum, { amountCents }) => sum + amountCents, 0);
      expect(sums.heldCents + sums.releasedCents).toBe(total);
      expect(sums.paymentCents).toBe(sums.releasedCents > 0 ? sums.releasedCents : null);
    }),
    printedSeed("partners at a cut-off", 300),
  );
});
