// How the limits feel at a running gateway: a terminal that asks too much, a card that is shown too often, guesses.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { formatCardMessage, withLuhn } from "@pass-tpe/protocol/standards";
import type { TerminalEvent } from "@pass-tpe/terminal-sdk";
import { afterEach, expect, test, vi } from "vitest";
import { chipOf, openSdk } from "../codes/sdk-till.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { pinBlocksUnder } from "../support/pin-blocks.js";
import { agentFor, postJson, type RawAnswer, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";

/** Keys are made here, on a machine that may be busy. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECOND_MS = 1_000;
const newId = () => uuidV7(Date.now(), randomBytes(10));

let ends: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

/** A gateway whose clock stands still until it is moved, and the lines of its log. */
async function start(options: Parameters<typeof startTestGateway>[0] = {}) {
  let aheadMs = 0;
  const nowMs = Date.now();
  const clock = { nowMs: () => nowMs + aheadMs, monotonicMs: () => aheadMs };
  const lines: string[] = [];
  const log = createLogger({ destination: { write: (line: string) => void lines.push(line) } });
  const running = await startTestGateway({ clock, log, ...options });
  ends.push(() => running.stop());
  return {
    running,
    url: running.gateway.url,
    pass(ms: number) {
      aheadMs += ms;
    },
    warnings: (text: string) =>
      lines.map((line) => JSON.parse(line)).filter(({ msg }) => String(msg).includes(text)),
    async terminal(id?: string): Promise<Agent> {
      const agent = agentFor(await running.terminal(id));
      ends.push(() => agent.destroy());
      return agent;
    },
    async metric(name: string): Promise<string | undefined> {
      const text = await (await fetch(`${running.gateway.healthUrl}/metrics`)).text();
      return text.split("\n").find((line) => line.startsWith(`${name} `));
    },
  };
}

const tap = (running: TestGateway, card: TestCard) => ({
  id: newId(),
  evidence: nfcEvidence(running.gateway, card),
  avantage: "SPECTACLE",
  purchaseCents: 1,
});
const keyed = (cardNumber: string) => ({
  id: newId(),
  evidence: { type: "keyed", cardNumber },
  avantage: "SPECTACLE",
  purchaseCents: 1,
});
/** A message of a card's form that is under none of its keys. */
const unopened = (encryptedPiccData: Buffer) =>
  formatCardMessage({ encryptedPiccData, mac: Buffer.alloc(8) });
const unknownNumber = (index: number) => withLuhn(`9${String(index).padStart(14, "0")}`);

function post(agent: Agent, url: string, body: unknown): Promise<RawAnswer> {
  return raw({ agent, url: `${url}/v1/authorizations`, body: JSON.stringify(body) });
}

test("a terminal that asks too much is told when to come again, whatever it asks; nobody else pays", async () => {
  const { url, terminal, pass } = await start({ limits: { terminalPerSecond: 1 } });
  const [busy, other] = [await terminal(), await terminal()];
  const ask = (agent: Agent, path = "/v1/terminal") => raw({ agent, url: url + path });
  for (let count = 0; count < 10; count += 1) expect((await ask(busy)).status).toBe(200);
  for (const path of ["/v1/terminal", "/openapi.json", "/v1/nowhere"]) {
    const refused = await ask(busy, path);
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "1"]);
    expect(JSON.parse(refused.text)).toMatchObject({
      code: "RATE_LIMITED",
      retry: "SAMEKEY",
      retryAfterMs: 1_000,
    });
  }
  expect((await ask(other)).status).toBe(200);
  pass(SECOND_MS);
  expect([(await ask(busy)).status, (await ask(busy)).status]).toEqual([200, 429]);
});

test("a terminal that asks too much is refused before its body is read", async () => {
  const { url, terminal } = await start({ limits: { terminalPerSecond: 1 } });
  const agent = await terminal();
  for (let count = 0; count < 10; count += 1) await raw({ agent, url: `${url}/v1/terminal` });
  const refused = await raw({ agent, url: `${url}/v1/authorizations`, stallAfter: "{" });
  expect(refused.status).toBe(429);
});

test("a card is limited over all terminals; a known answer is always given, and a refused id was not used", async () => {
  const { running, url, terminal, pass } = await start({ limits: { cardPerMinute: 2 } });
  const [here, there] = [await terminal(), await terminal()];
  const card = await running.card();
  const [first, second, third] = [tap(running, card), tap(running, card), tap(running, card)];
  const answered = await post(here, url, first);
  expect(JSON.parse(answered.text)).toMatchObject({ code: "APPROVED" });
  expect((await post(there, url, second)).status).toBe(200);
  const refused = await post(here, url, third);
  expect([refused.status, JSON.parse(refused.text).retryAfterMs]).toEqual([429, 30_000]);
  expect((await raw({ agent: here, url: `${url}/v1/authorizations/${third.id}` })).status).toBe(
    404,
  );
  expect((await post(here, url, first)).text).toBe(answered.text);
  pass(30 * SECOND_MS);
  expect(JSON.parse((await post(here, url, third)).text)).toMatchObject({ code: "APPROVED" });
});

test("a proof of a card that had its turn is not limited", async () => {
  const { running, url, terminal } = await start({ limits: { cardPerMinute: 1 } });
  const agent = await terminal();
  const inquiry = { id: newId(), evidence: nfcEvidence(running.gateway, await running.card()) };
  const { body } = await postJson({ agent, url: `${url}/v1/inquiries`, body: inquiry });
  const evidence = { type: "proofRef", proofRef: body["proofRef"] };
  const sale = { id: newId(), evidence, avantage: "SPECTACLE", purchaseCents: 1 };
  expect(JSON.parse((await post(agent, url, sale)).text)).toMatchObject({ code: "APPROVED" });
});

test("a card that nobody knows is limited like a known one", async () => {
  const { running, url, terminal } = await start({ limits: { cardPerMinute: 2 } });
  const agent = await terminal();
  const { cardNumber } = await running.card();
  const heard = async (number: string) => {
    const answers: RawAnswer[] = [];
    for (let count = 0; count < 4; count += 1) answers.push(await post(agent, url, keyed(number)));
    return answers.map(({ status, text }) => [status, JSON.parse(text).retryAfterMs]);
  };
  const known = await heard(cardNumber);
  expect(known.map(([status]) => status)).toEqual([200, 200, 429, 429]);
  expect(await heard(unknownNumber(1))).toEqual(known);
});

test("a limited card loses no try of its PIN", async () => {
  const { running, url, pass } = await start({ limits: { cardPerMinute: 1 } });
  const credentials = await running.terminal();
  const agent = agentFor(credentials);
  ends.push(() => agent.destroy());
  const pinBlock = pinBlocksUnder(credentials.pinKey);
  const { cardNumber } = await running.card();
  const token = running.gateway.operator.qrToken({ kind: "printed", cardNumber });
  const wrong = () => {
    const evidence = { type: "qr", token, pinBlock: pinBlock(cardNumber, "0000") };
    return post(agent, url, { ...keyed(cardNumber), id: newId(), evidence });
  };
  expect((await wrong()).text).toContain("ENCORE 2 ESSAIS");
  expect((await wrong()).status).toBe(429);
  pass(60 * SECOND_MS);
  expect((await wrong()).text).toContain("DERNIER ESSAI");
});

test("a terminal that shows ten unknown cards is told of and slowed until it is calm", async () => {
  const { running, url, terminal, pass, warnings, metric } = await start();
  const agent = await terminal("T-GUESS");
  const show = async (index: number) =>
    (await post(agent, url, keyed(unknownNumber(index)))).status;
  for (let index = 0; index < 10; index += 1) expect(await show(index)).toBe(200);
  expect(warnings("enumeration suspected")).toMatchObject([{ terminalId: "T-GUESS", level: 40 }]);
  expect(await metric("pass_tpe_enumeration_suspected_total")).toMatch(/ 1$/);
  const card = await running.card();
  const sale = tap(running, card);
  expect((await post(agent, url, sale)).status).toBe(200);
  const refused = await post(agent, url, tap(running, card));
  expect([refused.status, JSON.parse(refused.text).retryAfterMs]).toEqual([429, 30_000]);
  expect((await post(agent, url, sale)).status).toBe(200);
  expect((await raw({ agent, url: `${url}/v1/terminal` })).status).toBe(200);
  pass(600 * SECOND_MS);
  expect([await show(20), await show(21)]).toEqual([200, 200]);
  expect(warnings("enumeration suspected")).toHaveLength(1);
});

test("one dead card, shown again and again, makes no terminal suspect", async () => {
  const { running, url, terminal, warnings } = await start();
  const agent = await terminal();
  for (let count = 0; count < 15; count += 1) {
    expect((await post(agent, url, keyed(unknownNumber(1)))).status).toBe(200);
  }
  for (let count = 0; count < 2; count += 1) {
    const sale = tap(running, await running.card());
    expect(JSON.parse((await post(agent, url, sale)).text)).toMatchObject({ code: "APPROVED" });
  }
  expect(warnings("enumeration suspected")).toEqual([]);
});

test("messages that do not open are not one card's: they keep none waiting at another till", async () => {
  const { url, terminal } = await start({ limits: { cardPerMinute: 2 } });
  const agents = [await terminal(), await terminal()];
  const home = () => ({
    ...keyed(unknownNumber(1)),
    evidence: { type: "nfc", message: unopened(randomBytes(16)) },
  });
  for (const agent of [...agents, ...agents, ...agents]) {
    expect((await post(agent, url, home())).status).toBe(200);
  }
});

test("messages that do not open make a terminal suspect, like other guesses", async () => {
  const { url, terminal, warnings } = await start();
  const agent = await terminal("T-HOME-MADE");
  const show = () => {
    const evidence = { type: "nfc", message: unopened(Buffer.alloc(16)) };
    return post(agent, url, { ...keyed(unknownNumber(1)), evidence });
  };
  for (let count = 0; count < 11; count += 1) expect((await show()).status).toBe(200);
  expect((await show()).status).toBe(429);
  expect(warnings("enumeration suspected")).toMatchObject([{ terminalId: "T-HOME-MADE" }]);
});

test("the SDK that is told to wait sends the same id again, and the sale is made once", async () => {
  const { running, url, pass } = await start({ limits: { terminalPerSecond: 1 } });
  const credentials = await running.terminal();
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-limits-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  const till = await openSdk({ gateway: url, credentials, pinKeyFile: join(folder, "pin.key") });
  ends.push(() => till.close());
  await till.terminal.profile();
  const agent = agentFor(credentials);
  ends.push(() => agent.destroy());
  await useUp(() => raw({ agent, url: `${url}/v1/terminal` }));
  const tries: TerminalEvent[] = [];
  till.terminal.on("answered", (event) => {
    tries.push(event);
    // The gateway's clock goes on only now: sooner than it said, the SDK would be refused again. By two seconds, because
    // the SDK may ask for its profile in between.
    if (event.kind === "problem") pass(2 * SECOND_MS);
  });
  const card = await running.card();
  till.whenAsked(() => till.reader.tap(chipOf(running.gateway, card)));
  const result = await till.terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 });
  expect(result).toMatchObject({ outcome: "approved", code: "APPROVED" });
  expect(tries).toMatchObject([
    { kind: "problem", next: "repeat" },
    { kind: "answer", next: "return" },
  ]);
  expect(new Set(tries.map((event) => "id" in event && event.id)).size).toBe(1);
  expect(await running.gateway.operator.verify()).toMatchObject({ approved: 1, faults: [] });
});

/** Asks until the answer is 429. */
async function useUp(ask: () => Promise<RawAnswer>): Promise<void> {
  const TRIES_MAX = 50;
  for (let count = 0; count < TRIES_MAX; count += 1) if ((await ask()).status === 429) return;
  throw new Error(`not refused in ${TRIES_MAX} tries`);
}
