// A gateway that was restored: it sells nothing until its tills have compared their days, or an operator signs.

import { randomBytes } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayOptions, parisDay } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { createVirtualCard, type SimulatedReader, simulatedReader } from "@pass-tpe/simulators";
import { Terminal } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { linesIn, untilArchived } from "../reliability/archived.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { storeKeyFile } from "../support/store-key.js";
import { tamper } from "../support/tamper.js";
import { operatorsProgramme, startOperatorsGateway } from "./agents.js";
import { run } from "./command-line.js";

/** Processes start here, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SALE_CENTS = 100;
const DAY_MS = 24 * 3_600_000;
const programme = operatorsProgramme();
let folder: string;
let restored: string;
let lost: Awaited<ReturnType<typeof aDayAndItsLoss>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-gap-"));
  lost = await aDayAndItsLoss();
  restored = lost.restored;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A till sells twice, then a third time; the third sale is lost, and only the till knows of it. */
async function aDayAndItsLoss() {
  const archive = join(folder, "archive");
  const dataFolder = join(folder, "data");
  const headsFile = join(folder, "heads.ndjson");
  const running = await startOperatorsGateway({
    ...{ programme, dataFolder, headsFile, sealEveryMs: 20 },
    archive: { folder: archive },
  });
  const card = await running.card({ grants: { SPECTACLE: 1_000_000 } });
  const other = await running.card();
  const credentials = await running.terminal("T-1");
  const keys = running.gateway.operator.cardKeys(card.uid);
  const held = createVirtualCard({ profile: "sdm", uid: card.uid, keys });
  const journal = join(folder, "journal");
  const openTill = async (gateway: string) => {
    const reader = simulatedReader();
    const terminal = await Terminal.open({ gateway, credentials, journal, readers: [reader] });
    return { terminal, sell: () => sell(terminal, reader) };
  };
  const sell = (terminal: Terminal, reader: SimulatedReader) => {
    reader.tap(held);
    return terminal.sell({ avantage: "SPECTACLE", purchaseCents: SALE_CENTS });
  };
  const till = await openTill(running.gateway.url);
  const kept = await till.sell();
  expect(kept.outcome).toBe("approved");
  expect((await till.sell()).outcome).toBe("approved");
  await untilArchived({ running, archive });
  const atMs = linesIn(archive).at(-1)?.atMs ?? 0;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(atMs));
  const sold = await till.sell();
  expect(sold.outcome).toBe("approved");
  await till.terminal.close();
  const { gateway } = running;
  await gateway.close();
  const into = join(folder, "restored");
  const where = ["--archive", archive, "--data", into, "--store-key", storeKeyFile(folder)];
  const done = await run(["restore", ...where, "--at", new Date(atMs).toISOString()]);
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^missing {3}.*gap 1.*\nWARNING {3}.*a gateway may still be selling/m,
    ),
  });
  return { restored: into, headsFile, credentials, openTill, gateway, other, kept, sold };
}

/** Serves a copy of what was restored. */
async function serve(options: Pick<GatewayOptions, "clock"> = {}) {
  const dataFolder = join(mkdtempSync(join(folder, "served-")), "data");
  cpSync(restored, dataFolder, { recursive: true });
  const running = await startOperatorsGateway({
    ...{ programme, dataFolder, sealEveryMs: 20 },
    ...options,
  });
  onTestFinished(() => running.stop());
  const agent = agentFor(lost.credentials);
  onTestFinished(() => agent.destroy());
  const { url } = running.gateway;
  const post = (path: string, body: object) => postJson({ agent, url: `${url}/v1/${path}`, body });
  return { ...running, running, dataFolder, post, operator: await running.as("operator") };
}

const sale = () => ({
  id: uuidV7(Date.now(), randomBytes(10)),
  evidence: nfcEvidence(lost.gateway, lost.other),
  avantage: "SPECTACLE",
  purchaseCents: SALE_CENTS,
});

test("sales, inquiries, captures and refunds are refused, and the operator is told; reversals go on", async () => {
  const { post, operator, running } = await serve();
  const refused = { status: 503, body: { code: "MAINTENANCE" } };
  expect(await post("authorizations", sale())).toMatchObject(refused);
  const { id, evidence } = sale();
  expect(await post("inquiries", { id, evidence })).toMatchObject(refused);
  const kept = `authorizations/${lost.kept.id}`;
  expect(await post(`${kept}/capture`, {})).toMatchObject(refused);
  expect(await post(`${kept}/refunds`, { id: sale().id })).toMatchObject(refused);
  const { body } = await post("authorizations", sale());
  expect(body["detail"]).toMatch(/restored from a backup.*gap 1.*pass-tpe gap show/);
  expect(await operator.post("/v1/settlements", {})).toMatchObject(refused);
  const forLost = `/v1/terminals/T-1/authorizations/${lost.kept.id}`;
  expect(await operator.post(`${forLost}/refunds`, { id: sale().id })).toMatchObject(refused);
  expect(await operator.get(forLost)).toMatchObject({ status: 200, body: { state: "approved" } });
  expect(await post(`${kept}/reversal`, { reason: "manual" })).toMatchObject({
    status: 200,
    body: { outcome: "approved" },
  });
  const health = running.gateway.healthUrl;
  expect((await fetch(`${health}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${health}/metrics`)).text()).toMatch(
    /^pass_tpe_closed\{reason="gap"\} 1$/m,
  );
});

test("it opens by itself once the tills have compared their days, and says what they have and it has not", async () => {
  const { running, operator } = await serve();
  const till = await lost.openTill(running.gateway.url);
  onTestFinished(() => till.terminal.close());
  expect(await till.sell()).toMatchObject({ outcome: "declined", code: "MAINTENANCE" });
  const { body: before } = await operator.get("/v1/gaps");
  expect(before).toMatchObject({
    gaps: [{ no: 1, isOpen: true, missing: [{ terminalId: "T-1" }] }],
  });

  const day = await till.terminal.reconcile();
  expect(day.differences).toMatchObject([{ saleId: lost.sold.id, resolution: "NOT_AT_GATEWAY" }]);
  const { body: after } = await operator.get("/v1/gaps");
  const difference = { side: "sales", tillCount: 3, tillValue: 300, ledgerCount: 2 };
  expect(after).toMatchObject({
    gaps: [
      {
        isOpen: false,
        isSigned: false,
        missing: [],
        differences: [{ terminalId: "T-1", ...difference }],
      },
    ],
  });
  expect((await till.sell()).outcome).toBe("approved");
  // What was paid out meanwhile no till knows.
  expect(await operator.post("/v1/settlements", {})).toMatchObject({
    status: 503,
    body: { code: "MAINTENANCE", detail: expect.stringContaining("compare payment files") },
  });
  const why = { why: "compared with the bank" };
  expect(await operator.post("/v1/gaps/1/signature", why)).toMatchObject({ status: 200 });
  expect((await operator.post("/v1/settlements", {})).body).not.toMatchObject({
    code: "MAINTENANCE",
  });
  expect(await running.gateway.operator.verify()).toMatchObject({ faults: [] });
});

test("its days run until a gateway first serves it: till then tills may sell elsewhere", async () => {
  const clock = { nowMs: () => Date.now() + DAY_MS, monotonicMs: () => performance.now() };
  const { operator } = await serve({ clock });
  const { body } = await operator.get("/v1/gaps");
  const days = expect.arrayContaining([Date.now(), clock.nowMs()].map(parisDay));
  expect(body).toMatchObject({ gaps: [{ isOpen: true, days }] });
});

test("it opens by a signature, with a reason that the audit trail keeps, and is so after a restart", async () => {
  const { running, operator, post } = await serve();
  const credentials = join(folder, "operator.json");
  writeFileSync(credentials, JSON.stringify(operator.credentials), { mode: 0o600 });
  const at = () => ["--url", running.gateway.operatorUrl, "--credentials", credentials];
  const shown = await run(["gap", "show", ...at()]);
  expect(shown).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^gap 1 {2}OPEN {2}from .*\n {2}not compared {2}T-1 {2}\d{4}-/),
  });
  expect(await run(["gap", "sign", "1", ...at()])).toMatchObject({ code: 2 });
  expect(await run(["gap", "sign", "7", "--why", "none", ...at()])).toMatchObject({ code: 1 });
  const region = await running.as("region");
  const why = { why: "the till burnt" };
  expect(await region.post("/v1/gaps/1/signature", why)).toMatchObject({ status: 403 });
  const signed = await run(["gap", "sign", "1", "--why", "the till burnt", ...at()]);
  expect(signed).toMatchObject({ code: 0, stdout: "gap 1  closed\n" });
  expect(await operator.post("/v1/gaps/1/signature", why)).toMatchObject({ status: 409 });
  expect(await post("authorizations", sale())).toMatchObject({
    status: 200,
    body: { outcome: "approved" },
  });
  await running.restart();
  const agent = agentFor(lost.credentials);
  onTestFinished(() => agent.destroy());
  const url = `${running.gateway.url}/v1/authorizations`;
  expect(await postJson({ agent, url, body: sale() })).toMatchObject({ status: 200 });
  expect(await running.gateway.operator.verify()).toMatchObject({ faults: [] });
});

test("verify explains heads of links that were lost by the gap, and by nothing else", async () => {
  const { running, operator, dataFolder } = await serve();
  const why = { why: "the till burnt" };
  expect(await operator.post("/v1/gaps/1/signature", why)).toMatchObject({ status: 200 });
  await running.gateway.close();
  const heads = join(dataFolder, "all-heads.ndjson");
  appendFileSync(heads, readFileSync(lost.headsFile));
  appendFileSync(heads, readFileSync(join(dataFolder, "heads.ndjson")));
  const verify = (data: string) =>
    run(["verify", "--data", data, "--store-key", storeKeyFile(folder), "--heads", heads]);
  const { code, stdout, stderr } = await verify(dataFolder);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toMatch(/gap 1: restored on .*gap\.signed by operator-1 \(why the till burnt/);
  expect(stderr).toMatch(/exported heads stand for links that the restore of gap 1 lost/);

  for (const [sql, fault] of [
    ["DELETE FROM gap_days; DELETE FROM gaps", /gap 1: the audit trail has it.*it is gone/],
    [
      "UPDATE gaps SET to_ms = to_ms + 60000",
      /gap 1: it is not signed with the gateway's audit key/,
    ],
    ["UPDATE gaps SET terminal_ids = '[]'", /gap 1: it is not signed/],
    [
      "UPDATE gaps SET signed_event_id = opened_event_id",
      /gap 1: the audit trail does not have its end/,
    ],
  ] as const) {
    const copy = join(mkdtempSync(join(folder, "tampered-")), "data");
    cpSync(dataFolder, copy, { recursive: true });
    expect(tamper(join(copy, "gateway.db"), sql)).toBeGreaterThan(0);
    const found = await verify(copy);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(fault);
  }
});
