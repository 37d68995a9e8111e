// Attacks by or on terminals, over mutual TLS: revoked, unknown, elsewhere, with another clock, cut off, enrolled by a thief.

import { createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import { type Agent, request } from "node:https";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import { EnrolmentAnswerSchema, uuidV7 } from "@pass-tpe/protocol";
import { QR_NONCE_BYTES } from "@pass-tpe/protocol/standards";
import { simulatedReader } from "@pass-tpe/simulators";
import { softwarePinPad, Terminal } from "@pass-tpe/terminal-sdk";
import forge from "node-forge";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDataFolder } from "../../gateway/src/data-folder.js";
import { systemRandom } from "../../gateway/src/main.js";
import { systemClock } from "../../terminal-sdk/src/clock.js";
import { loadPartner } from "../codes/partner.js";
import type { RawTill } from "../codes/raw-till.js";
import { chipOf } from "../codes/sdk-till.js";
import { AGENTS, connectionOf, issued } from "../operators/agents.js";
import { newDevice } from "../support/device.js";
import { agentFor, postJson, raw } from "../support/raw-client.js";
import { startTestGateway, TEST_PIN } from "../support/running-gateway.js";
import { TEST_STORE_KEY } from "../support/store-key.js";
import { tempFiles } from "../support/temp-folder.js";
import { askCertificate, requestUnder, secretFor, stranger } from "./fleet.js";
import {
  type AttackedGateway,
  atOnce,
  codeOf,
  REPLAYS,
  SOLD,
  saleBy,
  startAttacked,
} from "./rig.js";

/** Terminals are enrolled here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const DAY_MS = 24 * 3_600_000;
const STRANGERS_SHOP = "POS-STRANGER";
const NOT_AUTHORISED = { status: 403, body: { code: "TERMINAL_NOT_AUTHORISED" } };
const NOT_FOUND = { status: 404, body: { code: "ORIGINAL_NOT_FOUND" } };

const fileIn = tempFiles();
let running: AttackedGateway;
let till: RawTill;
let sales: string;
beforeAll(async () => {
  running = await startAttacked();
  await loadPartner(running.gateway, { id: "P-STRANGER", pointOfSale: STRANGERS_SHOP });
  till = await running.till({ id: "T-HONEST" });
  sales = `${running.gateway.url}/v1/authorizations`;
});
afterAll(() => running.stop());

/** A sale of a euro with a card of its own. */
async function aSale() {
  const card = await running.card();
  return { card, sale: { id: till.newId(), ...saleBy(running.tap(card)) } };
}

/** What a sale and the profile are answered on a connection. */
async function asked(agent: Agent) {
  const { sale } = await aSale();
  const sold = await postJson({ agent, url: sales, body: sale });
  const read = await raw({ agent, url: `${running.gateway.url}/v1/terminal` });
  return { sold, profile: { status: read.status, body: JSON.parse(read.text) } };
}

describe("a terminal's certificate", () => {
  test("that is revoked is worth nothing at the next request on a connection that stands", async () => {
    const agent = agentFor(await running.terminal("T-STOLEN"));
    expect((await asked(agent)).sold.body).toMatchObject({ outcome: "approved" });
    const [before] = Object.values(agent.freeSockets).flat();
    await running.gateway.operator.revokeTerminal("T-STOLEN");
    const { sold, profile } = await asked(agent);
    expect(sold.body).toMatchObject({ outcome: "declined", code: "TERMINAL_NOT_AUTHORISED" });
    expect(profile).toMatchObject(NOT_AUTHORISED);
    expect(before).toBeDefined();
    expect(Object.values(agent.freeSockets).flat()).toEqual([before]);
    agent.destroy();
  });

  test("that is unknown is refused, though of the same CA, with the name and the key of one that is known", async () => {
    const { privateKey } = till.credentials;
    const { keys } = openDataFolder({
      path: running.dataFolder,
      hosts: ["localhost", "127.0.0.1"],
      clock: running.clock,
      random: systemRandom,
      storeKey: TEST_STORE_KEY,
    });
    const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
    const { certificate } = keys.authority.issueTerminal({
      terminalId: "T-HONEST",
      publicKey: publicKey.toString(),
      nowMs: running.clock.nowMs(),
    });
    await expectRefused({ ...till.credentials, certificate }, NOT_AUTHORISED);
  });

  test("of another CA is refused, though all names in it are the same", async () => {
    const elsewhere = await startTestGateway();
    const foreign = await elsewhere.terminal("T-HONEST");
    await elsewhere.stop();
    const { ca, certificate } = till.credentials;
    const [theirs, ours] = [
      new X509Certificate(foreign.certificate),
      new X509Certificate(certificate),
    ];
    expect([theirs.subject, theirs.issuer]).toEqual([ours.subject, ours.issuer]);
    await expectRefused(
      { ...foreign, ca },
      { status: 401, body: { code: "TERMINAL_AUTH_FAILED" } },
    );
  });

  test("of an agent does not open the terminals' listener, nor a terminal's the operators'", async () => {
    const operator = await issued(running.gateway, AGENTS.operator);
    const agent = connectionOf(operator);
    const { sold, profile } = await asked(agent);
    expect([sold, profile]).toMatchObject([NOT_AUTHORISED, NOT_AUTHORISED]);
    const terminal = agentFor(till.credentials);
    for (const path of ["/v1/events", "/v1/agents", "/v1/terminals/T-HONEST/revocation"]) {
      const url = running.gateway.operatorUrl + path;
      expect(await postJson({ agent: terminal, url, body: {} })).toMatchObject({
        status: 403,
        body: { code: "AGENT_NOT_AUTHORISED" },
      });
    }
    expect((await asked(terminal)).sold.body).toMatchObject({ outcome: "approved" });
    for (const connection of [agent, terminal]) connection.destroy();
  });

  async function expectRefused(credentials: TerminalCredentials, refusal: object): Promise<void> {
    const agent = agentFor(credentials);
    const { sold, profile } = await asked(agent);
    expect([sold, profile]).toMatchObject([refusal, refusal]);
    agent.destroy();
  }
});

describe("a terminal of another point of sale", () => {
  test.each(["the same partner", "another partner"])(
    "of %s neither sees, captures nor reverses what is not its own",
    async (whose) => {
      const elsewhere =
        whose === "another partner"
          ? await running.till({ pointOfSaleId: STRANGERS_SHOP })
          : await running.till();
      const { sale } = await aSale();
      const held = { ...sale, capture: false };
      expect(codeOf(await till.sell(held))).toBe("APPROVED_HELD");
      expect(await elsewhere.read(`/v1/authorizations/${sale.id}`)).toMatchObject(NOT_FOUND);
      expect(await elsewhere.capture(sale.id)).toMatchObject(NOT_FOUND);
      expect(await elsewhere.reverse(sale.id, "manual")).toMatchObject(NOT_FOUND);
      await elsewhere.reverse(sale.id, "automatic");
      expect(codeOf(await till.capture(sale.id))).toBe("CAPTURED");
    },
  );

  test("of another partner refunds nothing", async () => {
    const elsewhere = await running.till({ pointOfSaleId: STRANGERS_SHOP });
    const { sale, card } = await aSale();
    expect(codeOf(await till.sell(sale))).toBe("APPROVED");
    expect(await elsewhere.refund(sale.id)).toMatchObject(NOT_FOUND);
    expect(await running.spent(card)).toBe(100);
    expect(codeOf(await till.refund(sale.id))).toBe("REFUNDED");
  });
});

describe("a terminal clock a day off", () => {
  test.each([-DAY_MS, DAY_MS])(
    "by %i ms changes nothing for requests and app QR",
    async (offMs) => {
      const card = await running.card();
      const nowMs = () => running.clock.nowMs() + offMs;
      const id = uuidV7(nowMs(), randomBytes(10));
      expect(codeOf(await till.sell({ id, ...saleBy(running.tap(card)) }))).toBe("APPROVED");

      const credentials = await running.terminal();
      const reader = simulatedReader();
      const terminal = await Terminal.open({
        gateway: running.gateway.url,
        credentials,
        journal: fileIn("journal"),
        readers: [reader],
        clock: { ...systemClock, nowMs },
        pinPad: softwarePinPad({
          pinKey: credentials.pinKey,
          keyFile: fileIn("pin.key"),
          digits: async () => TEST_PIN,
        }),
      });
      const other = await running.card();
      let show = () => reader.tap(chipOf(running.gateway, other));
      terminal.on("waitingForCard", () => show());
      const sell = () => terminal.sell({ avantage: SOLD, purchaseCents: 100 });
      expect(await sell()).toMatchObject({ outcome: "approved" });
      show = () => reader.scan(appCodeOf(card.cardNumber));
      expect(await sell()).toMatchObject({ outcome: "approved" });
      await terminal.close();
    },
  );

  function appCodeOf(cardNumber: string): string {
    const issuedAtSeconds = Math.floor(running.clock.nowMs() / 1_000);
    const nonce = randomBytes(QR_NONCE_BYTES);
    return running.gateway.operator.qrToken({ kind: "app", cardNumber, issuedAtSeconds, nonce });
  }
});

describe("a lost reply", () => {
  test.each(["finish", "response"] as const)(
    "cut off at the request's %s, then fifty retries in parallel, is one sale and one answer",
    async (moment) => {
      const { sale, card } = await aSale();
      await cutOff(sale, moment);
      const answers = await atOnce(REPLAYS, () => till.sell(sale));
      expect(answers[0]).toMatchObject({ status: 200, body: { outcome: "approved" } });
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await running.spent(card)).toBe(100);
    },
  );

  /** Sends a sale and hangs up: when all of it is sent, or when the answer begins to come. */
  function cutOff(sale: object, moment: "finish" | "response"): Promise<void> {
    const agent = agentFor(till.credentials);
    const headers = { "content-type": "application/json" };
    return new Promise((resolve) => {
      const outgoing = request(sales, { agent, method: "POST", headers });
      outgoing.on("error", () => undefined);
      outgoing.once("close", resolve);
      outgoing.once(moment, () => agent.destroy());
      outgoing.end(JSON.stringify(sale));
    });
  }
});

describe("a thief at the enrolment", () => {
  test("who guesses activation codes has ten tries a minute, and the right one does not help after them", async () => {
    const { ca, privateKey } = till.credentials;
    const csr = requestUnder(privateKey);
    const secret = await secretFor(running, "T-GUESSED");
    const agent = stranger(ca);
    const statuses: number[] = [];
    for (let guess = 0; guess < 10; guess += 1) {
      const wrong = secret.slice(0, -1) + (secret.endsWith(String(guess)) ? "Z" : guess);
      statuses.push((await askCertificate(running, { agent, secret: wrong, csr })).status);
    }
    expect(new Set(statuses)).toEqual(new Set([403]));
    expect((await askCertificate(running, { agent, secret, csr })).status).toBe(429);
    const installer = stranger(ca);
    expect((await askCertificate(running, { agent: installer, secret, csr })).status).toBe(200);
    for (const connection of [agent, installer]) connection.destroy();
  });

  test("who reuses an activation code with a key of his own is refused", async () => {
    const { ca, privateKey } = till.credentials;
    const secret = await secretFor(running, "T-REUSED");
    const agent = stranger(ca);
    const first = await askCertificate(running, { agent, secret, csr: requestUnder(privateKey) });
    expect(first.status).toBe(200);
    const { csr } = await newDevice();
    expect(await askCertificate(running, { agent, secret, csr })).toMatchObject(NOT_AUTHORISED);
    agent.destroy();
  });

  test("who enrols with somebody else's CSR gets what only that one can use", async () => {
    const { ca, privateKey } = till.credentials;
    const thief = await newDevice();
    const agent = stranger(ca);
    const secret = await secretFor(running, "T-THIEF");
    const csr = requestUnder(privateKey, "T-HONEST");
    const answer = EnrolmentAnswerSchema.parse(
      (await askCertificate(running, { agent, secret, csr })).body,
    );
    expect(new X509Certificate(answer.certificate).subject).toBe("CN=T-THIEF\nOU=terminal");
    expect(() => thief.unwrap(answer)).toThrow();
    const connection = thief.connection({ ca, certificate: answer.certificate });
    await expect(raw({ agent: connection, url: sales })).rejects.toThrow("key values mismatch");
    for (const opened of [agent, connection]) opened.destroy();
  });

  test("who puts his own key into somebody else's CSR is refused: it is not signed with it", async () => {
    const thief = await newDevice();
    const { ca, privateKey } = till.credentials;
    const agent = stranger(ca);
    const csr = withKeyOf(requestUnder(privateKey), thief.csr);
    const secret = await secretFor(running, "T-FORGED");
    expect(await askCertificate(running, { agent, secret, csr })).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR", errors: [{ pointer: "/csr" }] },
    });
    agent.destroy();
  });

  /** One's certificate request with the other's modulus in the place of its own. */
  function withKeyOf(csr: string, other: string): string {
    const [own, theirs] = [csr, other].map((pem) => {
      const key = forge.pki.certificationRequestFromPem(pem).publicKey;
      if (key === null || !("n" in key)) throw new Error("a request for another key than RSA");
      return key.n.toString(16);
    });
    const der = Buffer.from(csr.replace(/-----[A-Z ]+-----|\s/g, ""), "base64").toString("hex");
    const changed = Buffer.from(der.replace(own ?? "", theirs ?? ""), "hex").toString("base64");
    return `-----BEGIN CERTIFICATE REQUEST-----\n${changed}\n-----END CERTIFICATE REQUEST-----\n`;
  }
});
