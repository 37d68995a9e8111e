// What is answered ahead of Express is answered as Express answers it: the same status, headers and body, byte for byte.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { uuidV7 } from "@pass-tpe/protocol";
import { Terminal } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerAhead } from "../../gateway/src/http/terminals/ahead.js";
import type { Answering } from "../../gateway/src/http/terminals/answering.js";
import { problemOf } from "../../gateway/src/http/terminals/problems.js";
import { ROUTES } from "../../gateway/src/http/terminals/routes.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, type RawRequest, raw } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";

/** Says the same as without it, and is read by Express. */
const BY_EXPRESS = { "content-type": "application/json; charset=utf-8" };

let running: TestGateway;
let card: TestCard;
let agent: ReturnType<typeof agentFor>;
let stranger: ReturnType<typeof agentFor>;

beforeAll(async () => {
  running = await startTestGateway({ bodyTimeoutMs: 150 });
  const credentials = await running.terminal();
  agent = agentFor(credentials);
  stranger = agentFor(credentials, false);
  card = await running.card();
});

afterAll(async () => {
  agent.destroy();
  stranger.destroy();
  await running.stop();
});

const newId = () => uuidV7(Date.now(), randomBytes(10));
const urlOf = (path: string) => `${running.gateway.url}${path}`;

function sale(): { id: string; body: string } {
  const id = newId();
  const evidence = nfcEvidence(running.gateway, card);
  return { id, body: JSON.stringify({ id, evidence, avantage: "SPECTACLE", purchaseCents: 100 }) };
}

/** What must be equal: not the date, and not how long a decision took. */
function comparable({ status, headers, text }: Awaited<ReturnType<typeof raw>>) {
  const { date: _date, "server-timing": timing, ...rest } = headers;
  return { status, headers: { ...rest, isTimed: timing !== undefined }, text };
}

async function bothWays(request: Partial<RawRequest> & { path: string }) {
  const { path, ...rest } = request;
  const ahead = await raw({ agent, url: urlOf(path), ...rest });
  const byExpress = await raw({ agent, url: urlOf(path), ...rest, headers: BY_EXPRESS });
  return { ahead: comparable(ahead), byExpress: comparable(byExpress) };
}

describe("what is answered ahead of Express", () => {
  it("gives a repeated sale its stored answer", async () => {
    const { body } = sale();
    await raw({ agent, url: urlOf("/v1/authorizations"), body });
    const { ahead, byExpress } = await bothWays({ path: "/v1/authorizations", body });
    expect(ahead.status).toBe(200);
    expect(ahead).toEqual(byExpress);
  });

  it.each([
    ["a wrong field", () => ({ path: "/v1/authorizations", body: '{"tip":1}' })],
    ["no JSON", () => ({ path: "/v1/authorizations", body: "{" })],
    ["a number", () => ({ path: "/v1/inquiries", body: "7" })],
    ["a list", () => ({ path: "/v1/authorizations", body: "[]" })],
    ["a slow body", () => ({ path: "/v1/authorizations", stallAfter: '{"id":' })],
    [
      "a reversal of what is not there",
      () => ({ path: `/v1/authorizations/${newId()}/reversal`, body: '{"reason":"manual"}' }),
    ],
    [
      "a capture of what is not there",
      () => ({ path: `/v1/authorizations/${newId()}/capture`, body: "{}" }),
    ],
    [
      "a path whose id is none",
      () => ({
        path: "/v1/authorizations/0190163d-8694-139b-aea5-966c26f8ad91/capture",
        body: "{}",
      }),
    ],
  ])("refuses %s in the same words", async (_what, make) => {
    const { ahead, byExpress } = await bothWays(make());
    expect(ahead.status).toBeGreaterThanOrEqual(400);
    expect(ahead).toEqual(byExpress);
  });

  it("reads a body behind a byte order mark", async () => {
    const { body } = sale();
    const { ahead, byExpress } = await bothWays({
      path: "/v1/authorizations",
      body: `\uFEFF${body}`,
    });
    expect(ahead.status).toBe(200);
    expect(ahead.text).toBe(byExpress.text);
  });

  it("refuses whoever shows no certificate, in the same words", async () => {
    const { body } = sale();
    const url = urlOf("/v1/authorizations");
    const ahead = await raw({ agent: stranger, url, body });
    const byExpress = await raw({ agent: stranger, url, body, headers: BY_EXPRESS });
    expect(ahead.status).toBe(401);
    expect(comparable(ahead)).toEqual(comparable(byExpress));
  });

  it("leaves queries, other methods and other spellings of a path to Express", async () => {
    const answers = await Promise.all(
      ["/v1/terminal?x=1", "/V1/terminal", "/v1/terminal/"].map((path) =>
        raw({ agent, url: urlOf(path), method: "GET" }),
      ),
    );
    const plain = await raw({ agent, url: urlOf("/v1/terminal"), method: "GET" });
    for (const { status, text } of [plain, ...answers]) {
      const { serverTimeMs, ...profile } = JSON.parse(text);
      const { serverTimeMs: _now, ...known } = JSON.parse(plain.text);
      expect({ status, profile }).toEqual({ status: 200, profile: known });
      expect(serverTimeMs).toBeTypeOf("number");
    }
  });
});

/** Tells who would answer a request: the lane ahead refuses everybody here, because nobody shows a certificate. */
function whoAnswers(request: Pick<IncomingMessage, "method" | "url" | "headers">): Promise<string> {
  return new Promise((resolve) => {
    const listener = answerAhead(
      () => resolve("Express"),
      { readCertificate: () => null, store: {} } as unknown as Answering,
      () => resolve("ahead"),
    );
    listener(request as IncomingMessage, {} as never);
  });
}

const JSON_OF_TWO_BYTES = { "content-type": "application/json", "content-length": "2" };
const ID = "0190163d-8694-739b-aea5-966c26f8ad91";

describe("ahead of Express", () => {
  it("every request of the SDK is answered, whatever it is about", async () => {
    const seen: { readonly url: string; readonly by: string }[] = [];
    const server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      void whoAnswers({ method, url, headers }).then((by) => {
        seen.push({ url, by });
        response.writeHead(503, { "content-type": "application/problem+json" });
        response.end(
          JSON.stringify(problemOf({ code: "MAINTENANCE", detail: "as the test says" })),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const terminal = await Terminal.open({
      gateway: `http://127.0.0.1:${port}`,
      journal: join(running.dataFolder, "journal-of-ahead"),
      readers: [],
      deadlines: { saleMs: 800, marginMs: 100 },
    });
    // Nothing is decided here: that each is sent is enough.
    await Promise.allSettled([
      terminal.status(ID),
      terminal.reverse(ID),
      terminal.capture(ID),
      terminal.refund({ of: ID }),
      terminal.reconcile(),
    ]);
    await terminal.close();
    server.closeAllConnections();
    server.close();
    const paths = new Set(seen.map(({ url }) => url.replace(ID, "{id}")));
    expect(paths).toEqual(
      new Set([
        "/v1/terminal",
        "/v1/authorizations/{id}",
        "/v1/authorizations/{id}/reversal",
        "/v1/authorizations/{id}/capture",
        "/v1/authorizations/{id}/refunds",
        "/v1/reconciliations",
      ]),
    );
    expect(seen.filter(({ by }) => by !== "ahead")).toEqual([]);
  });

  it.each(
    ROUTES.filter(({ caller, operation }) => caller === "terminal" && operation !== "renew").map(
      ({ method, path }) => [method.toUpperCase(), path] as const,
    ),
  )("%s %s is answered", async (method, path) => {
    const headers = method === "POST" ? JSON_OF_TWO_BYTES : {};
    expect(await whoAnswers({ method, url: path.replace(":id", ID), headers })).toBe("ahead");
  });

  it.each([
    [
      "another charset",
      { ...JSON_OF_TWO_BYTES, "content-type": "application/json; charset=latin1" },
    ],
    ["another type", { ...JSON_OF_TWO_BYTES, "content-type": "text/xml" }],
    ["an encoding", { ...JSON_OF_TWO_BYTES, "content-encoding": "gzip" }],
    ["chunks", { "content-type": "application/json", "transfer-encoding": "chunked" }],
    ["no body", { "content-type": "application/json", "content-length": "0" }],
    ["no length that is one", { ...JSON_OF_TWO_BYTES, "content-length": "2, 2" }],
    ["too much", { ...JSON_OF_TWO_BYTES, "content-length": "16385" }],
  ])("a sale with %s is not", async (_what, headers) => {
    expect(await whoAnswers({ method: "POST", url: "/v1/authorizations", headers })).toBe(
      "Express",
    );
  });

  it.each([
    ["POST", "/v1/terminal/renewal"],
    ["POST", "/v1/terminals/enrolments"],
    ["POST", "/v1/authorizations/"],
    ["POST", "/v1/authorizations?x=1"],
    ["POST", `/v1/authorizations/${ID}/void`],
    ["POST", "/v1/authorizations/%30190163d/capture"],
    ["GET", "/openapi.json"],
    ["DELETE", "/v1/terminal"],
    ["HEAD", "/v1/terminal"],
  ])("%s %s is not", async (method, url) => {
    const headers = method === "POST" ? JSON_OF_TWO_BYTES : {};
    expect(await whoAnswers({ method, url, headers })).toBe("Express");
  });
});
