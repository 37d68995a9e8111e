// Many events in one request: good lines load, bad ones are told by number and reason, and memory stays small.

import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { Socket } from "node:net";
import type { AgentCredentials } from "@pass-tpe/gateway";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import {
  type AgentClient,
  connectionOf,
  type OperatorsGateway,
  startOperatorsGateway,
} from "./agents.js";
import { aPupil, issuedCard, ordered, validated } from "./events.js";

let running: OperatorsGateway;
let operator: AgentClient;
/** So many transactions cannot be begun. */
let commitsToLose = 0;

beforeAll(async () => {
  running = await startOperatorsGateway({
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      const driver = sqliteDriver(path);
      const begin = () => {
        if (commitsToLose === 0) return driver.begin();
        commitsToLose -= 1;
        throw new Error("busy");
      };
      return { ...driver, begin };
    },
  });
  operator = await running.as("operator");
});

afterAll(() => running.stop());

const asLines = (events: readonly object[]) => events.map((event) => JSON.stringify(event));

test("good lines load and bad ones are told by their number, whatever stands between them", async () => {
  const pupil = aPupil();
  const order = ordered(pupil);
  const { status, lines } = await operator.batch([
    ...asLines([order]),
    '{"id": broken',
    "",
    ...asLines([validated(pupil), order, { ...order, holder: "Sacha P." }]),
    "x".repeat(20_000),
    ...asLines([validated(aPupil()), issuedCard(pupil)]),
  ]);
  expect(status).toBe(200);
  expect(lines).toMatchObject([
    { line: 1, outcome: "applied" },
    { line: 2, code: "FORMAT_ERROR" },
    { line: 4, outcome: "applied" },
    { line: 5, outcome: "applied" },
    { line: 6, code: "DUPLICATE_CONFLICT" },
    { line: 7, code: "FORMAT_ERROR", detail: expect.stringContaining("longer than") },
    { line: 8, code: "UNKNOWN_SUBJECT" },
    { line: 9, outcome: "applied" },
  ]);
  expect(lines[1]).not.toHaveProperty("id");
  expect((await operator.get(`/v1/beneficiaries/${pupil.id}`)).body).toMatchObject({
    cards: [{ status: "ACTIVE" }],
  });
});

test("more lines than may wait at once all load, in their order", async () => {
  const pupils = Array.from({ length: 700 }, aPupil);
  const events = pupils.flatMap((pupil) => [ordered(pupil), validated(pupil)]);
  const { lines } = await operator.batch(asLines(events));
  expect(lines.map(({ line }) => line)).toEqual(events.map((_, index) => index + 1));
  expect(lines.filter(({ outcome }) => outcome !== "applied")).toEqual([]);
});

test("anything but lines of events is refused before it is read", async () => {
  expect(await operator.post("/v1/events/batch")).toMatchObject({ status: 415 });
});

/** A bulk request that stays open: lines are sent one at a time, answers read as they come. */
function openLoad(credentials: AgentCredentials): ClientRequest {
  const outgoing = request(`${running.gateway.operatorUrl}/v1/events/batch`, {
    method: "POST",
    agent: connectionOf(credentials),
    headers: { "content-type": "application/x-ndjson" },
  });
  outgoing.on("error", () => undefined);
  return outgoing;
}

test("a connection that has carried many loads is watched as an idle one, and by nobody twice", async () => {
  const timeouts: number[] = [];
  const setTimeout = Socket.prototype.setTimeout;
  const watched = vi.spyOn(Socket.prototype, "setTimeout").mockImplementation(function (
    this: Socket,
    ...args
  ) {
    if (String(this.localPort) === new URL(running.gateway.operatorUrl).port)
      timeouts.push(args[0]);
    return setTimeout.apply(this, args);
  });
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  for (let load = 0; load < 12; load += 1) {
    expect((await operator.batch(asLines([ordered(aPupil())]))).status).toBe(200);
  }
  watched.mockRestore();
  process.off("warning", onWarning);
  expect(timeouts.length).toBeGreaterThan(12);
  expect(timeouts.at(-1)).toBeGreaterThan(0);
  expect(warnings).toEqual([]);
});

test("a lost commit ends the load with a line that says so, and nothing after it is taken", async () => {
  const pupils = Array.from({ length: 300 }, aPupil);
  commitsToLose = 1;
  const { status, lines } = await operator.batch(asLines(pupils.map((pupil) => ordered(pupil))));
  expect(status).toBe(200);
  expect(lines.at(-1)).toMatchObject({ status: 503, code: "SYSTEM_ERROR" });
  expect(lines.at(-1)).not.toHaveProperty("line");
  const answered = lines.slice(0, -1);
  expect(answered.length).toBeLessThan(300);
  for (const { id } of pupils.slice(answered.length)) {
    expect((await operator.get(`/v1/beneficiaries/${id}`)).status).toBe(404);
  }
});

test("a line is answered while the next is still to come, and a revoked agent's load ends", async () => {
  const made = await operator.post("/v1/agents", { id: "bulk-1", role: "operator" });
  const { ca, certificate, privateKey } = made.body as Record<
    "ca" | "certificate" | "privateKey",
    string
  >;
  const outgoing = openLoad({ ca, certificate, privateKey });
  outgoing.write(`${JSON.stringify(ordered(aPupil()))}\n`);
  const [response]: IncomingMessage[] = await once(outgoing, "response");
  if (!response) throw new Error("no response");
  response.on("error", () => undefined);
  const { socket } = outgoing;
  const cut = new Promise((resolve) => socket?.once("close", resolve));
  const ended = new Promise((resolve) => response.once("close", resolve));
  const told: string[] = [];
  const answer = await new Promise((resolve) => {
    response.on("data", (chunk) => {
      told.push(String(chunk));
      resolve(chunk);
    });
  });
  expect(JSON.parse(String(answer))).toMatchObject({ line: 1, outcome: "applied" });
  await operator.post("/v1/agents/bulk-1/revocation");
  const late = aPupil();
  outgoing.write(`${JSON.stringify(ordered(late))}\n`);
  await Promise.all([ended, cut]);
  expect(JSON.parse(told.at(-1) ?? "")).toMatchObject({
    status: 403,
    code: "AGENT_NOT_AUTHORISED",
  });
  expect((await operator.get(`/v1/beneficiaries/${late.id}`)).status).toBe(404);
});
