// A week of reimbursement on a running gateway: sold, settled, paid, returned, paid again; told in statements and alerts.

import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Agent as HttpsAgent } from "node:https";
import { parisDay } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type VirtualClock, virtualClock } from "../support/clock.js";
import { collected } from "../support/ledger.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import {
  type AgentClient,
  connectionOf,
  type OperatorsGateway,
  startOperatorsGateway,
} from "./agents.js";

const WEEK_MS = 7 * 24 * 3_600_000;

let clock: VirtualClock;
let running: OperatorsGateway;
let operator: AgentClient;
let driver: Driver;
let till: HttpsAgent;
let files: HttpsAgent;

beforeEach(async () => {
  clock = virtualClock(Date.now());
  running = await startOperatorsGateway({
    clock,
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
  operator = await running.as("operator");
  files = connectionOf(operator.credentials);
  till = agentFor(await running.terminal());
  await operator.send({
    id: randomUUID(),
    type: "bankAccount.saved",
    partner: "P-1",
    account: { holder: "Partenaire de test", iban: "FR7630006000011234567890189", bic: null },
  });
});

afterEach(async () => {
  till.destroy();
  files.destroy();
  const { faults } = await running.gateway.operator.verify();
  await running.stop();
  expect(faults).toEqual([]);
});

/** A sale of shows with a card of its own that was granted 30 €. */
async function sell(purchaseCents: number): Promise<void> {
  const { body } = await postJson({
    agent: till,
    url: `${running.gateway.url}/v1/authorizations`,
    body: {
      id: uuidV7(clock.nowMs(), randomBytes(10)),
      evidence: nfcEvidence(running.gateway, await running.card()),
      avantage: "SPECTACLE",
      purchaseCents,
    },
  });
  expect(body).toMatchObject({ outcome: "approved", amountCents: purchaseCents });
}

const fetch = (path: string) => raw({ agent: files, url: `${running.gateway.operatorUrl}${path}` });

/** Closes the last period that is over. */
async function settle(): Promise<Record<string, unknown>> {
  const { status, body } = await operator.post("/v1/settlements", {});
  expect(status).toBe(200);
  return body;
}

const returned = (lastDay: unknown) => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>B-1</MsgId><CreDtTm>${new Date(clock.nowMs()).toISOString()}</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>PASSREGION-${lastDay}</OrgnlMsgId></OrgnlGrpInfAndSts>
  <OrgnlPmtInfAndSts><OrgnlPmtInfId>PASSREGION-${lastDay}</OrgnlPmtInfId><TxInfAndSts>
    <OrgnlEndToEndId>PASSREGION-${lastDay}-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>
    <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>
  </TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`;

/** What the audit trail says of a file that was sent as a report. */
const toldOfReport = (file: string | Buffer) =>
  collected(driver.events({ subject: createHash("sha256").update(file).digest("hex") }));

async function sendReport(xml: string | Buffer): Promise<Record<string, unknown>> {
  const url = `${running.gateway.operatorUrl}/v1/settlements/status-reports`;
  const headers = { "content-type": "application/xml" };
  return JSON.parse((await raw({ agent: files, url, headers, body: xml })).text);
}

test("a week is settled once, with one file that stays as it is", async () => {
  await sell(2_000);
  await sell(1_250);
  clock.advance(WEEK_MS);
  const report = await settle();
  expect(report).toMatchObject({ state: "filed", payments: 1, paidCents: 3_250, heldCents: 0 });
  const path = `/v1/settlements/${report["lastDay"]}`;
  const { status, text } = await fetch(`${path}/payments.xml`);
  expect(status).toBe(200);
  expect(text).toContain("32.50");
  expect(text).toContain("FR7630006000011234567890189");
  expect(await settle()).toEqual(report);
  expect((await fetch(`${path}/payments.xml`)).text).toBe(text);
  expect((await fetch(`${path}/accounts.csv`)).text).toContain("P-1");
  expect((await operator.get("/v1/settlements")).body).toMatchObject({
    lastClosedDay: report["lastDay"],
    settlements: [report],
  });
});

test("a period that is not over, or that ends on no such day, is not settled", async () => {
  await sell(2_000);
  const refused = async (lastDay: string) =>
    (await operator.post("/v1/settlements", { lastDay })).body["code"];
  const { body } = await operator.get("/v1/settlements");
  const sunday = Date.parse(String(body["lastClosedDay"]));
  expect(await refused(parisDay(sunday + WEEK_MS))).toBe("NOT_OVER");
  expect(await refused(parisDay(sunday - WEEK_MS / 7))).toBe("NOT_A_CUTOFF");
  expect((await operator.get("/v1/settlements")).body["settlements"]).toEqual([]);
});

test("what a bank returns is owed again, and paid with the next week", async () => {
  await sell(2_000);
  clock.advance(WEEK_MS);
  const { lastDay } = await settle();
  const report = returned(lastDay);
  expect(await sendReport(report)).toEqual({
    outcomes: [{ settlement: lastDay, no: 1, partnerId: "P-1", outcome: "applied" }],
  });
  expect(await sendReport(report)).toMatchObject({ outcomes: [{ outcome: "unchanged" }] });
  clock.advance(WEEK_MS);
  const next = await settle();
  expect(next).toMatchObject({ payments: 1, paidCents: 2_000 });
  expect(next["lastDay"]).not.toBe(lastDay);
});

test("a report of another gateway's message is refused, and changes nothing", async () => {
  expect(await sendReport(returned("1999-01-03"))).toMatchObject({ code: "FORMAT_ERROR" });
});

test("who settled, and which report was read, stands in the audit trail", async () => {
  await sell(2_000);
  clock.advance(WEEK_MS);
  const { lastDay } = await settle();
  await settle();
  const by = { agentId: "operator-1", role: "operator" };
  const notes = [expect.stringMatching(/^asked [0-9a-f]{32}$/), "payments 1", "paidCents 2000"];
  expect(await collected(driver.events({ subject: String(lastDay) }))).toMatchObject([
    { type: "settlement.asked", outcome: "asked", ...by },
    { type: "settlement.answered", outcome: "applied", notes, ...by },
    { type: "settlement.asked", outcome: "asked", ...by },
    { type: "settlement.answered", outcome: "unchanged", notes, ...by },
  ]);
  const report = returned(lastDay);
  await sendReport(report);
  expect(await toldOfReport(report)).toMatchObject([
    { type: "statusReport.asked", outcome: "asked", ...by },
    { type: "statusReport.answered", outcome: "applied", ...by },
  ]);
});

test("what was refused stands in the audit trail as refused", async () => {
  await operator.post("/v1/settlements", { lastDay: "2030-01-07" });
  expect(await collected(driver.events({ subject: "2030-01-07" }))).toMatchObject([
    { type: "settlement.asked", outcome: "asked" },
    { type: "settlement.answered", outcome: "refused", refusal: "NOT_A_CUTOFF" },
  ]);
  await sendReport("<a/>");
  expect(await toldOfReport("<a/>")).toMatchObject([
    { type: "statusReport.asked", outcome: "asked" },
    { type: "statusReport.answered", outcome: "refused", refusal: "FORMAT_ERROR" },
  ]);
});

test("a report stands in the audit trail under the SHA-256 of the very file that the bank sent", async () => {
  await sell(2_000);
  clock.advance(WEEK_MS);
  const { lastDay } = await settle();
  const file = Buffer.from(`\uFEFF${returned(lastDay)}`);
  expect(await sendReport(file)).toMatchObject({ outcomes: [{ outcome: "applied" }] });
  expect(await toldOfReport(file)).toHaveLength(2);
});

test("a report that is not in UTF-8 is refused, and who must act is told", async () => {
  const latin1 = Buffer.from(
    "<?xml version='1.0' encoding='ISO-8859-1'?><Nm>Caf\u00e9</Nm>",
    "latin1",
  );
  expect(await sendReport(latin1)).toMatchObject({
    code: "FORMAT_ERROR",
    detail: expect.stringContaining("ask the bank for a report in UTF-8"),
  });
  expect(await toldOfReport(latin1)).toMatchObject([
    { outcome: "asked" },
    { outcome: "refused", refusal: "FORMAT_ERROR" },
  ]);
});

describe("a period that is too long ago", () => {
  const settling = async (lastDay: string) =>
    (await operator.post("/v1/settlements", { lastDay })).body;

  test("is refused where nothing had been sold by then, and leaves nothing behind", async () => {
    await sell(2_000);
    clock.advance(WEEK_MS);
    const { body } = await operator.get("/v1/settlements");
    const beforeLast = parisDay(Date.parse(String(body["lastClosedDay"])) - WEEK_MS);
    for (const lastDay of ["0000-01-02", beforeLast]) {
      expect(await settling(lastDay)).toMatchObject({
        code: "PERIOD_CLOSED",
        detail: expect.stringContaining(`ended on ${body["lastClosedDay"]}`),
      });
    }
    expect((await operator.get("/v1/settlements")).body["settlements"]).toEqual([]);
  });

  test("is refused where a later one is settled, but for one that is in the books itself", async () => {
    await sell(2_000);
    clock.advance(WEEK_MS);
    const first = await settle();
    clock.advance(2 * WEEK_MS);
    const third = await settle();
    const second = parisDay(Date.parse(String(first["lastDay"])) + WEEK_MS);
    expect(await settling(second)).toMatchObject({
      code: "PERIOD_CLOSED",
      detail: expect.stringContaining(String(third["lastDay"])),
    });
    expect(await settling(String(first["lastDay"]))).toEqual(first);
  });

  test("may be settled late where something was sold in it and nothing later is", async () => {
    await sell(2_000);
    clock.advance(WEEK_MS);
    const { body } = await operator.get("/v1/settlements");
    clock.advance(2 * WEEK_MS);
    expect(await settling(String(body["lastClosedDay"]))).toMatchObject({ paidCents: 2_000 });
  });

  test("is never the last one that is over, even where nothing was ever sold", async () => {
    expect(await settle()).toMatchObject({ state: "filed", payments: 0 });
  });
});

test("a statement tells a sale of a minute ago, as a table and as a page", async () => {
  await sell(2_000);
  const day = parisDay(clock.nowMs());
  const path = `/v1/partners/P-1/statement?from=${day}&to=${day}`;
  const csv = await fetch(path);
  expect(csv.status).toBe(200);
  expect(csv.text).toContain("20,00");
  const html = await fetch(`${path}&format=html`);
  expect(html.text).toMatch(/^<!doctype html>/i);
  expect(html.text).toContain("20,00");
});

test("ten whole balances at one partner in a day are an alert, and were no decline", async () => {
  const day = parisDay(clock.nowMs());
  const alerts = async () =>
    (await operator.get(`/v1/alerts?from=${day}&to=${day}`)).body["alerts"];
  for (let sales = 1; sales <= 9; sales += 1) await sell(3_000);
  expect(await alerts()).toEqual([]);
  await sell(3_000);
  expect(await alerts()).toMatchObject([
    { kind: "FULL_BALANCES", partnerId: "P-1", day, figures: { fullBalances: 10, debits: 10 } },
  ]);
});
