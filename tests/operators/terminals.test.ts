// The life of terminals as an operator meets it: codes made, terminals listed and revoked, over HTTP and by command.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnrolmentAnswerSchema } from "@pass-tpe/protocol";
import { parseActivationCode } from "@pass-tpe/protocol/standards";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { terminal } from "../../gateway/src/cli/terminal/command.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type Device, newDevice, secretOf } from "../support/device.js";
import { collected } from "../support/ledger.js";
import { postJson } from "../support/raw-client.js";
import { POINT_OF_SALE } from "../support/running-gateway.js";
import { type AgentClient, type OperatorsGateway, startOperatorsGateway } from "./agents.js";

/** Keys are made here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const MINUTE_MS = 60_000;
const OTHER_POINT_OF_SALE = "POS-OTHER";
const SECOND_POINT_OF_SALE = "POS-SECOND";

let running: OperatorsGateway;
let operator: AgentClient;
let driver: Driver;
let device: Device;
let ca: string;
let terminals = 0;

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
  device = await newDevice();
  ({ ca } = operator.credentials);
  const other = { name: "Autre", status: "active", types: [], flags: [] } as const;
  const place = { name: "Caisse", city: "Lyon" };
  await running.gateway.operator.load({
    partners: [{ id: "P-2", ...other, conventions: [], agrements: [] }],
    pointsOfSale: [
      { id: SECOND_POINT_OF_SALE, partnerId: "P-1", ...place },
      { id: OTHER_POINT_OF_SALE, partnerId: "P-2", ...place },
    ],
  });
});

afterAll(() => running.stop());

const newId = () => {
  terminals += 1;
  return `T-NEW-${terminals}`;
};
const codesOf = (id: string) => `/v1/terminals/${id}/activation-codes`;
const makeCode = (id: string, body: object = { pointOfSale: POINT_OF_SALE }) =>
  operator.post(codesOf(id), body);

/** Uses a code, from an address of its own: a gateway takes ten tries a minute from one. */
async function enrol(activationCode: string) {
  const agent = device.connection({ ca, localAddress: `127.0.1.${terminals}` });
  const body = { secret: secretOf(activationCode), csr: device.csr };
  const answer = await postJson({
    agent,
    url: `${running.gateway.url}/v1/terminals/enrolments`,
    body,
  });
  agent.destroy();
  return EnrolmentAnswerSchema.parse(answer.body);
}

interface Listed {
  readonly id: string;
  readonly [field: string]: unknown;
}

async function listed(id: string): Promise<Listed | undefined> {
  const { body } = await operator.get("/v1/terminals?partner=P-1");
  return (body["terminals"] as readonly Listed[]).find((it) => it.id === id);
}

describe("an activation code", () => {
  test("is made for an hour, with which a device becomes the terminal", async () => {
    const id = newId();
    const fromMs = Date.now();
    const { status, body } = await makeCode(id);
    expect(status).toBe(200);
    const activationCode = String(body["activationCode"]);
    expect(body).toEqual({
      terminalId: id,
      pointOfSaleId: POINT_OF_SALE,
      activationCode,
      expiresAtMs: expect.any(Number),
    });
    expect(parseActivationCode(activationCode)).not.toBeNull();
    const validMs = Number(body["expiresAtMs"]) - fromMs;
    expect(validMs).toBeGreaterThanOrEqual(60 * MINUTE_MS);
    expect(await enrol(activationCode)).toMatchObject({ terminalId: id });
  });

  test("lives as long as is asked for, a day at most", async () => {
    const fromMs = Date.now();
    const day = { pointOfSale: POINT_OF_SALE, validMinutes: 24 * 60 };
    const { body } = await makeCode(newId(), day);
    expect(Number(body["expiresAtMs"]) - fromMs).toBeGreaterThanOrEqual(24 * 60 * MINUTE_MS);
    for (const validMinutes of [0, 1.5, 24 * 60 + 1]) {
      expect(await makeCode(newId(), { ...day, validMinutes })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: "/validMinutes" }] },
      });
    }
  });

  test("stands in the audit trail with who made it, and without itself", async () => {
    const id = newId();
    const { body } = await makeCode(id);
    const expiresAt = new Date(Number(body["expiresAtMs"])).toISOString();
    const [row, ...others] = await collected(driver.events({ subject: id }));
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      type: "terminal.code-made",
      agentId: "operator-1",
      role: "operator",
      notes: [`pointOfSale ${POINT_OF_SALE}`, `until ${expiresAt}`],
    });
  });

  test("moves a terminal within its partner, and never to another one", async () => {
    const id = newId();
    await enrol(String((await makeCode(id)).body["activationCode"]));
    const moved = await makeCode(id, { pointOfSale: SECOND_POINT_OF_SALE });
    expect(await enrol(String(moved.body["activationCode"]))).toMatchObject({
      terminalId: id,
      pointOfSaleId: SECOND_POINT_OF_SALE,
    });
    expect(await makeCode(id, { pointOfSale: OTHER_POINT_OF_SALE })).toMatchObject({
      status: 409,
      body: { code: "CONTRADICTION" },
    });
  });

  test("is not made for a revoked terminal, nor for what is not there", async () => {
    const id = newId();
    await running.terminal(id);
    await operator.post(`/v1/terminals/${id}/revocation`);
    expect(await makeCode(id)).toMatchObject({ status: 409, body: { code: "CONTRADICTION" } });
    const nowhere = await makeCode(newId(), { pointOfSale: "POS-NONE" });
    expect(nowhere).toMatchObject({ status: 404, body: { code: "UNKNOWN_SUBJECT" } });
    expect(await makeCode("-a-b-")).toMatchObject({ status: 400, body: { code: "FORMAT_ERROR" } });
    expect(await makeCode(newId(), {})).toMatchObject({ status: 400 });
  });

  test("is the operator's to make, as the list is to see", async () => {
    const id = newId();
    for (const who of ["region", "lycee"] as const) {
      const client = await running.as(who);
      const refused = { status: 403, body: { code: "NOT_ALLOWED" } };
      const made = await client.post(codesOf(id), { pointOfSale: POINT_OF_SALE });
      expect(made).toMatchObject(refused);
      expect(await client.get("/v1/terminals?partner=P-1")).toMatchObject(refused);
    }
    expect(await collected(driver.events({ subject: id }))).toEqual([]);
  });
});

describe("the list", () => {
  test("tells where a terminal stands and until when, and no secret", async () => {
    const id = newId();
    const { certificateExpiresAtMs, pinKey } = await enrol(
      String((await makeCode(id)).body["activationCode"]),
    );
    expect(await listed(id)).toEqual({
      id,
      pointOfSaleId: POINT_OF_SALE,
      status: "active",
      enrolledAtMs: expect.any(Number),
      certificateExpiresAtMs,
      initialKeyId: pinKey.initialKeyId,
      ksnCounter: 0,
      renewalAskedAtMs: null,
    });
    await operator.post(`/v1/terminals/${id}/revocation`);
    expect(await listed(id)).toMatchObject({ status: "revoked" });
  });

  test("is of one partner, which is there", async () => {
    expect(await operator.get("/v1/terminals?partner=P-2")).toEqual({
      status: 200,
      body: { partner: "P-2", terminals: [] },
    });
    expect(await operator.get("/v1/terminals?partner=P-NONE")).toMatchObject({ status: 404 });
    expect(await operator.get("/v1/terminals")).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/partner" }] },
    });
  });
});

describe("pass-tpe terminal", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pass-tpe-terminals-"));
    writeFileSync(join(folder, "operator.json"), JSON.stringify(operator.credentials));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The exit code, and what was told on stdout and stderr. */
  async function passTpe(...args: readonly string[]) {
    const told = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((name) =>
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        told[name] += String(text);
        return true;
      }),
    );
    const to = ["--url", running.gateway.operatorUrl];
    const credentials = ["--credentials", join(folder, "operator.json")];
    try {
      return { code: await terminal.run([...args, ...to, ...credentials]), ...told };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  test("enrol tells the code, until when it is good, and what to do with it", async () => {
    const id = newId();
    const made = await passTpe("enrol", id, "--point-of-sale", POINT_OF_SALE);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const [, activationCode = ""] = /^activation code {2}(\S+)$/m.exec(made.stdout) ?? [];
    expect(made.stdout).toContain(`${id} at ${POINT_OF_SALE}\n`);
    expect(made.stdout).toMatch(/^good until {7}\d{4}-\d\d-\d\dT[\d:.]+Z, once$/m);
    expect(made.stdout).toContain("enrolTerminal({");
    expect(await enrol(activationCode)).toMatchObject({ terminalId: id });
  });

  test("enrol tells it all as JSON, for as many minutes as are asked for", async () => {
    const id = newId();
    const to = ["--point-of-sale", POINT_OF_SALE, "--valid-minutes", "5", "--json"];
    const { code, stdout } = await passTpe("enrol", id, ...to);
    expect(code).toBe(0);
    const { expiresAtMs, ...made } = JSON.parse(stdout);
    expect(made).toEqual({
      terminalId: id,
      pointOfSaleId: POINT_OF_SALE,
      activationCode: expect.any(String),
    });
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 5 * MINUTE_MS);
  });

  test("list and revoke tell how a terminal stands", async () => {
    const id = newId();
    await running.terminal(id);
    const [line] = (await passTpe("list", "--partner", "P-1")).stdout
      .split("\n")
      .filter((it) => it.startsWith(`${id}  `));
    expect(line).toMatch(
      /^\S+ {2}POS-1 {2}active {2}enrolled \d{4}-\S+Z {2}good until \d{4}-\S+Z$/,
    );
    const revoked = { code: 0, stdout: `${id}  revoked\n`, stderr: "" };
    expect(await passTpe("revoke", id)).toEqual(revoked);
    const list = JSON.parse((await passTpe("list", "--partner", "P-1", "--json")).stdout);
    expect(list.terminals).toContainEqual(expect.objectContaining({ id, status: "revoked" }));
  });

  test("ends with 1 where the gateway refuses, and says why", async () => {
    const refused = await passTpe("enrol", newId(), "--point-of-sale", "POS-NONE");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("UNKNOWN_SUBJECT");
    expect((await passTpe("revoke", "T-NONE")).code).toBe(1);
    expect((await passTpe("list", "--partner", "P-NONE")).code).toBe(1);
  });
});
