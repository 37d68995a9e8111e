// Requests of any content at a running gateway over TLS: each is answered by a decision or a problem, none by a 500.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { createLogger } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AGENTS,
  connectionOf,
  issued,
  type OperatorsGateway,
  startOperatorsGateway,
} from "../operators/agents.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, type RawAnswer, raw } from "../support/raw-client.js";
import type { TestCard } from "../support/running-gateway.js";
import { damaged } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";
import { hostileBody } from "./support/json.js";

/** Stand for what only the running gateway knows, and are put in when a request is sent. */
const ID = "@id@";
const TAP = "@tap@";
const SALE = "@sale@";

const PIN_BLOCK = { ksn: "50415353000000000000000A", block: "C0FFEE00C0FFEE00C0FFEE00C0FFEE00" };
const GOODS = { avantage: "SPECTACLE", purchaseCents: 1 };
const CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n";
const COUNTED = { count: 1, value: 1 };
const TOTAL = {
  avantage: "SPECTACLE",
  unit: "EUR_CENT",
  sales: COUNTED,
  reversals: COUNTED,
  refunds: COUNTED,
};

type Posts = readonly (readonly [path: string, body: unknown])[];

const TERMINAL_POSTS: Posts = [
  ["/v1/authorizations", { id: ID, evidence: { type: "nfc", message: TAP }, ...GOODS }],
  [
    "/v1/authorizations",
    {
      id: ID,
      evidence: { type: "keyed", cardNumber: "9150000000000018", pinBlock: PIN_BLOCK },
      ...GOODS,
    },
  ],
  [
    "/v1/authorizations",
    {
      id: ID,
      evidence: { type: "qr", token: "PR1.P.1.9", pinBlock: PIN_BLOCK },
      capture: false,
      ...GOODS,
    },
  ],
  [
    "/v1/authorizations",
    {
      id: ID,
      evidence: { type: "proofRef", proofRef: "abcdefghijklmnopqrstuv", pinBlock: PIN_BLOCK },
      stepUpOf: SALE,
      ...GOODS,
    },
  ],
  ["/v1/inquiries", { id: ID, evidence: { type: "nfc", message: TAP } }],
  [`/v1/authorizations/${SALE}/reversal`, { reason: "manual" }],
  [`/v1/authorizations/${ID}/reversal`, { reason: "automatic" }],
  [`/v1/authorizations/${SALE}/capture`, { amountCents: 1 }],
  [`/v1/authorizations/${SALE}/refunds`, { id: ID, amountCents: 1 }],
  ["/v1/reconciliations", { day: "2023-03-20", totals: [TOTAL], page: 0 }],
  ["/v1/terminals/enrolments", { secret: "0123456789ABCDEF", csr: CSR }],
  ["/v1/terminal/renewal", { csr: CSR }],
  ["/v1/terminal/renewal/confirmation", {}],
];

/** The examples of docs/OPERATORS.md: one of every event. */
const EVENTS: readonly object[] = (
  /```json\n(.*?)```/s.exec(
    readFileSync(new URL("../../docs/OPERATORS.md", import.meta.url), "utf8"),
  )?.[1] ?? ""
)
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

const OPERATOR_POSTS: Posts = [
  ...EVENTS.map((event) => ["/v1/events", event] as const),
  ["/v1/qr-codes", { kind: "app", cardNumbers: ["9150000000000018"] }],
  ["/v1/beneficiaries/D-1/account", { birthDay: "2007-03-29" }],
  ["/v1/terminals/T-NEW/activation-codes", { pointOfSale: "POS-1", validMinutes: 60 }],
  ["/v1/settlements", { lastDay: "2023-03-19" }],
  [`/v1/terminals/T-1/authorizations/${SALE}/refunds`, { id: ID, amountCents: 1 }],
];

const LOGIN = { dossier: "D-1", password: "une phrase que personne ne devine" };
const HOLDER_POSTS: Posts = [
  ["/v1/account/opening", { ...LOGIN, openingCode: "0123-4567-89AB-CDEF" }],
  ["/v1/account/pin-state", LOGIN],
  ["/v1/account/pin", { ...LOGIN, pin: "4821" }],
];

const contentType = fc.oneof(
  { arbitrary: fc.constant("application/json"), weight: 12 },
  {
    arbitrary: fc.constantFrom(
      ...[
        "",
        "text/plain",
        "application/json; charset=utf-16",
        'application/json; charset="',
        "application/xml",
      ],
      ...[
        "application/x-ndjson",
        "multipart/form-data",
        "*/*",
        "application/json;;",
        "application/JSON",
      ],
    ),
    weight: 1,
  },
);
/** In the place of an id in a path. */
const pathPart = fc.constantFrom(
  "%00",
  "%ff",
  "..%2f..",
  "%",
  "__proto__",
  "x".repeat(3_000),
  "%F0%9F",
);

interface Post {
  readonly path: string;
  readonly body: Buffer;
  readonly type: string;
}

function postsOf(posts: Posts): fc.Arbitrary<Post> {
  const one = ([path, body]: Posts[number]) =>
    fc.record({
      path: fc.oneof(
        { arbitrary: fc.constant(path), weight: 9 },
        { arbitrary: pathPart.map((part) => path.replace(/@\w+@|T-1|D-1/, part)), weight: 1 },
      ),
      body: hostileBody(body),
      type: contentType,
    });
  return fc.oneof(...posts.map(one));
}

let running: OperatorsGateway;
let card: TestCard;
let saleId: string;
let agents: {
  readonly terminal: HttpsAgent;
  readonly operator: HttpsAgent;
  readonly holder: HttpsAgent;
};
const logged: string[] = [];
/** Of pino: what somebody must look at. */
const ERROR_LEVEL = 50;

const newId = () => uuidV7(Date.now(), randomBytes(10));
const tap = () => nfcEvidence(running.gateway, card).message;

beforeAll(async () => {
  running = await startOperatorsGateway({
    limits: null,
    holderRequestsPerMinute: 1_000_000,
    log: createLogger({ destination: { write: (line: string) => void logged.push(line) } }),
  });
  card = await running.card();
  const credentials = await running.terminal("T-1");
  agents = {
    terminal: agentFor(credentials),
    operator: connectionOf(await issued(running.gateway, AGENTS.operator)),
    holder: new HttpsAgent({ ca: credentials.ca, keepAlive: true }),
  };
  saleId = await aGoodSale();
});

afterAll(async () => {
  const { faults } = await running.gateway.operator.verify();
  for (const agent of Object.values(agents)) agent.destroy();
  await running.stop();
  expect(faults).toEqual([]);
});

/** Shows that the gateway is alive, and what it stored still good. */
async function aGoodSale(): Promise<string> {
  const id = newId();
  const evidence = { type: "nfc", message: tap() };
  const body = JSON.stringify({ id, evidence, ...GOODS, avantage: "LIVRES_LOISIR" });
  const url = `${running.gateway.url}/v1/authorizations`;
  const answer = await raw({ agent: agents.terminal, url, body });
  expect(JSON.parse(answer.text)).toMatchObject({ outcome: "approved" });
  return id;
}

function filledIn(text: Buffer): Buffer {
  if (!text.includes("@")) return text;
  // latin1 keeps every byte as it is.
  const filled = text
    .toString("latin1")
    .replaceAll(ID, newId)
    .replaceAll(TAP, tap)
    .replaceAll(SALE, saleId);
  return Buffer.from(filled, "latin1");
}

async function send(
  to: { agent: HttpsAgent; url: string },
  { path, body, type }: Post,
): Promise<RawAnswer> {
  return raw({
    agent: to.agent,
    url: to.url + path.replaceAll(ID, newId).replaceAll(SALE, saleId),
    headers: { "content-type": type },
    body: filledIn(body),
  });
}

function expectAnswered({ status, headers, text }: RawAnswer): void {
  expect(status, text).toBeLessThan(500);
  const answer: unknown = JSON.parse(text);
  expect(answer).toBeTypeOf("object");
  if (status === 200) return;
  expect(headers["content-type"]).toContain("application/problem+json");
  expect(answer).toMatchObject({
    status,
    code: expect.stringMatching(/^[A-Z_]+$/),
    detail: expect.any(String),
  });
  expect(Object.getPrototypeOf({})).not.toHaveProperty("polluted");
}

/** Nothing of what came since was a bug to the gateway. */
function expectNoBugLogged(): void {
  const errors = logged.splice(0).filter((line) => JSON.parse(line).level >= ERROR_LEVEL);
  expect(errors).toEqual([]);
}

fuzz("at the terminals' listener", { usual: 400, cases: postsOf(TERMINAL_POSTS) }, async (post) => {
  expectAnswered(await send({ agent: agents.terminal, url: running.gateway.url }, post));
  expectNoBugLogged();
});

fuzz("at the operators' listener", { usual: 300, cases: postsOf(OPERATOR_POSTS) }, async (post) => {
  expectAnswered(await send({ agent: agents.operator, url: running.gateway.operatorUrl }, post));
  expectNoBugLogged();
});

const lines = fc
  .array(fc.oneof(...EVENTS.map((event) => hostileBody(event))), { maxLength: 6 })
  .map((made) => Buffer.concat(made.flatMap((line) => [line, Buffer.from("\n")])));

fuzz(
  "lines of events at the operators' listener: each that is not blank has one answer",
  {
    usual: 60,
    cases: fc.oneof(
      lines,
      damaged(lines).map((bytes) => Buffer.from(bytes)),
    ),
  },
  async (body) => {
    const post = { path: "/v1/events/batch", body, type: "application/x-ndjson" };
    const { status, text } = await send(
      { agent: agents.operator, url: running.gateway.operatorUrl },
      post,
    );
    expect(status).toBe(200);
    const answers = text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    for (const answer of answers) {
      expect(answer.line).toBeGreaterThan(0);
      expect(answer.code ?? answer.outcome).not.toBe("SYSTEM_ERROR");
    }
    expect(new Set(answers.map(({ line }) => line)).size).toBe(answers.length);
    expectNoBugLogged();
  },
);

fuzz("at the holders' listener", { usual: 120, cases: postsOf(HOLDER_POSTS) }, async (post) => {
  const answer = await send({ agent: agents.holder, url: running.gateway.holderUrl }, post);
  expectAnswered(answer);
  expectNoBugLogged();
});

test("a path that is no UTF-8 is its sender's fault at every listener, and no bug in the log", async () => {
  const { url, operatorUrl } = running.gateway;
  const body = Buffer.from("{}");
  const type = "application/json";
  const atTerminals = { path: "/v1/authorizations/%ff/capture", body, type };
  const atOperators = { path: "/v1/beneficiaries/%ff/account", body, type };
  for (const answer of [
    await send({ agent: agents.terminal, url }, atTerminals),
    await send({ agent: agents.operator, url: operatorUrl }, atOperators),
  ]) {
    expect(answer.status).toBe(400);
    expectAnswered(answer);
  }
  expectNoBugLogged();
});

test("and a good sale goes through after all that", async () => {
  await aGoodSale();
});
