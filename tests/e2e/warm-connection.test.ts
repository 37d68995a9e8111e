// A till's connection at a real gateway over real TLS: it stands before the sale, comes back unasked, and resumes its session.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls, { type TLSSocket } from "node:tls";
import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { Terminal } from "@pass-tpe/terminal-sdk";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";

let folder: string;
let running: TestGateway;
let terminal: Terminal;
/** The SDK's connections, in the order in which it opened them. */
let opened: TLSSocket[];
let tellOpened: () => void;
let sell: () => ReturnType<Terminal["sell"]>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-warm-"));
  running = await startTestGateway();
  opened = [];
  tellOpened = () => undefined;
  const { connect } = tls;
  vi.spyOn(tls, "connect").mockImplementation(((options: tls.ConnectionOptions) => {
    const socket = connect(options);
    opened.push(socket);
    tellOpened();
    return socket;
  }) as typeof tls.connect);
  const { uid } = await running.card();
  const keys = running.gateway.operator.cardKeys(uid);
  const card = createVirtualCard({ profile: "sdm", uid, keys });
  const reader = simulatedReader();
  terminal = await Terminal.open({
    gateway: running.gateway.url,
    credentials: await running.terminal(),
    journal: join(folder, "journal"),
    readers: [reader],
    // The least that it can draw: it opens a lost connection again at once.
    random: (size) => randomBytes(size).fill(0, 0, 2),
  });
  // The card comes once the question that each sale begins with is answered, as it does in a hand.
  terminal.on("waitingForCard", () => void terminal.profile().then(() => reader.tap(card)));
  sell = () => terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await terminal.close();
  await running.stop();
  rmSync(folder, { recursive: true });
});

/** Breaks the connection that stands, and waits for the one that follows. */
async function breakLast(): Promise<TLSSocket> {
  const next = new Promise<void>((resolve) => {
    tellOpened = resolve;
  });
  opened.at(-1)?.destroy(new Error("the line is cut"));
  await next;
  const socket = opened.at(-1);
  if (socket === undefined) throw new Error("no connection was opened");
  await once(socket, "secureConnect");
  return socket;
}

it("stands before the first sale, and one serves all", async () => {
  expect(opened).toHaveLength(1);
  expect(await sell()).toMatchObject({ outcome: "approved" });
  expect(await sell()).toMatchObject({ outcome: "approved" });
  expect(opened).toHaveLength(1);
});

it("is opened again with its TLS session after it broke, and nothing is moved for it", async () => {
  expect(await sell()).toMatchObject({ outcome: "approved" });
  const socket = await breakLast();
  expect(socket.isSessionReused()).toBe(true);
  expect(await running.gateway.operator.verify()).toMatchObject({ attempts: 1, faults: [] });
  expect(await sell()).toMatchObject({ outcome: "approved" });
  expect(opened).toHaveLength(2);
});
