// Status reports of a bank: what is paid, what came back and why, and everything else refused.

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import { STATUS_REPORT_BYTES_MAX } from "../../core/settlement/limits.js";
import { readStatusReport } from "./status-report.js";

const DAY = "2023-03-19";
const ID = `PASSREGION-${DAY}`;

interface Transaction {
  readonly id?: string;
  readonly status?: string;
  readonly reason?: string;
}

/** One transaction of a report; elements that are not asked for are left out, as the standard allows. */
function transaction({ id = `${ID}-1`, status, reason = "" }: Transaction): string {
  const state = status === undefined ? "" : `<TxSts>${status}</TxSts>`;
  return `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId>${state}${reason}</TxInfAndSts>`;
}

function because(code: string, words: readonly string[] = []): string {
  const more = words.map((it) => `<AddtlInf>${it}</AddtlInf>`).join("");
  return `<StsRsnInf><Rsn>${code}</Rsn>${more}</StsRsnInf>`;
}

function report({
  version = "10",
  messageId = ID,
  group = "",
  batch = "",
  batchId = ID,
  transactions = [],
}: {
  readonly version?: string;
  readonly messageId?: string;
  readonly group?: string;
  readonly batch?: string;
  readonly batchId?: string;
  readonly transactions?: readonly Transaction[];
}): string {
  const told = transactions.map(transaction).join("\n");
  const inBatch = batch + told;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2023-03-21T08:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
${inBatch && `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${batchId}</OrgnlPmtInfId>${inBatch}</OrgnlPmtInfAndSts>`}
</CstmrPmtStsRpt></Document>`;
}

const GROUP_REJECTED = `<GrpSts>RJCT</GrpSts>${because("<Cd>FF01</Cd>", ["bad file"])}`;
const BATCH_REJECTED = `<PmtInfSts>RJCT</PmtInfSts>${because("<Cd>AM04</Cd>")}`;
const ONE = {
  settlement: DAY,
  no: 1,
  reason: null,
  about: "payment",
  saidAtMs: Date.parse("2023-03-21T08:00:00Z"),
};
const PAID = { ...ONE, status: "PAID" };
const REJECTED = { ...ONE, status: "REJECTED" };
const WHOLE = { no: null, about: "message" };

describe("a status report", () => {
  test.each(["ACSC", "ACCC", "ACSP"])("says with %s that a payment is paid", (status) => {
    expect(readStatusReport(report({ transactions: [{ status }] }))).toEqual({
      type: "read",
      statuses: [PAID],
    });
  });

  test.each(["RCVD", "ACTC", "ACCP", "PDNG", "ACWC"])("says nothing final with %s", (status) => {
    expect(readStatusReport(report({ transactions: [{ status }] }))).toEqual({
      type: "read",
      statuses: [],
    });
  });

  test.each([
    [because("<Cd>AC04</Cd>", ["Compte", "clos"]), "AC04 Compte clos"],
    [because("<Prtry>SIGN</Prtry>"), "SIGN"],
    [because("<Cd>AC04</Cd>") + because("<Cd>MS03</Cd>"), "AC04; MS03"],
    [because("<Cd>AC04</Cd>", ["a\n  b&#7;c &lt;b&gt;"]), "AC04 a b c <b>"],
    [
      because("<Cd>AC04</Cd>", ["x".repeat(105), "y".repeat(105)]),
      `AC04 ${"x".repeat(105)} ${"y".repeat(89)}`,
    ],
    ["<StsRsnInf/>", null],
    ["", null],
  ])("says why a payment came back: %#", (reason, words) => {
    expect(readStatusReport(report({ transactions: [{ status: "RJCT", reason }] }))).toEqual({
      type: "read",
      statuses: [{ ...REJECTED, reason: words }],
    });
  });

  it("says of each payment its own", () => {
    const transactions = [
      { id: `${ID}-1`, status: "ACSC" },
      { id: `${ID}-2`, status: "RJCT" },
      { id: `${ID}-30`, status: "PDNG" },
    ];
    expect(readStatusReport(report({ group: "<GrpSts>PART</GrpSts>", transactions }))).toEqual({
      type: "read",
      statuses: [PAID, { ...REJECTED, no: 2 }],
    });
  });

  test.each([
    ["its group", { group: GROUP_REJECTED }, "FF01 bad file"],
    ["its batch", { batch: BATCH_REJECTED }, "AM04"],
    [
      "its batch, while its group is said in part",
      { group: "<GrpSts>PART</GrpSts>", batch: BATCH_REJECTED },
      "AM04",
    ],
    [
      "its group, and its batch which was not reached",
      { group: GROUP_REJECTED, batch: "<PmtInfSts>RCVD</PmtInfSts>" },
      "FF01 bad file",
    ],
  ])("rejects every payment of a message by %s", (_, parts, reason) => {
    expect(readStatusReport(report(parts))).toEqual({
      type: "read",
      statuses: [{ ...REJECTED, ...WHOLE, reason }],
    });
  });

  it("pays every payment of a message that is settled as a whole", () => {
    expect(readStatusReport(report({ group: "<GrpSts>ACSC</GrpSts>" }))).toEqual({
      type: "read",
      statuses: [{ ...PAID, ...WHOLE }],
    });
  });

  it("rejects the payments that it does not name with the group, and those that it names with their own reason", () => {
    const transactions = [
      { id: `${ID}-1`, status: "RJCT", reason: because("<Cd>AC01</Cd>") },
      { id: `${ID}-2` },
    ];
    expect(readStatusReport(report({ group: GROUP_REJECTED, transactions }))).toEqual({
      type: "read",
      statuses: [
        { ...REJECTED, reason: "AC01" },
        { ...REJECTED, no: 2, about: "message", reason: "FF01 bad file" },
        { ...REJECTED, ...WHOLE, reason: "FF01 bad file" },
      ],
    });
  });

  test.each([
    [["PDNG", "ACSC"], "PAID"],
    [["ACSC", "ACCP"], "PAID"],
    [["ACTC", "RJCT"], "REJECTED"],
  ])("counts what is final of a payment that went through %j", (codes, status) => {
    const transactions = codes.map((code) => ({ status: code }));
    expect(readStatusReport(report({ transactions }))).toEqual({
      type: "read",
      statuses: [{ ...ONE, status }],
    });
  });

  test.each(["AM05", "DU01", "DU04"])("knows by %s that a payment came twice", (code) => {
    const transactions = [
      { status: "RJCT", reason: because("<Cd>AC04</Cd>") },
      { status: "RJCT", reason: because(`<Cd>${code}</Cd>`) },
    ];
    expect(readStatusReport(report({ transactions }))).toEqual({
      type: "read",
      statuses: [{ ...REJECTED, about: "copy", reason: code }],
    });
  });

  test.each([
    ["2023-03-21T09:30:00+01:00", "2023-03-21T08:30:00Z"],
    ["2023-03-21T08:30:00.5", "2023-03-21T08:30:00.5Z"],
  ])("was made at %s", (written, instant) => {
    const xml = report({ transactions: [{ status: "ACSC" }] });
    expect(readStatusReport(xml.replace("2023-03-21T08:00:00Z", written))).toEqual({
      type: "read",
      statuses: [{ ...PAID, saidAtMs: Date.parse(instant) }],
    });
  });

  it("may be as large as the limit", () => {
    const xml = report({ transactions: [{ status: "ACSC" }] }).padEnd(STATUS_REPORT_BYTES_MAX);
    expect(readStatusReport(xml)).toMatchObject({ type: "read" });
  });

  test.each(["03", "10", "12"])("is read in version %s, with a prefix or without", (version) => {
    const plain = report({ version, transactions: [{ status: "ACSC" }] });
    const prefixed = plain.replaceAll(/<(\/?)(?=[A-Z])/g, "<$1p:").replace("xmlns=", "xmlns:p=");
    for (const xml of [plain, `\ufeff${prefixed}`]) {
      expect(readStatusReport(xml)).toEqual({ type: "read", statuses: [PAID] });
    }
  });
});

describe("refused with words, and nothing of it applied", () => {
  const good = report({ transactions: [{ status: "ACSC" }] });

  test.each([
    ["nothing", "", "malformed"],
    ["half a report", good.slice(0, -20), "malformed"],
    ["text", "ACSC", "malformed"],
    ["two roots", `${good}<Document/>`, "malformed"],
    [
      "a document type",
      good.replace("<Document", "<!DOCTYPE d [<!ENTITY e 'x'>]><Document"),
      "DOCTYPE",
    ],
    ["an entity that nobody declared", good.replace("BANK-1", "&secret;"), "malformed"],
    ["control characters", good.replace("BANK-1", "\u0000"), "control characters"],
    ["another message", good.replaceAll("pain.002", "pain.008"), "pain.002"],
    ["another report", good.replaceAll("CstmrPmtStsRpt", "BkToCstmrStmt"), "pain.002"],
    ["no original message", good.replaceAll("OrgnlGrpInfAndSts", "Other"), "one original message"],
    ["no message id", good.replaceAll("OrgnlMsgId", "Other"), "OrgnlMsgId"],
    ["a message of somebody else", report({ messageId: "SALAIRES-1" }), "OrgnlMsgId"],
    [
      "a batch of another message",
      report({ batchId: "PASSREGION-2023-03-12", batch: BATCH_REJECTED }),
      "OrgnlPmtInfId",
    ],
    [
      "a payment of another message",
      report({ transactions: [{ id: "PASSREGION-2023-03-12-1", status: "RJCT" }] }),
      "OrgnlEndToEndId",
    ],
    [
      "a payment of nobody",
      report({ transactions: [{ id: "", status: "RJCT" }] }),
      "OrgnlEndToEndId",
    ],
    [
      "a number that no payment has",
      report({ transactions: [{ id: `${ID}-01`, status: "RJCT" }] }),
      "OrgnlEndToEndId",
    ],
    ["a status that nobody knows", report({ transactions: [{ status: "WXYZ" }] }), "TxSts"],
    [
      "a payment paid and returned at once",
      report({ transactions: [{ status: "ACSC" }, { status: "RJCT" }] }),
      "payment 1",
    ],
    [
      "a paid payment of a rejected message",
      report({ group: GROUP_REJECTED, transactions: [{ status: "ACSC" }] }),
      "contradicts",
    ],
    [
      "a paid batch of a rejected message",
      report({ group: GROUP_REJECTED, batch: "<PmtInfSts>ACSC</PmtInfSts>" }),
      "contradicts",
    ],
    [
      "a batch rejected and paid",
      report({ batch: BATCH_REJECTED }).replace(
        "</CstmrPmtStsRpt>",
        `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${ID}</OrgnlPmtInfId><PmtInfSts>ACSC</PmtInfSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt>`,
      ),
      "its batch",
    ],
    [
      "two statuses of one payment",
      good.replace("<TxSts>", "<TxSts>RJCT</TxSts><TxSts>"),
      "two TxSts",
    ],
    ["two statuses of its group", report({ group: GROUP_REJECTED.repeat(2) }), "two GrpSts"],
    [
      "a second copy of the message",
      report({ group: `<GrpSts>RJCT</GrpSts>${because("<Cd>DU01</Cd>")}` }),
      "second copy",
    ],
    [
      "a second copy of the batch, with words of its payments",
      report({
        batch: `<PmtInfSts>RJCT</PmtInfSts>${because("<Cd>AM05</Cd>")}`,
        transactions: [{ status: "RJCT" }],
      }),
      "nothing changed",
    ],
    ["no instant", good.replaceAll("CreDtTm", "Other"), "CreDtTm"],
    ["a day for an instant", good.replace("T08:00:00Z", ""), "CreDtTm"],
    ["more than is read", good.padEnd(STATUS_REPORT_BYTES_MAX + 1), "larger"],
  ])("%s", (_, xml, words) => {
    const answer = readStatusReport(xml);
    expect(answer).toMatchObject({ type: "refused" });
    expect(answer).toHaveProperty("detail", expect.stringContaining(words));
  });

  it("never quotes what was sent", () => {
    expect(JSON.stringify(readStatusReport("<Document>FR7630006000011234567890189"))).not.toContain(
      "FR76",
    );
  });

  it("whatever of a good report is cut out or doubled, it is read or refused", () => {
    const options = printedSeed("status reports", 500);
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(80), fc.boolean(), (from, length, doubled) => {
        const part = doubled ? good.slice(from, from + length).repeat(2) : "";
        const { type } = readStatusReport(good.slice(0, from) + part + good.slice(from + length));
        expect(["read", "refused"]).toContain(type);
      }),
      options,
    );
  });
});
