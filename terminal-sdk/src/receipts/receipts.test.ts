import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATEWAY_NOW_MS } from "../test-kit/fixtures.js";
import { RECEIPT_PROFILE, RESULTS } from "../test-kit/receipt-results.js";
import { layOut, type Part } from "./layout.js";
import type { ReceiptCopy } from "./receipt.js";
import { receiptOf } from "./sale-receipt.js";
import { receiptLines } from "./text.js";

const COPIES: readonly ReceiptCopy[] = ["merchant", "holder"];
const KINDS = Object.keys(RESULTS) as (keyof typeof RESULTS)[];
const profile = RECEIPT_PROFILE;

describe("the receipts", () => {
  it.each([32, 42])("of every kind, both copies, on %d characters", async (width) => {
    const text = KINDS.flatMap((kind) =>
      COPIES.map((copy) => {
        const lines = receiptLines(receiptOf({ result: RESULTS[kind], profile, copy }), { width });
        return [`=== ${kind}, ${copy}`, ...lines].join("\n");
      }),
    ).join("\n\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/receipts-${width}.txt`);
  });

  it("say that they are printed again", () => {
    const receipt = receiptOf({
      result: RESULTS.sale,
      profile,
      copy: "merchant",
      duplicate: true,
    });
    expect(receiptLines(receipt).map((line) => line.trim())).toContain("DUPLICATA");
    const first = receiptOf({ result: RESULTS.sale, profile, copy: "merchant" });
    expect(receiptLines(first).join()).not.toContain("DUPLICATA");
  });

  it("have the Région's reminder on the CFA's equipment, and nowhere else", () => {
    const reminder = "« Région Auvergne-Rhône-Alpes »";
    for (const kind of KINDS) {
      const receipt = receiptOf({ result: RESULTS[kind], profile, copy: "merchant" });
      expect(receiptLines(receipt).join(" ").includes(reminder), kind).toBe(kind === "cfa");
    }
  });

  it("tell the holder until when, where the till has learned it", () => {
    const told = { result: RESULTS.sale, profile, usableUntil: "2024-05-31" };
    expect(receiptOf({ ...told, copy: "holder" }).usableUntil).toBe("2024-05-31");
    expect(receiptOf({ ...told, copy: "merchant" })).not.toHaveProperty("usableUntil");
  });

  it("tell the holder that what came back can be used no more", () => {
    const result = { ...RESULTS.refunded, usableUntil: "2023-05-31" };
    const lines = receiptLines(receiptOf({ result, profile, copy: "holder" }));
    expect(lines.join(" ")).toContain("n'était utilisable que jusqu'au 31/05/2023.");
  });

  it("name partner and point of sale where the profile has no head", () => {
    const bare = { ...profile, receiptHeader: [] };
    const { header } = receiptOf({ result: RESULTS.sale, profile: bare, copy: "merchant" });
    expect(header).toEqual(["Le Théâtre", "Guichet", "Lyon"]);
  });

  it("can do without accents", () => {
    for (const kind of KINDS) {
      const receipt = receiptOf({ result: RESULTS[kind], profile, copy: "holder" });
      const lines = receiptLines(receipt, { charset: "ascii" });
      expect(lines.join("\n"), kind).toMatch(/^[\n -~]+$/);
      expect(lines.join("\n"), kind).not.toContain("?");
    }
  });

  it.each([0, 19, 32.5, 121, Number.NaN])("refuse a width of %d", (width) => {
    const receipt = receiptOf({ result: RESULTS.sale, profile, copy: "merchant" });
    expect(() => receiptLines(receipt, { width })).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
  });
});

describe("whatever the result", () => {
  const kind = fc.constantFrom(...KINDS);
  const width = fc.integer({ min: 20, max: 120 });
  const name = fc.string({ unit: "grapheme", maxLength: 80 });
  const charset = fc.constantFrom("french", "ascii");
  const size = (line: string) => [...line].length;

  it("no line is wider than asked", () => {
    fc.assert(
      fc.property(kind, width, name, charset, (one, columns, text, letters) => {
        const named = { ...profile, receiptHeader: [text, text], terminalId: text };
        for (const copy of COPIES) {
          const receipt = receiptOf({ result: RESULTS[one], profile: named, copy });
          const lines = receiptLines(receipt, { width: columns, charset: letters });
          expect(Math.max(...lines.map(size))).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  it("no control character reaches the printer", () => {
    const hostile = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(kind, hostile, (one, text) => {
        const named = { ...profile, receiptHeader: [text] };
        const receipt = receiptOf({ result: RESULTS[one], profile: named, copy: "holder" });
        expect(receiptLines(receipt).join("")).not.toMatch(/\p{C}/u);
      }),
    );
  });

  it("the merchant's copy never has the balance, in data or in text", () => {
    const balance = fc.record({
      unit: fc.constantFrom("EUR_CENT", "SEAT", "COUPON"),
      value: fc.integer({ min: 8_765_000, max: 8_769_999 }),
    });
    fc.assert(
      fc.property(kind, balance, (one, remaining) => {
        const left = { remaining, available: remaining, refundable: remaining };
        const result = { ...RESULTS[one], ...left, usableUntil: "2031-07-09" };
        const receipt = receiptOf({ result, profile, copy: "merchant", usableUntil: "2031-07-09" });
        expect(receipt).not.toHaveProperty("remaining");
        const text = receiptLines(receipt).join("\n") + JSON.stringify(receipt);
        expect(text).not.toContain(String(Math.floor(remaining.value / 100)));
        expect(text).not.toMatch(/2031/);
      }),
    );
  });

  it("neither copy has a name, a reason or more than four digits of the card", () => {
    fc.assert(
      fc.property(kind, fc.constantFrom(...COPIES), (one, copy) => {
        const cardLastFour = "9700000000000017";
        const base = RESULTS[one];
        const fields = {
          receipt: { reference: "r", avantageLabel: "A", cardLastFour, channel: "QR" },
        };
        const result = { ...base, ...fields, holder: "Camille D.", reason: "HANDICAP" };
        const receipt = receiptOf({ result, profile, copy });
        const text = receiptLines(receipt).join("\n") + JSON.stringify(receipt);
        expect(text).not.toMatch(/Camille|HANDICAP|97000000/);
      }),
    );
  });
});

describe("the layout", () => {
  const wide = (parts: readonly Part[], width = 20) => layOut(parts, { width, charset: "french" });

  it("puts a value under its label where both do not fit", () => {
    expect(wide([{ as: "row", label: "Référence", value: "un-mot-beaucoup-trop-long" }])).toEqual([
      "Référence",
      "    un-mot-beaucoup-",
      "           trop-long",
    ]);
  });

  it("keeps French signs with their words", () => {
    const text = "la mention « Région » est due : merci beaucoup";
    expect(wide([{ as: "left", text }])).toEqual([
      "la mention",
      "« Région » est due :",
      "merci beaucoup",
    ]);
  });

  it("breaks a word without a hyphen where the line ends", () => {
    expect(wide([{ as: "left", text: "a".repeat(45) }])).toEqual([
      "a".repeat(20),
      "a".repeat(20),
      "a".repeat(5),
    ]);
  });

  it("drops what is blank", () => {
    expect(wide([{ as: "centred", text: "  \u0007 " }])).toEqual([]);
  });
});

describe("the receipt of a day", () => {
  const none = { count: 0, value: 0 };
  const figures = { sales: none, reversals: none, refunds: none };
  const difference = {
    kind: "sale",
    saleId: "0190163d-8694-739b-aea5-966c26f8ad91",
    terminal: null,
    gateway: { avantage: "SPECTACLE", unit: "EUR_CENT", value: 1800, atMs: GATEWAY_NOW_MS },
    resolution: "NOT_IN_JOURNAL",
    words: "Opération inconnue de ce terminal. Appelez l'assistance.",
  } as const;
  const DAY = {
    kind: "day",
    header: profile.receiptHeader,
    terminalId: "T1",
    day: "2023-11-14",
    printedAtMs: GATEWAY_NOW_MS,
    totals: [
      {
        ...figures,
        avantage: "SPECTACLE",
        label: "Spectacle",
        unit: "EUR_CENT",
        sales: { count: 3, value: 5400 },
        reversals: { count: 1, value: 1800 },
        refunds: { count: 1, value: 500 },
      },
      {
        ...figures,
        avantage: "CINEMA",
        label: "Cinéma",
        unit: "SEAT",
        sales: { count: 2, value: 3 },
        refunds: { count: 1, value: 1 },
      },
      {
        ...figures,
        avantage: "MUSEE",
        label: "Musée",
        unit: "RECORD",
        sales: { count: 4, value: 0 },
        reversals: { count: 1, value: 0 },
      },
    ],
    netCents: 3100,
    held: 1,
    owed: { reversals: 1, captures: 0, refunds: 1 },
    compared: true,
  } as const;

  it.each([32, 42])("that agrees, and one that does not, on %d characters", async (width) => {
    const agreeing = { ...DAY, held: 0, owed: { reversals: 0, captures: 0, refunds: 0 } };
    const text = [
      { ...agreeing, concordant: true, differences: [] },
      { ...DAY, concordant: false, differences: [difference] },
    ]
      .map((receipt) => receiptLines(receipt, { width }).join("\n"))
      .join("\n\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/day-${width}.txt`);
  });

  it.each([32, 42])("on %d characters, as every receipt, prints in code page 1252", (width) => {
    const page = new TextDecoder("windows-1252").decode(
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const printed = ["day", "receipts"].map((name) =>
      readFileSync(new URL(`golden/${name}-${width}.txt`, import.meta.url), "utf8"),
    );
    expect([...printed.join("")].filter((letter) => !page.includes(letter))).toEqual([]);
  });

  it("ends, however many differences there are", () => {
    const differences = Array.from({ length: 1_000 }, () => difference);
    const lines = receiptLines({ ...DAY, concordant: false, differences });
    expect(lines.length).toBeLessThan(250);
    expect(lines.join(" ")).toContain("non imprimées : 980");
  });
});
