// Payment files: what they say, that they are the same again, and what none is made for.

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  ibanOf,
  LAST_DAY,
  MADE,
  PAYER,
  paymentOf,
} from "../../../../tests/settlement/support/payments.js";
import { printedSeed } from "../../../../tests/support/random.js";
import type { Payer } from "../../core/programme.js";
import type { Payment } from "../../core/settlement/model.js";
import { checkPaymentFile } from "./field-checks.js";
import { paymentFile } from "./payment-file.js";
import { elementsAt, parseXml, textAt } from "./xml.js";

function fileOf(payments: readonly Payment[], payer: Payer = PAYER) {
  const xml = new TextDecoder().decode(paymentFile({ ...MADE, payments, payer }));
  const parsed = parseXml(xml);
  if (parsed.type !== "document") throw new Error(parsed.detail);
  const [message] = elementsAt(parsed.root, "CstmrCdtTrfInitn");
  if (!message) throw new Error("the file has no message");
  const transfers = elementsAt(message, "PmtInf/CdtTrfTxInf");
  const values = (path: string) => transfers.map((transfer) => textAt(transfer, path));
  return { xml, value: (path: string) => textAt(message, path), values };
}

describe("a payment file", () => {
  it("names its settlement, its instant and the next TARGET day, and counts and sums what it holds", () => {
    const { value } = fileOf([
      paymentOf({ no: 1, amountCents: 10 }),
      paymentOf({ no: 2, amountCents: 20 }),
    ]);
    expect(value("GrpHdr/MsgId")).toBe(`PASSREGION-${LAST_DAY}`);
    expect(value("GrpHdr/CreDtTm")).toBe("2023-03-19T23:05:00.000Z");
    // Made on Monday in Paris.
    expect(value("PmtInf/ReqdExctnDt/Dt")).toBe("2023-03-21");
    expect([value("GrpHdr/NbOfTxs"), value("PmtInf/NbOfTxs")]).toEqual(["2", "2"]);
    expect([value("GrpHdr/CtrlSum"), value("PmtInf/CtrlSum")]).toEqual(["0.30", "0.30"]);
    expect(value("PmtInf/DbtrAgt/FinInstnId/BICFI")).toBe("AGRIFRPP");
  });

  it("tells the payee the programme, the period and the partner, under a reference of its own", () => {
    const { values } = fileOf([paymentOf({ no: 17, partnerId: "LIB/42" })]);
    expect(values("PmtId/EndToEndId")).toEqual([`PASSREGION-${LAST_DAY}-17`]);
    expect(values("RmtInf/Ustrd")).toEqual([
      `Pass'Region remboursement periode au ${LAST_DAY} partenaire LIB/42`,
    ]);
  });

  test.each([
    [1, "0.01"],
    [10, "0.10"],
    [100, "1.00"],
    [16_777_217_09, "16777217.09"],
    [99_999_999_999, "999999999.99"],
  ])("writes %i cents as %s", (amountCents, text) => {
    expect(fileOf([paymentOf({ amountCents })]).values("Amt/InstdAmt")).toEqual([text]);
  });

  it("says NOTPROVIDED where the payer's BIC is not known, and nothing where a payee's is not", () => {
    const account = { holder: "Cinéma", iban: ibanOf(2), bic: "BNPAFRPPXXX" };
    const { value, values } = fileOf([paymentOf({ no: 1 }), paymentOf({ no: 2, account })], {
      ...PAYER,
      bic: null,
    });
    expect(value("PmtInf/DbtrAgt/FinInstnId/Othr/Id")).toBe("NOTPROVIDED");
    expect(values("CdtrAgt/FinInstnId/BICFI")).toEqual([null, "BNPAFRPPXXX"]);
  });

  it("writes out what would be markup", () => {
    const account = { holder: "x", iban: "<&>", bic: null };
    expect(fileOf([paymentOf({ account })]).values("CdtrAcct/Id/IBAN")).toEqual(["<&>"]);
  });

  it("is the same bytes again, in whatever order the payments come", () => {
    const payments = [1, 2, 3].map((no) => paymentOf({ no }));
    expect(fileOf(payments.toReversed()).xml).toBe(fileOf(payments).xml);
  });

  it("keeps every rule of the table for any names and amounts", async () => {
    const options = printedSeed("payment files", 50);
    const wanted = fc.record({
      holder: fc
        .string({ unit: "binary", minLength: 1, maxLength: 120 })
        .filter((it) => it.trim() !== ""),
      partnerId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$/),
      amountCents: fc.integer({ min: 1, max: 99_999_999_999 }),
      bic: fc.constantFrom(null, "BNPAFRPP", "CEPAFRPP382"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(wanted, { minLength: 1, maxLength: 4 }), async (rows) => {
        const payments = rows.map(({ holder, bic, ...rest }, index) =>
          paymentOf({ ...rest, no: index + 1, account: { holder, iban: ibanOf(index), bic } }),
        );
        expect(await checkPaymentFile(fileOf(payments).xml)).toEqual([]);
      }),
      options,
    );
  });

  it.each([
    ["no payment at all", []],
    ["nothing to pay", [paymentOf({ amountCents: 0 })]],
    ["less than nothing", [paymentOf({ amountCents: -1 })]],
    ["more than a transfer takes", [paymentOf({ amountCents: 100_000_000_000 })]],
    ["parts of a cent", [paymentOf({ amountCents: 0.5 })]],
    ["a payment of another settlement", [paymentOf({ settlement: "2023-03-12" })]],
  ])("is not made for %s", (_, payments) => {
    expect(() => fileOf(payments)).toThrow("payment");
  });
});
