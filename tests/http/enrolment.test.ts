// A terminal's credentials over TLS: got by a code, renewed, confirmed, and refused to everybody else.

import { X509Certificate } from "node:crypto";
import type { Agent } from "node:https";
import { connect } from "node:tls";
import { createLogger } from "@pass-tpe/gateway";
import {
  type EnrolmentAnswer,
  EnrolmentAnswerSchema,
  ProblemSchema,
  RenewalAnswerSchema,
} from "@pass-tpe/protocol";
import { authorityHash, parseActivationCode } from "@pass-tpe/protocol/standards";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { virtualClock } from "../support/clock.js";
import { type Device, newDevice, secretOf } from "../support/device.js";
import { collected } from "../support/ledger.js";
import { postJson, raw } from "../support/raw-client.js";
import { POINT_OF_SALE, startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { expectDescribed } from "./described.js";

/** Keys are made here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
const ENROLMENTS = "/v1/terminals/enrolments";
const RENEWAL = "/v1/terminal/renewal";
const CONFIRMATION = "/v1/terminal/renewal/confirmation";

const clock = virtualClock(Date.now());
const logged: string[] = [];
let driver: Driver;
let running: TestGateway;
let devices: readonly [Device, Device, Device];
let ca: string;
const connections: Agent[] = [];
let addresses = 1;
let terminals = 0;

beforeAll(async () => {
  running = await startTestGateway({
    clock,
    log: createLogger({ level: "trace", destination: { write: (line) => void logged.push(line) } }),
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
  devices = await Promise.all([newDevice(), newDevice(), newDevice()]);
  ({ ca } = await running.terminal());
});

beforeEach(() => clock.advance(MINUTE_MS));

afterAll(async () => {
  for (const connection of connections) connection.destroy();
  await running.stop();
});

function opened(device: Device, as: { certificate?: string; localAddress?: string } = {}): Agent {
  const connection = device.connection({ ca, ...as });
  connections.push(connection);
  return connection;
}

/** A connection of nobody, from an address that was not used before. */
function stranger(): Agent {
  addresses += 1;
  return opened(devices[0], { localAddress: `127.0.0.${addresses}` });
}

const urlOf = (path: string) => running.gateway.url + path;
const newId = () => {
  terminals += 1;
  return `T-NEW-${terminals}`;
};

async function codeFor(terminalId: string, validMinutes = 60): Promise<string> {
  const asked = { terminalId, pointOfSaleId: POINT_OF_SALE, validMinutes };
  const made = await running.gateway.operator.makeActivationCode(asked);
  if (made.type !== "made") throw new Error(`no code: ${made.type}`);
  return made.activationCode;
}

const ask = (code: string, csr: string, agent = stranger()) =>
  postJson({ agent, url: urlOf(ENROLMENTS), body: { secret: secretOf(code), csr } });

interface Till {
  readonly id: string;
  readonly answer: EnrolmentAnswer;
  readonly agent: Agent;
}

/** A terminal that a device has become, by a code. */
async function enrolled(device: Device, id = newId()): Promise<Till> {
  const { body } = await ask(await codeFor(id), device.csr);
  const answer = EnrolmentAnswerSchema.parse(body);
  return { id, answer, agent: opened(device, { certificate: answer.certificate }) };
}

const profile = async (agent: Agent) => {
  const { status, text } = await raw({ agent, url: urlOf("/v1/terminal") });
  return { status, body: JSON.parse(text) };
};
const renew = (agent: Agent, csr: string) =>
  postJson({ agent, url: urlOf(RENEWAL), body: { csr } });
const confirm = (agent: Agent) => postJson({ agent, url: urlOf(CONFIRMATION), body: {} });
const trailOf = (id: string) => collected(driver.events({ subject: id }));

const NOT_AUTHORISED = { status: 403, body: { code: "TERMINAL_NOT_AUTHORISED" } };

describe("the handshake", () => {
  test("shows the authority that the code names, to who trusts nobody yet", async () => {
    const code = parseActivationCode(await codeFor(newId()));
    const shown = await new Promise<X509Certificate | undefined>((resolve, reject) => {
      const { hostname: host, port } = new URL(running.gateway.url);
      const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.issuerCertificate);
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(shown?.raw).toEqual(new X509Certificate(ca).raw);
    expect(code?.authorityHash).toEqual(authorityHash(shown?.raw ?? Buffer.alloc(0)));
  });
});

describe("an enrolment", () => {
  test("needs no certificate, and gives one with which the terminal is known", async () => {
    const { id, answer, agent } = await enrolled(devices[0]);
    expect(answer).toMatchObject({ terminalId: id, pointOfSaleId: POINT_OF_SALE, ca });
    const certificate = new X509Certificate(answer.certificate);
    expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${id}\nOU=terminal`);
    expect(Date.parse(certificate.validTo)).toBe(answer.certificateExpiresAtMs);
    expect([16, 32]).toContain(devices[0].unwrap(answer).length);
    expect(await profile(agent)).toMatchObject({ status: 200, body: { terminalId: id } });
  });

  test("stands in the audit trail with point of sale, certificate and PIN key", async () => {
    const { id, answer } = await enrolled(devices[0]);
    const fingerprint = new X509Certificate(answer.certificate).fingerprint256;
    const [made, issued] = await trailOf(id);
    expect(made).toMatchObject({ type: "terminal.code-made", agentId: "(in process)" });
    expect(made?.notes).toContain(`pointOfSale ${POINT_OF_SALE}`);
    expect(issued).toMatchObject({ type: "terminal.enrolled", agentId: "(terminal)" });
    expect(issued?.notes).toEqual([
      `pointOfSale ${POINT_OF_SALE}`,
      `certificate ${fingerprint.replaceAll(":", "").toLowerCase()}`,
      `initialKey ${answer.pinKey.initialKeyId}`,
      "pinBase version 1",
    ]);
  });

  test("whose answer was lost is answered again, with the same certificate and key", async () => {
    const id = newId();
    const code = await codeFor(id);
    const [first, again] = [await ask(code, devices[0].csr), await ask(code, devices[0].csr)];
    const answers = [first, again].map(({ body }) => EnrolmentAnswerSchema.parse(body));
    expect(answers[1]?.certificate).toBe(answers[0]?.certificate);
    const [one, other] = answers.map((answer) => devices[0].unwrap(answer).toString("hex"));
    expect(other).toBe(one);
  });

  test("fifty at once with one code give one certificate, to one device", async () => {
    const id = newId();
    const code = await codeFor(id);
    const tries = Array.from({ length: 50 }, (_, index) => {
      const device = devices[index % 3] ?? devices[0];
      return { device, answer: ask(code, device.csr, stranger()) };
    });
    const winners = new Set<Device>();
    const certificates = new Set<unknown>();
    for (const { device, answer } of tries) {
      const { status, body } = await answer;
      expect([200, 403]).toContain(status);
      if (status !== 200) continue;
      winners.add(device);
      certificates.add(body["certificate"]);
    }
    expect([winners.size, certificates.size]).toEqual([1, 1]);
    const types = (await trailOf(id)).map(({ type }) => type);
    expect(types).toEqual(["terminal.code-made", "terminal.enrolled"]);
  });

  test("replaces the device before: its certificate is worth nothing at its next request", async () => {
    const before = await enrolled(devices[0]);
    expect((await profile(before.agent)).status).toBe(200);
    const after = await enrolled(devices[1], before.id);
    expect(await profile(before.agent)).toMatchObject(NOT_AUTHORISED);
    expect(await renew(before.agent, devices[0].csr)).toMatchObject(NOT_AUTHORISED);
    expect(await profile(after.agent)).toMatchObject({ body: { terminalId: before.id } });
    expect(after.answer.pinKey.initialKeyId).not.toBe(before.answer.pinKey.initialKeyId);
  });

  test("is refused alike for every code that cannot be used", async () => {
    const used = await codeFor(newId());
    await ask(used, devices[0].csr);
    const voided = newId();
    const over = await codeFor(newId(), 1);
    const [first] = [await codeFor(voided), await codeFor(voided)];
    const gone = newId();
    const goneCode = await codeFor(gone);
    await ask(goneCode, devices[1].csr);
    await running.gateway.operator.revokeTerminal(gone);
    clock.advance(MINUTE_MS);
    const wrong = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ";
    const told = new Set<string>();
    for (const code of [wrong, used, over, first, goneCode]) {
      const { status, body } = await ask(code, devices[1].csr);
      expect(status).toBe(403);
      expectDescribed(ENROLMENTS, ProblemSchema.parse(body));
      told.add(JSON.stringify(body));
    }
    expect(told.size).toBe(1);
  });
});

describe("a request that is none", () => {
  const secret = "0123456789ABCDEF";

  test.each([
    ["no request at all", "hello"],
    [
      "bytes that are none",
      `-----BEGIN CERTIFICATE REQUEST-----\n${"MIIB".repeat(500)}\n-----END CERTIFICATE REQUEST-----`,
    ],
    ["one that is too long", "A".repeat(8 * 1024 + 1)],
  ])("%s is refused with its place, and is not repeated", async (_what, csr) => {
    const { status, body } = await postJson({
      agent: stranger(),
      url: urlOf(ENROLMENTS),
      body: { secret, csr },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "FORMAT_ERROR", errors: [{ pointer: "/csr" }] });
    expect(JSON.stringify(body)).not.toContain(csr.slice(0, 40));
    expectDescribed(ENROLMENTS, ProblemSchema.parse(body));
  });

  test.each([
    ["a secret in another spelling", { secret: "0123456789abcdef" }],
    ["a field that is not known", { terminalId: "T-1" }],
    ["no secret", { secret: undefined }],
  ])("%s is refused for its form", async (_what, change) => {
    const body = { secret, csr: devices[0].csr, ...change };
    const answer = await postJson({ agent: stranger(), url: urlOf(ENROLMENTS), body });
    expect(answer).toMatchObject({ status: 400, body: { code: "FORMAT_ERROR" } });
  });

  test("a body that is too large is not read", async () => {
    const body = JSON.stringify({ secret, csr: "A".repeat(20 * 1024) });
    const { status } = await raw({ agent: stranger(), url: urlOf(ENROLMENTS), body });
    expect(status).toBe(413);
  });

  test("more than ten a minute from one address are told to wait, and another address is not", async () => {
    const agent = stranger();
    const tryOnce = () =>
      raw({ agent, url: urlOf(ENROLMENTS), body: JSON.stringify({ secret, csr: "none" }) });
    const statuses = [];
    for (let count = 0; count < 10; count += 1) statuses.push((await tryOnce()).status);
    expect(new Set(statuses)).toEqual(new Set([400]));
    const refused = await tryOnce();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expectDescribed(ENROLMENTS, ProblemSchema.parse(JSON.parse(refused.text)));
    const wrong = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ";
    expect((await ask(wrong, devices[0].csr)).status).toBe(403);
    clock.advance(MINUTE_MS);
    expect((await tryOnce()).status).toBe(400);
  });
});

describe("without a certificate", () => {
  test.each([
    ["GET", ENROLMENTS],
    ["POST", `${ENROLMENTS}/T-1`],
    ["POST", "/v1/terminals"],
    ["POST", RENEWAL],
    ["POST", CONFIRMATION],
    ["GET", "/v1/terminal"],
    ["POST", "/v1/authorizations"],
    ["POST", "/v1/inquiries"],
    ["GET", "/openapi.json"],
  ])("%s %s is refused", async (method, path) => {
    const more = method === "POST" ? { body: "{}" } : {};
    const { status, text } = await raw({ agent: stranger(), url: urlOf(path), method, ...more });
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ code: "TERMINAL_AUTH_FAILED" });
  });
});

describe("a renewal", () => {
  test("is in force once the new certificate confirms it, and not before", async () => {
    const [device, next] = devices;
    const { id, agent, answer } = await enrolled(device);
    const { status, body } = await renew(agent, next.csr);
    expect(status).toBe(200);
    const renewal = EnrolmentAnswerSchema.parse(body);
    expect(renewal).toMatchObject({ terminalId: id, pointOfSaleId: POINT_OF_SALE });
    expect(renewal.pinKey.initialKeyId).not.toBe(answer.pinKey.initialKeyId);

    const renewed = opened(next, { certificate: renewal.certificate });
    for (const refused of [await profile(renewed), await renew(renewed, next.csr)]) {
      expect(refused).toMatchObject(NOT_AUTHORISED);
      expect(refused.body["detail"]).toContain("confirm the renewal first");
    }
    expect((await profile(agent)).status).toBe(200);

    const { certificateExpiresAtMs } = renewal;
    const confirmed = { status: 200, body: { terminalId: id, certificateExpiresAtMs } };
    expect(await confirm(renewed)).toEqual(confirmed);
    expect(await confirm(renewed)).toEqual(confirmed);
    expect((await profile(renewed)).status).toBe(200);
    for (const refused of [await profile(agent), await confirm(agent)]) {
      expect(refused).toMatchObject(NOT_AUTHORISED);
      expect(refused.body["detail"]).toContain("enrol the terminal again");
    }
    const types = (await trailOf(id)).map(({ type }) => type);
    expect(types.slice(2)).toEqual(["terminal.renewed", "terminal.renewal-confirmed"]);
  });

  test("whose answer was lost is asked again: the same key gets the same, another replaces it", async () => {
    const [device, next, other] = devices;
    const { agent } = await enrolled(device);
    const certificateFor = async (csr: string) =>
      EnrolmentAnswerSchema.parse((await renew(agent, csr)).body).certificate;
    const first = await certificateFor(next.csr);
    expect(await certificateFor(next.csr)).toBe(first);
    const replaced = await certificateFor(other.csr);
    const late = await confirm(opened(next, { certificate: first }));
    expect(late).toMatchObject(NOT_AUTHORISED);
    expectDescribed(CONFIRMATION, ProblemSchema.parse(late.body));
    expect((await confirm(opened(other, { certificate: replaced }))).status).toBe(200);
  });

  test("is asked for ten times in a row, and then told to wait: other requests go on", async () => {
    const [device, next] = devices;
    const { agent } = await enrolled(device);
    const statuses: number[] = [];
    for (let time = 1; time <= 11; time += 1) statuses.push((await renew(agent, next.csr)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
    expect((await renew(agent, next.csr)).body).toMatchObject({ code: "RATE_LIMITED" });
    expect((await profile(agent)).status).toBe(200);
  });

  test("that keeps the PIN key brings none, and the one in use stays in force", async () => {
    const [device, next] = devices;
    const { id, agent, answer } = await enrolled(device);
    const ask = (pinKey: "new" | "keep") =>
      postJson({ agent, url: urlOf(RENEWAL), body: { csr: next.csr, pinKey } });
    expect(RenewalAnswerSchema.parse((await ask("new")).body).pinKey).toBeDefined();
    const { status, body } = await ask("keep");
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("pinKey");
    const { certificate } = RenewalAnswerSchema.parse(body);
    expect((await ask("keep")).body).toMatchObject({ certificate });
    expect((await confirm(opened(next, { certificate }))).status).toBe(200);
    const listed = await driver.terminals.atPartner("P-1");
    expect(listed.find((it) => it.id === id)).toMatchObject({
      initialKeyId: answer.pinKey.initialKeyId,
    });
    for (const { notes } of (await trailOf(id)).slice(3))
      expect(notes).toContain("initialKey kept");
  });

  test("that asks for a PIN key in another way is refused for its form", async () => {
    const { agent } = await enrolled(devices[0]);
    const body = { csr: devices[1].csr, pinKey: "none" };
    expect(await postJson({ agent, url: urlOf(RENEWAL), body })).toMatchObject({ status: 400 });
  });

  test("is refused to a revoked terminal, and so is its confirmation", async () => {
    const [device, next] = devices;
    const { id, agent } = await enrolled(device);
    const { certificate } = EnrolmentAnswerSchema.parse((await renew(agent, next.csr)).body);
    await running.gateway.operator.revokeTerminal(id);
    for (const refused of [
      await renew(agent, next.csr),
      await confirm(agent),
      await confirm(opened(next, { certificate })),
    ]) {
      expect(refused).toMatchObject(NOT_AUTHORISED);
      expect(refused.body["detail"]).toContain("revoked");
    }
    const [revoked] = (await trailOf(id)).slice(-1);
    expect(revoked).toMatchObject({
      type: "terminal.revoked",
      notes: [`pointOfSale ${POINT_OF_SALE}`],
    });
  });

  test("with a request that is none is refused with its place", async () => {
    const { agent } = await enrolled(devices[0]);
    const { status, body } = await renew(agent, "none");
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/csr" }] },
    });
    expectDescribed(RENEWAL, ProblemSchema.parse(body));
  });
});

test("neither log nor audit trail holds a code's secret, a request or a PIN key", async () => {
  const id = newId();
  const code = await codeFor(id);
  const answer = EnrolmentAnswerSchema.parse((await ask(code, devices[0].csr)).body);
  await ask(code, devices[1].csr);
  const [, inside = ""] = devices[0].csr.split("\r\n");
  const pinKey = devices[0].unwrap(answer);
  const log = logged.join("");
  expect(log).toContain('"operation":"enrol"');
  expect(log).toContain(`"terminalId":"${id}"`);
  const kept = JSON.stringify(await trailOf(id));
  for (const secret of [secretOf(code), code, inside, pinKey.toString("hex")]) {
    expect(secret.length).toBeGreaterThan(8);
    expect(log).not.toContain(secret);
    expect(kept).not.toContain(secret);
  }
});

// The last one: a year is over then.
test("a certificate that ends while its connection stands is worth nothing, by the gateway's clock", async () => {
  const { agent } = await enrolled(devices[0]);
  expect((await profile(agent)).status).toBe(200);
  clock.advance(YEAR_MS + MINUTE_MS);
  const over = await profile(agent);
  expect(over).toMatchObject({ status: 401, body: { code: "TERMINAL_AUTH_FAILED" } });
  expect(over.body.detail).toContain("enrol the terminal again");
});
