// The table of field checks: nothing to say of a good file, and every row fires on a file spoiled for it.

import { type Element, XMLSerializer } from "@xmldom/xmldom";
import { describe, expect, it, test } from "vitest";
import { ibanOf, MADE, PAYER, paymentOf } from "../../../../tests/settlement/support/payments.js";
import { checkPaymentFile, faultText } from "./field-checks.js";
import { slicesOf, TRANSFERS_PER_SLICE } from "./field-slices.js";
import { FIELD_CHECKS } from "./field-table.js";
import { paymentFile } from "./payment-file.js";
import { elementsAt, parseXml } from "./xml.js";

const PAYMENTS = [
  paymentOf({ no: 1, account: { holder: "Cinéma", iban: ibanOf(1), bic: "BNPAFRPP" } }),
  paymentOf({ no: 2 }),
];

function goodFile(payerBic: string | null): string {
  const payer = { ...PAYER, bic: payerBic };
  return new TextDecoder().decode(paymentFile({ ...MADE, payments: PAYMENTS, payer }));
}

/** A good file with the first element at a path changed. */
function spoiled(path: string, change: (element: Element) => void): string {
  const parsed = parseXml(goodFile(path.includes("Othr") ? null : "AGRIFRPP"));
  if (parsed.type !== "document") throw new Error(parsed.detail);
  const [message] = elementsAt(parsed.root, "CstmrCdtTrfInitn");
  const [element] = path === "" ? [message] : elementsAt(message ?? parsed.root, path);
  if (!element) throw new Error(`a good file has nothing at ${path}`);
  change(element);
  return new XMLSerializer().serializeToString(parsed.root);
}

const TRANSFER = "PmtInf/CdtTrfTxInf";
const LONG_REFERENCE = "R".repeat(36);
const LONG_NAME = "N".repeat(71);
const MOROCCO = "MA64011519000001205000534921";

/** What to write at a path so that the rule which begins like this is broken. */
const SPOILED_TEXTS: readonly (readonly [path: string, must: string, text: string])[] = [
  ["GrpHdr/MsgId", "be 1 to 35", LONG_REFERENCE],
  ["GrpHdr/MsgId", "name its settlement", "SALAIRES-2023-03"],
  ["PmtInf/PmtInfId", "be 1 to 35", "/A"],
  [`${TRANSFER}/PmtId/EndToEndId`, "be 1 to 35", "A//B"],
  [`${TRANSFER}/PmtId/EndToEndId`, "name the message", "PASSREGION-2023-03-12-1"],
  [`${TRANSFER}/PmtId/EndToEndId`, "be unique", "PASSREGION-2023-03-19-2"],
  ["GrpHdr/NbOfTxs", "count", "3"],
  ["GrpHdr/CtrlSum", "be the sum", "24.69"],
  ["PmtInf/NbOfTxs", "count", "1"],
  ["PmtInf/CtrlSum", "be the sum", "24.7"],
  [`${TRANSFER}/Amt/InstdAmt`, "have two decimals", "12.3"],
  [`${TRANSFER}/Amt/InstdAmt`, "be between", "0.00"],
  [`${TRANSFER}/Amt/InstdAmt`, "be between", "1000000000.00"],
  ["GrpHdr/CreDtTm", "be an instant", "2023-02-29T10:00:00.000Z"],
  ["PmtInf/ReqdExctnDt/Dt", "be a date", "2023-02-30"],
  ["PmtInf/ReqdExctnDt/Dt", "be a day on which TARGET", "2023-04-07"],
  ["PmtInf/ReqdExctnDt/Dt", "be the first TARGET day", "2023-03-22"],
  ["GrpHdr/InitgPty/Nm", "be 1 to 70", ""],
  ["GrpHdr/InitgPty/Nm", "be in the SEPA", "Région"],
  ["PmtInf/Dbtr/Nm", "be 1 to 70", LONG_NAME],
  ["PmtInf/Dbtr/Nm", "be in the SEPA", "a_b"],
  ["PmtInf/DbtrAcct/Id/IBAN", "be an IBAN", "FR7630006000011234567890188"],
  ["PmtInf/DbtrAcct/Id/IBAN", "be of a country", MOROCCO],
  ["PmtInf/DbtrAgt/FinInstnId/BICFI", "be a BIC", "AGRI"],
  ["PmtInf/DbtrAgt/FinInstnId/Othr/Id", "be NOTPROVIDED", "UNKNOWN"],
  [`${TRANSFER}/Cdtr/Nm`, "be 1 to 70", LONG_NAME],
  [`${TRANSFER}/Cdtr/Nm`, "be in the SEPA", "Étoile"],
  [`${TRANSFER}/CdtrAcct/Id/IBAN`, "be an IBAN", "fr7630006000011234567890189"],
  [`${TRANSFER}/CdtrAcct/Id/IBAN`, "be of a country", MOROCCO],
  [`${TRANSFER}/CdtrAgt/FinInstnId/BICFI`, "be a BIC", "bnpafrpp"],
  ["PmtInf/PmtMtd", "be TRF", "CHK"],
  ["PmtInf/BtchBookg", "be true or false", "yes"],
  ["PmtInf/PmtTpInf/SvcLvl/Cd", "be SEPA", "URGP"],
  ["PmtInf/ChrgBr", "be SLEV", "SHAR"],
  [`${TRANSFER}/RmtInf/Ustrd`, "be 1 to 140", "R".repeat(141)],
  [`${TRANSFER}/RmtInf/Ustrd`, "be in the SEPA", "période"],
];

/** Every way of spoiling a file, with the row of the table that it breaks. */
const SPOILED = [
  ...FIELD_CHECKS.filter(({ must }) => must.startsWith("hold ")).flatMap((check) => [
    {
      check,
      how: "something more",
      xml: spoiled(check.path, (it) => it.appendChild(it.cloneNode(false))),
    },
    {
      check,
      how: "something less",
      xml: spoiled(check.path, (it) => it.firstChild && it.removeChild(it.firstChild)),
    },
  ]),
  ...SPOILED_TEXTS.flatMap(([path, must, text]) =>
    FIELD_CHECKS.filter((it) => it.path === path && it.must.startsWith(must)).map((check) => ({
      check,
      how: JSON.stringify(text),
      xml: spoiled(path, (it) => {
        it.textContent = text;
      }),
    })),
  ),
  ...FIELD_CHECKS.filter(({ must }) => must === "be in EUR").map((check) => ({
    check,
    how: "dollars",
    xml: spoiled(check.path, (it) => it.setAttribute("Ccy", "USD")),
  })),
];

describe("the table of field checks", () => {
  it("finds nothing in a good file, with the payer's BIC and without", async () => {
    for (const bic of ["AGRIFRPP", null]) expect(await checkPaymentFile(goodFile(bic))).toEqual([]);
  });

  it("has a spoiled file for every row", () => {
    const broken = new Set(SPOILED.map(({ check }) => check));
    expect(FIELD_CHECKS.filter((check) => !broken.has(check))).toEqual([]);
    expect(new Set(FIELD_CHECKS.map((it) => `${it.path} ${it.must}`)).size).toBe(
      FIELD_CHECKS.length,
    );
  });

  test.each(SPOILED.map((it) => [it.check.path || "the message", it.check.must, it.how, it]))(
    "%s must %s: fires for %s",
    async (_path, _must, _how, { check, xml }) => {
      const faults = await checkPaymentFile(xml);
      const possible = [null, 1, 2].map((place) => faultText(check, place));
      expect(faults.some((fault) => possible.includes(fault))).toBe(true);
    },
  );

  it("says which of several transfers, and never what stands there", async () => {
    const iban = "FR7630006000011234567890188";
    const faults = await checkPaymentFile(
      spoiled(`${TRANSFER}/CdtrAcct/Id/IBAN`, (it) => {
        it.textContent = iban;
      }),
    );
    expect(faults).toEqual([
      `${TRANSFER}/CdtrAcct/Id/IBAN (no. 1) must be an IBAN whose check digits are right (ISO 13616)`,
    ]);
  });

  it("tells a few faults of a rule, and how many more there are", async () => {
    const payments = Array.from({ length: 9 }, (_, index) => paymentOf({ no: index + 1 }));
    const xml = new TextDecoder()
      .decode(paymentFile({ ...MADE, payments, payer: PAYER }))
      .replaceAll("<Nm>Librairie", "<Nm>Librairie_");
    const faults = await checkPaymentFile(xml);
    expect(faults).toHaveLength(6);
    expect(faults.at(-1)).toContain("4 more");
  });

  it("refuses text where an element should be alone with its text", async () => {
    const xml = goodFile(null).replace("<Cd>SEPA</Cd>", "<Cd>SEPA<Cd/></Cd>");
    expect(await checkPaymentFile(xml)).toHaveLength(1);
  });

  test.each([
    ["", "malformed"],
    ["<Document>", "malformed"],
    ["<!DOCTYPE Document><Document/>", "DOCTYPE"],
    [goodFile(null).replaceAll("pain.001.001.09", "pain.001.001.03"), "CstmrCdtTrfInitn"],
    [goodFile(null).replace("<GrpHdr>", '<GrpHdr xmlns="urn:other">'), "GrpHdr"],
    [goodFile(null).replaceAll("CstmrCdtTrfInitn", "CstmrDrctDbtInitn"), "CstmrCdtTrfInitn"],
  ])("refuses what is no such file: %#", async (xml, word) => {
    expect((await checkPaymentFile(xml)).join(" ")).toContain(word);
  });
});

describe("a file of several slices", () => {
  const COUNT = 2 * TRANSFERS_PER_SLICE + 1;
  const payments = Array.from({ length: COUNT }, (_, index) => paymentOf({ no: index + 1 }));
  const good = new TextDecoder().decode(paymentFile({ ...MADE, payments, payer: PAYER }));

  it("is cut between transfers, and nothing of it is lost", () => {
    const slices = [...slicesOf(good)];
    const head = good.slice(0, good.indexOf("<CdtTrfTxInf>"));
    const tail = good.slice(good.lastIndexOf("</CdtTrfTxInf>") + "</CdtTrfTxInf>".length);
    expect(slices).toHaveLength(3);
    expect(slices.every((it) => it.startsWith(head) && it.endsWith(tail))).toBe(true);
    const middles = slices.map((it) => it.slice(head.length, it.length - tail.length));
    expect(head + middles.join("") + tail).toBe(good);
  });

  it("has no fault as a whole", async () => {
    expect(await checkPaymentFile(good)).toEqual([]);
  });

  it("is counted, summed and numbered over all slices, and a fault of its head is told once", async () => {
    const spoiledIban = ibanOf(COUNT).replace(/\d$/, (digit) => (digit === "0" ? "1" : "0"));
    const xml = good
      .replace("<PmtMtd>TRF", "<PmtMtd>CHK")
      .replace(ibanOf(COUNT), spoiledIban)
      .replace(`-${COUNT}</EndToEndId>`, "-1</EndToEndId>")
      .replaceAll(/<CtrlSum>[^<]*/g, "<CtrlSum>12.34")
      .replaceAll(/<NbOfTxs>[^<]*/g, "<NbOfTxs>1");
    const faults = await checkPaymentFile(xml);
    expect(faults.map((fault) => fault.replace(/ \([^(]*\)$/, ""))).toEqual([
      `${TRANSFER}/PmtId/EndToEndId (no. ${COUNT}) must be unique in the message`,
      "GrpHdr/NbOfTxs must count the transfers of the message",
      "GrpHdr/CtrlSum must be the sum of the message's transfers",
      "PmtInf/NbOfTxs must count the transfers of the batch",
      "PmtInf/CtrlSum must be the sum of the batch's transfers",
      `${TRANSFER}/CdtrAcct/Id/IBAN (no. ${COUNT}) must be an IBAN whose check digits are right`,
      "PmtInf/PmtMtd must be TRF",
    ]);
  });

  it("leaves others their turn between two slices", async () => {
    let turns = 0;
    const others = (): NodeJS.Immediate =>
      setImmediate(() => {
        turns += 1;
        next = others();
      });
    let next = others();
    await checkPaymentFile(good);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});
