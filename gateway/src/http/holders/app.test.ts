// How failures below are told to a young person, and that the log keeps what was sent to itself.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { HolderAccounts } from "../../core/holders.js";
import { createLogger, createMetrics } from "../observe.js";
import { createHoldersApp } from "./app.js";

const SECRET = "une phrase que personne ne devine";

/** Asks for the state of a PIN where all that is asked of the accounts fails in a way. */
async function askFailing(error: Error) {
  const lines: string[] = [];
  const fails = () => Promise.reject(error);
  const accounts: HolderAccounts = { open: fails, pinState: fails, setPin: fails };
  const app = createHoldersApp({
    accounts,
    clock: { monotonicMs: () => 0, nowMs: () => 0 },
    sharedLimits: undefined,
    log: createLogger({ destination: { write: (line) => void lines.push(line) } }),
    metrics: createMetrics(() => 0),
    requestsPerMinute: 10,
  });
  const server = createServer(app);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/account/pin-state`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ dossier: "D-1", password: SECRET }),
  }).catch(() => null);
  const body: unknown = answer && (await answer.json());
  return { status: answer?.status ?? null, body, log: lines.join("") };
}

/** An error as another part of the gateway throws it. */
const named = (name: string) => Object.assign(new Error("below"), { name });

it.each([
  ["BusyError", 429, "RATE_LIMITED", /Trop de demandes/],
  ["StoreBusyError", 429, "RATE_LIMITED", /Trop de demandes/],
  ["Error", 500, "SYSTEM_ERROR", /Réessaie plus tard/],
])("%s is told as %i", async (name, status, code, message) => {
  const told = await askFailing(named(name));
  expect(told).toMatchObject({
    status,
    body: { code, status, message: expect.stringMatching(message) },
  });
  expect(told.log).not.toContain(SECRET);
  expect(told.log).not.toContain("D-1");
  expect(told.log.includes("below")).toBe(status === 500);
});

it("says nothing at all where it is not known what is stored", async () => {
  const { status, log } = await askFailing(named("StoreStoppedError"));
  expect(status).toBeNull();
  expect(log).toContain("durability in doubt");
});
