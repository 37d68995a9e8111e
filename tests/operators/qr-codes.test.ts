// `POST /v1/qr-codes`: who may have codes signed, for which numbers, what stands in the trail, and how long they live.

import { createLogger } from "@pass-tpe/gateway";
import { parseQrToken, withLuhn } from "@pass-tpe/protocol/standards";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { type VirtualClock, virtualClock } from "../support/clock.js";
import { collected } from "../support/ledger.js";
import { TEST_PIN } from "../support/running-gateway.js";
import { type AgentClient, type OperatorsGateway, startOperatorsGateway } from "./agents.js";

/** Numbers of cards that nobody loaded. */
const NUMBERS = [1, 2, 3].map((at) => withLuhn(`9150000000000${String(at).padStart(2, "0")}`));

let running: OperatorsGateway;
let operator: AgentClient;
let driver: Driver;
let till: RawTill;
let clock: VirtualClock;
const logged: string[] = [];

beforeAll(async () => {
  clock = virtualClock(Date.now());
  running = await startOperatorsGateway({
    // Both move together, back too: a wall clock that moves alone has jumped.
    clock: { nowMs: clock.nowMs, monotonicMs: clock.nowMs },
    limits: null,
    log: createLogger({ destination: { write: (line: string) => void logged.push(line) } }),
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
  operator = await running.as("operator");
  till = rawTill(running.gateway.url, await running.terminal());
});

afterAll(async () => {
  till.close();
  await running.stop();
});

const ask = (body: object, by = operator) => by.post("/v1/qr-codes", body);

async function tokensOf(kind: "printed" | "app", ...cardNumbers: string[]): Promise<string[]> {
  const { status, body } = await ask({ kind, cardNumbers });
  expect(status).toBe(200);
  return JSON.parse(JSON.stringify(body["tokens"]));
}

/** The code of a sale of a few cents by a QR code and a PIN. */
async function pay(token: string, cardNumber: string, pin = TEST_PIN): Promise<unknown> {
  const pinBlock = till.pinBlock(cardNumber, pin);
  const evidence = { type: "qr", token, pinBlock } as const;
  return (await till.sell({ evidence, avantage: "LIVRES_LOISIR", purchaseCents: 1 })).body["code"];
}

function partsOf(token: string) {
  const parsed = parseQrToken(token);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.token;
}

describe("codes that are asked for", () => {
  test.each(["printed", "app"] as const)("%s: one a number, in the same order", async (kind) => {
    const asked = [...NUMBERS].reverse();
    const tokens = await tokensOf(kind, ...asked);
    expect(tokens.map((token) => partsOf(token))).toMatchObject(
      asked.map((cardNumber) => ({ kind, cardNumber })),
    );
  });

  test("as many as one request takes, and no more", async () => {
    const many = (count: number) => Array.from({ length: count }, () => NUMBERS[0] ?? "");
    expect(await tokensOf("printed", ...many(500))).toHaveLength(500);
    const { status, body } = await ask({ kind: "printed", cardNumbers: many(501) });
    expect([status, body["code"]]).toEqual([400, "FORMAT_ERROR"]);
  });

  test.each([
    ["no number", { cardNumbers: [] }],
    ["a wrong check digit", { cardNumbers: [...NUMBERS, "9150000000000019"] }],
    ["a short number", { cardNumbers: ["915"] }],
    ["a number that is none", { cardNumbers: [915_000_000] }],
    ["an unknown kind", { kind: "embossed" }],
    ["an issue time", { issuedAtSeconds: 1 }],
  ])("%s is refused, and no number is repeated", async (_what, wrong) => {
    const { status, body } = await ask({ kind: "printed", cardNumbers: NUMBERS, ...wrong });
    expect([status, body["code"]]).toEqual([400, "FORMAT_ERROR"]);
    expect(JSON.stringify(body)).not.toContain("915");
  });

  test("are for the operator and the Région", async () => {
    const asked = { kind: "printed", cardNumbers: NUMBERS };
    expect(await ask(asked, await running.as("region"))).toMatchObject({ status: 200 });
    expect(await ask(asked, await running.as("lycee"))).toMatchObject({
      status: 403,
      body: { code: "NOT_ALLOWED" },
    });
  });

  test("stand in the trail and the log by kind, count and key, never by number", async () => {
    const { body } = await ask({ kind: "app", cardNumbers: NUMBERS });
    const rows = await collected(driver.events({ subject: "app" }));
    expect(rows.at(-1)).toMatchObject({
      type: "qr.issued",
      agentId: "operator-1",
      role: "operator",
      subject: "app",
      outcome: "applied",
      notes: ["count 3", `key ${body["keyId"]}`],
    });
    const kept = JSON.stringify([rows, logged]);
    expect(kept).toContain('\\"operation\\":\\"issueQrCodes\\"');
    for (const number of NUMBERS) expect(kept).not.toContain(number);
  });
});

describe("at a terminal", () => {
  test("a printed code pays again and again with the PIN, and is nothing without it", async () => {
    const { cardNumber } = await running.card();
    const [token = ""] = await tokensOf("printed", cardNumber);
    expect(await pay(token, cardNumber)).toBe("APPROVED");
    clock.advance(3_600_000);
    expect(await pay(token, cardNumber, "9073")).toBe("PIN_INCORRECT");
    expect(await pay(token, cardNumber)).toBe("APPROVED");
  });

  test("a code of the app is used up by the first attempt, be its PIN right or wrong", async () => {
    const { cardNumber } = await running.card();
    const [good = "", mistyped = ""] = await tokensOf("app", cardNumber, cardNumber);
    expect(await pay(good, cardNumber)).toBe("APPROVED");
    expect(await pay(good, cardNumber)).toBe("QR_INVALID");
    expect(await pay(mistyped, cardNumber, "9073")).toBe("PIN_INCORRECT");
    expect(await pay(mistyped, cardNumber)).toBe("QR_INVALID");
  });

  // Issued at the gateway's second: the part of a second that is dropped is why the last instants are a second apart.
  test.each([
    [60_000, "APPROVED"],
    [88_999, "APPROVED"],
    [90_000, "QR_INVALID"],
    [24 * 3_600_000, "QR_INVALID"],
    [-29_000, "APPROVED"],
    [-31_000, "QR_INVALID"],
  ])("a code of the app, %i ms of the gateway's clock after it was made: %s", async (ms, code) => {
    const { cardNumber } = await running.card();
    const [token = ""] = await tokensOf("app", cardNumber);
    const madeMs = clock.nowMs();
    clock.setNow(madeMs + ms);
    expect(await pay(token, cardNumber)).toBe(code);
    clock.setNow(madeMs);
  });
});
