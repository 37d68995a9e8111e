// What is read back from a payment file: exactly what it asks a bank for, and nothing where somebody else wrote it.

import { describe, expect, it } from "vitest";
import { paymentFile } from "./payment-file.js";
import { endToEndIdOf } from "./payment-ids.js";
import { readTransfers } from "./transfers.js";

const LAST_DAY = "2023-03-19";
const IBAN = "FR7630006000011234567890189";
const NUMBER = /(?<=<CdtrAcct><Id>)<IBAN>.*?<\/IBAN>/;

const paymentOf = (no: number, bic: string | null = null) => ({
  ...{ settlement: LAST_DAY, partnerId: `P-${no}`, no, amountCents: 1_000 + no, lines: 1 },
  ...{ account: { holder: "Cinéma <&>", iban: IBAN, bic } },
  ...{ state: "BATCHED" as const, reason: null },
});

function fileOf(count: number): string {
  const payments = Array.from({ length: count }, (_, index) =>
    paymentOf(index + 1, index === 0 ? "BNPAFRPP" : null),
  );
  const payer = { name: "Region", iban: IBAN, bic: "AGRIFRPP" };
  const input = { lastDay: LAST_DAY, madeAtMs: Date.parse("2023-03-20T08:00:00Z") };
  return new TextDecoder().decode(paymentFile({ ...input, payments, payer }));
}

const read = (xml: string) => readTransfers(new TextEncoder().encode(xml));

describe("a payment file read back", () => {
  it("tells every transfer, however many", () => {
    const transfers = read(fileOf(250)) ?? [];
    expect(transfers).toHaveLength(250);
    expect(transfers[0]).toEqual({
      ...{ settlement: LAST_DAY, no: 1, iban: IBAN, bic: "BNPAFRPP", amountCents: 1_001 },
    });
    expect(transfers[249]).toEqual({
      ...{ settlement: LAST_DAY, no: 250, iban: IBAN, bic: null, amountCents: 1_250 },
    });
  });

  it("is the same where somebody wrote its elements otherwise", () => {
    const prefixed = fileOf(2)
      .replaceAll(/<(\/?)(?!\?)/g, "<$1p:")
      .replace("xmlns=", "xmlns:p=");
    expect(read(prefixed)).toEqual(read(fileOf(2)));
  });

  it.each<[string, (xml: string) => string]>([
    ["a reference of somebody else's", (xml) => xml.replace(endToEndIdOf(paymentOf(1)), "A-1")],
    ["another currency", (xml) => xml.replace('Ccy="EUR"', 'Ccy="USD"')],
    ["an amount that is none", (xml) => xml.replace(">10.01<", ">1e3<")],
    ["two amounts", (xml) => xml.replace(/<InstdAmt.*?<\/InstdAmt>/, "$&$&")],
    ["an account without an IBAN", (xml) => xml.replace(NUMBER, "<Othr><Id>1</Id></Othr>")],
    ["another kind of message", (xml) => xml.replace("pain.001.001.09", "pain.001.001.03")],
    ["what is no XML", (xml) => xml.slice(0, -20)],
    ["nothing", () => ""],
  ])("is refused with %s", (_what, spoil) => {
    const xml = fileOf(2);
    expect(spoil(xml)).not.toBe(xml);
    expect(read(spoil(xml))).toBeNull();
  });
});
