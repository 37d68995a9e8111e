// Acting for a lost terminal: the operator does in its place what it could have done, and the audit trail knows first.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Agent as HttpsAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { collected } from "../support/ledger.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { type AgentClient, type OperatorsGateway, startOperatorsGateway } from "./agents.js";
import { run } from "./command-line.js";

/** Processes start here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let running: OperatorsGateway;
let operator: AgentClient;
let driver: Driver;
let lost: Till;
const LOST = "T-LOST";

beforeAll(async () => {
  running = await startOperatorsGateway({
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
  operator = await running.as("operator");
  lost = await aTill(LOST);
});

afterAll(async () => {
  lost.connection.destroy();
  const { faults } = await running.gateway.operator.verify();
  await running.stop();
  expect(faults).toEqual([]);
});

const newId = () => uuidV7(Date.now(), randomBytes(10));

interface Till {
  readonly id: string;
  readonly connection: HttpsAgent;
}

async function aTill(id: string): Promise<Till> {
  return { id, connection: agentFor(await running.terminal(id)) };
}

/** What the gateway says to a sale of 20 € of shows, with a card of its own. */
async function sell(change: object = {}, at: Till = lost): Promise<Record<string, unknown>> {
  const card = await running.card();
  const { body } = await postJson({
    agent: at.connection,
    url: `${running.gateway.url}/v1/authorizations`,
    body: {
      id: newId(),
      evidence: nfcEvidence(running.gateway, card),
      avantage: "SPECTACLE",
      purchaseCents: 2_000,
      ...change,
    },
  });
  return body;
}

/** The id of a sale that was approved, and by default taken at once. */
async function sale(change: object = {}, at: Till = lost): Promise<string> {
  const { id, outcome } = await sell(change, at);
  expect(outcome).toBe("approved");
  return String(id);
}

const pathOf = (id: string, terminal = LOST) => `/v1/terminals/${terminal}/authorizations/${id}`;
const statusOf = async (id: string) => (await operator.get(pathOf(id))).body;
/** What the audit trail says of a sale of the lost terminal. */
const trailOf = async (id: string) =>
  (await collected(driver.events({ subject: LOST }))).filter(({ notes }) =>
    notes.includes(`sale ${id}`),
  );

describe("the operator", () => {
  test("captures what a lost terminal holds, all or less", async () => {
    const id = await sale({ capture: false });
    expect(await statusOf(id)).toMatchObject({ state: "held" });
    expect(await operator.post(`${pathOf(id)}/capture`, { amountCents: 1_500 })).toMatchObject({
      status: 200,
      body: { id, outcome: "approved", amountCents: 1_500, released: { value: 500 } },
    });
    expect(await statusOf(id)).toMatchObject({
      state: "approved",
      capture: { amountCents: 1_500 },
    });
  });

  test("reverses a sale as a whole, and the same again is the same answer", async () => {
    const id = await sale();
    const reversed = await operator.post(`${pathOf(id)}/reversal`, { reason: "manual" });
    expect(reversed).toMatchObject({
      status: 200,
      body: { outcome: "approved", returned: { value: 2_000 } },
    });
    expect(await operator.post(`${pathOf(id)}/reversal`, { reason: "manual" })).toEqual(reversed);
    expect(await statusOf(id)).toMatchObject({ state: "reversed" });
  });

  test("refunds in parts, once for each id, and never above what was taken", async () => {
    const id = await sale();
    const refunds = `${pathOf(id)}/refunds`;
    const first = { id: newId(), amountCents: 1_200 };
    const given = { status: 200, body: { outcome: "approved", returned: { value: 1_200 } } };
    expect(await operator.post(refunds, first)).toMatchObject(given);
    expect(await operator.post(refunds, first)).toMatchObject(given);
    expect(await operator.post(refunds, { ...first, amountCents: 100 })).toMatchObject({
      status: 409,
      body: { code: "DUPLICATE_CONFLICT" },
    });
    const above = { id: newId(), amountCents: 801 };
    expect(await operator.post(refunds, above)).toMatchObject({
      status: 200,
      body: { outcome: "declined", code: "REFUND_OVER_CAPTURED", available: { value: 800 } },
    });
    expect(await operator.post(refunds, { id: newId() })).toMatchObject({
      body: { returned: { value: 800 }, refundable: { value: 0 } },
    });
  });

  test("acts for a terminal that is revoked: that is what it is for", async () => {
    const revoked = await aTill("T-REVOKED");
    const id = await sale({ capture: false }, revoked);
    await operator.post(`/v1/terminals/${revoked.id}/revocation`);
    expect(await operator.post(`${pathOf(id, revoked.id)}/capture`)).toMatchObject({
      body: { outcome: "approved", amountCents: 2_000 },
    });
    revoked.connection.destroy();
  });

  test("keeps a sale that may still be on its way from being approved", async () => {
    const id = newId();
    const reversal = `${pathOf(id)}/reversal`;
    expect(await operator.post(reversal, { reason: "automatic" })).toMatchObject({ status: 200 });
    expect(await sell({ id })).not.toMatchObject({ outcome: "approved" });
  });
});

describe("a decline changes nothing", () => {
  test.each([
    ["capture of more than is held", { capture: false }, "capture", { amountCents: 2_001 }],
    ["capture of what was taken at once", {}, "capture", {}],
    ["refund of what is only held", { capture: false }, "refunds", { amountCents: 1 }],
    ["refund above what was taken", {}, "refunds", { amountCents: 2_001 }],
  ])("%s", async (_what, sold, act, asked) => {
    const id = await sale(sold);
    const before = await statusOf(id);
    const body = act === "refunds" ? { id: newId(), ...asked } : asked;
    expect(await operator.post(`${pathOf(id)}/${act}`, body)).toMatchObject({
      status: 200,
      body: { outcome: "declined" },
    });
    expect(await statusOf(id)).toEqual(before);
  });
});

describe("the audit trail", () => {
  const by = { agentId: "operator-1", role: "operator", subject: LOST };

  test("names agent, terminal, sale and what was asked, declines included", async () => {
    const id = await sale();
    const refundId = newId();
    await operator.post(`${pathOf(id)}/capture`, { amountCents: 5 });
    await operator.post(`${pathOf(id)}/refunds`, { id: refundId, amountCents: 300 });
    await operator.post(`${pathOf(id)}/reversal`, { reason: "manual" });
    const trail = await trailOf(id);
    const asked = trail.filter(({ outcome }) => outcome === "asked");
    expect(asked).toMatchObject([
      { ...by, type: "capture.asked", notes: [`sale ${id}`, "amountCents 5"] },
      { ...by, type: "refund.asked", notes: [`sale ${id}`, `id ${refundId}`, "amountCents 300"] },
      { ...by, type: "reverse.asked", notes: [`sale ${id}`, "reason manual"] },
    ]);
  });

  test("says afterwards what came of it: done, done before, or refused with its code", async () => {
    const id = await sale();
    const refund = { id: newId(), amountCents: 300 };
    await operator.post(`${pathOf(id)}/refunds`, { id: newId(), amountCents: 2_001 });
    await operator.post(`${pathOf(id)}/refunds`, refund);
    await operator.post(`${pathOf(id)}/refunds`, refund);
    await operator.post(`${pathOf(id)}/refunds`, { ...refund, amountCents: 301 });
    const trail = await trailOf(id);
    expect(trail.map(({ type, outcome, refusal }) => [type, outcome, refusal])).toEqual([
      ["refund.asked", "asked", null],
      ["refund.answered", "refused", "REFUND_OVER_CAPTURED"],
      ["refund.asked", "asked", null],
      ["refund.answered", "applied", null],
      ["refund.asked", "asked", null],
      ["refund.answered", "unchanged", null],
      ["refund.asked", "asked", null],
      ["refund.answered", "refused", "DUPLICATE_CONFLICT"],
    ]);
    const [, , asked, answered] = trail;
    expect(answered).toMatchObject(by);
    expect(answered?.notes).toEqual([`asked ${asked?.id}`, `sale ${id}`, "code REFUNDED"]);
  });

  test("says nothing afterwards of what was not done", async () => {
    const id = await sale({ capture: false });
    const spy = vi.spyOn(driver, "apply").mockImplementation(() => {
      throw new Error("disk full");
    });
    const failed = await operator.post(`${pathOf(id)}/capture`);
    spy.mockRestore();
    expect(failed.body["code"]).toBe("SYSTEM_ERROR");
    expect((await trailOf(id)).map(({ type }) => type)).toEqual(["capture.asked"]);
  });

  test("is durable before the act is begun", async () => {
    const id = await sale({ capture: false });
    const steps: string[] = [];
    const spies = (["applyEvent", "apply", "sync"] as const).map((step) => {
      const original = driver[step].bind(driver) as (...args: unknown[]) => unknown;
      return vi.spyOn(driver, step).mockImplementation((...args: unknown[]) => {
        steps.push(step);
        return original(...args) as never;
      });
    });
    await operator.post(`${pathOf(id)}/capture`);
    for (const spy of spies) spy.mockRestore();
    expect(steps).toEqual(["applyEvent", "sync", "apply", "sync", "applyEvent", "sync"]);
  });

  test("holds nothing of what was not there to act on", async () => {
    const id = newId();
    for (const [terminal, act, body] of [
      [LOST, "capture", {}],
      [LOST, "reversal", { reason: "manual" }],
      [LOST, "refunds", { id: newId() }],
      ["T-NONE", "reversal", { reason: "automatic" }],
    ] as const) {
      expect(await operator.post(`${pathOf(id, terminal)}/${act}`, body)).toMatchObject({
        status: 404,
        body: { code: "UNKNOWN_SUBJECT" },
      });
    }
    expect((await operator.get(pathOf(id))).status).toBe(404);
    expect(await trailOf(id)).toEqual([]);
    expect(await collected(driver.events({ subject: "T-NONE" }))).toEqual([]);
  });
});

describe("is refused", () => {
  test("to everybody but the operator", async () => {
    const id = await sale({ capture: false });
    for (const who of ["region", "lycee"] as const) {
      const client = await running.as(who);
      const refused = { status: 403, body: { code: "NOT_ALLOWED" } };
      expect(await client.get(pathOf(id))).toMatchObject(refused);
      for (const act of ["capture", "reversal", "refunds"]) {
        expect(await client.post(`${pathOf(id)}/${act}`)).toMatchObject(refused);
      }
    }
    expect(await trailOf(id)).toEqual([]);
    expect(await statusOf(id)).toMatchObject({ state: "held" });
  });

  test.each([
    ["capture", { amountCents: 1.5 }],
    ["capture", { amount: 5 }],
    ["reversal", {}],
    ["reversal", { reason: "because" }],
    ["refunds", {}],
    ["refunds", { id: "1" }],
  ])("%s of %j, for its form", async (act, body) => {
    const id = await sale();
    expect(await operator.post(`${pathOf(id)}/${act}`, body)).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR" },
    });
    expect(await trailOf(id)).toEqual([]);
  });

  test("a sale that has not the form of an id", async () => {
    expect(await operator.post(`${pathOf("12")}/capture`)).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR" },
    });
  });
});

describe("pass-tpe terminal", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pass-tpe-terminal-"));
    writeFileSync(join(folder, "operator.json"), JSON.stringify(operator.credentials));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const passTpe = (...args: readonly string[]) => {
    const to = ["--url", running.gateway.operatorUrl];
    return run(["terminal", ...args, ...to, "--credentials", join(folder, "operator.json")]);
  };

  test("tells how a sale stands, captures it, and reverses it", async () => {
    const id = await sale({ capture: false });
    expect(await passTpe("status", LOST, id)).toMatchObject({ code: 0, stdout: `${id}  held\n` });
    const captured = await passTpe("capture", LOST, id, "--amount-cents", "1500", "--json");
    expect(captured.code).toBe(0);
    expect(JSON.parse(captured.stdout)).toMatchObject({ outcome: "approved", amountCents: 1_500 });
    expect((await passTpe("reverse", LOST, id)).code).toBe(0);
    expect((await passTpe("status", LOST, id)).stdout).toBe(`${id}  reversed\n`);
  });

  test("tells a refund's id, and gives back nothing more under it", async () => {
    const id = await sale();
    const first = await passTpe("refund", LOST, id, "--amount-cents", "500");
    expect(first.code).toBe(0);
    const [, refundId = ""] = /--refund-id (\S+)/.exec(first.stderr) ?? [];
    const again = ["refund", LOST, id, "--amount-cents", "500", "--refund-id", refundId];
    expect(await passTpe(...again)).toMatchObject({ code: 0, stdout: first.stdout });
    expect(await statusOf(id)).toMatchObject({ refunds: [{ returned: { value: 500 } }] });
  });

  test("ends with 1 when it is declined, or there is no such sale", async () => {
    const id = await sale();
    const declined = await passTpe("capture", LOST, id);
    expect(declined.code).toBe(1);
    expect(declined.stdout).toContain("declined");
    const none = await passTpe("capture", LOST, newId());
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("UNKNOWN_SUBJECT");
  });
});
