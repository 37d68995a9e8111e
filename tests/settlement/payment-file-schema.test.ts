// Payment files against the European Payments Council's schema, where PAIN001_XSD names it, and always by our own table.

import { spawnSync } from "node:child_process";
import { describe, expect, it, test } from "vitest";
import type { Payer } from "../../gateway/src/core/programme.js";
import type { Payment } from "../../gateway/src/core/settlement/model.js";
import { checkPaymentFile } from "../../gateway/src/settlement/files/field-checks.js";
import { paymentFile } from "../../gateway/src/settlement/files/payment-file.js";
import { describeSystem } from "../support/suites.js";
import { ibanOf, MADE, PAYER, paymentOf } from "./support/payments.js";

const SCHEMA = process.env["PAIN001_XSD"];

const many = Array.from({ length: 200 }, (_, index) => paymentOf({ no: index + 1 }));
const withBics = many.map((payment) => ({
  ...payment,
  account: { ...payment.account, bic: payment.no % 2 === 0 ? "BNPAFRPPXXX" : null },
}));
const odd = [
  'L’Étoile & <Fils> "Œuvre"',
  "東京 🎬 ]]> &amp;",
  `${"é".repeat(69)} x${"y".repeat(80)}`,
  "=1+1",
].map((holder, index) =>
  paymentOf({
    no: index + 1,
    partnerId: "P/_:.".repeat(12),
    account: { holder, iban: ibanOf(index), bic: null },
  }),
);

interface Wanted {
  readonly what: string;
  readonly payments: readonly Payment[];
  readonly payer?: Payer;
}

const ONE: Wanted = { what: "one payment", payments: [paymentOf()] };
const FILES: readonly Wanted[] = [
  ONE,
  { what: "many payments", payments: many },
  { what: "payees' BICs for some", payments: withBics },
  { what: "a payer without BIC", payments: [paymentOf()], payer: { ...PAYER, bic: null } },
  {
    what: "odd characters and long names",
    payments: odd,
    payer: { ...PAYER, name: "Région & Cie — «ARA»" },
  },
  { what: "the least amount", payments: [paymentOf({ amountCents: 1 })] },
  { what: "the greatest amount", payments: [paymentOf({ amountCents: 99_999_999_999 })] },
];

function fileOf({ payments, payer = PAYER }: Wanted): string {
  return new TextDecoder().decode(paymentFile({ ...MADE, payments, payer }));
}

describe("a payment file by the project's own table", () => {
  test.each(FILES)("has no fault: $what", async (file) => {
    expect(await checkPaymentFile(fileOf(file))).toEqual([]);
  });
});

/** What real xmllint says of a file: its exit code is 0 where it validates, 3 where it does not. */
function xmllint(xml: string) {
  const args = ["--noout", "--nonet", "--schema", SCHEMA ?? "", "-"];
  const { status, stderr, error } = spawnSync("xmllint", args, { input: xml, encoding: "utf8" });
  if (error) throw error;
  return { status, stderr };
}

function schemaSuite() {
  test.each(FILES)("accepts $what", (file) => {
    const { status, stderr } = xmllint(fileOf(file));
    expect(stderr).toContain("- validates");
    expect(status).toBe(0);
  });

  const good = fileOf(ONE);

  test.each([
    ["an element that it does not know", good.replace("<PmtMtd>", "<Fee>1</Fee><PmtMtd>")],
    ["no account of the payee", good.replace(/<CdtrAcct>.*<\/CdtrAcct>/, "")],
    ["other charges", good.replace("SLEV", "SHAR")],
    ["three decimals", good.replace(">12.34</InstdAmt>", ">12.345</InstdAmt>")],
    ["a name that is too long", good.replace("<Nm>Librairie 1<", `<Nm>${"N".repeat(71)}<`)],
    ["a date that there is not", good.replace("<Dt>2023-03-21", "<Dt>2023-02-30")],
    ["the version before", good.replaceAll("pain.001.001.09", "pain.001.001.03")],
  ])("refuses %s, and so does the table", async (_, spoiled) => {
    expect(spoiled).not.toBe(good);
    expect(xmllint(spoiled).status).toBe(3);
    expect(await checkPaymentFile(spoiled)).not.toEqual([]);
  });

  it("leaves sums and check digits to the table", async () => {
    const wrong = good.replaceAll(">12.34</CtrlSum>", ">12.35</CtrlSum>").replace("FR76", "FR77");
    expect(xmllint(wrong).status).toBe(0);
    expect(await checkPaymentFile(wrong)).toHaveLength(3);
  });
}

if (SCHEMA) describeSystem("schema")("the schema of the European Payments Council", schemaSuite);
