// A whole till on the real PC/SC service, which is stopped, started, and given and denied its reader under it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createVirtualCard, startPcscd, type VirtualCard, vpcdReader } from "@pass-tpe/simulators";
import { pcscReader, type ReaderState } from "@pass-tpe/terminal-sdk";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { openTill, type TestTill } from "../support/till.js";

/** Declares the suite, which starts and stops services of its own. @param stopRunning stops the one that runs. */
export function describePcscHeals(stopRunning: () => Promise<void>): void {
  const vpcd = vpcdReader();
  let running: TestGateway;
  let chip: VirtualCard;
  let till: TestTill | null = null;
  let stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    await stopRunning();
    running = await startTestGateway();
    const card = await running.card({ grants: { SPECTACLE: 100_000 } });
    const keys = running.gateway.operator.cardKeys(card.uid);
    chip = createVirtualCard({ profile: "sdm", uid: card.uid, keys });
  });
  afterEach(async () => {
    await till?.close();
    await Promise.all(stops.map((stop) => stop()));
    stops = [];
  });
  afterAll(() => running.stop());

  const started = async <T extends { stop(): Promise<void> }>(service: Promise<T>): Promise<T> => {
    const one = await service;
    stops.push(() => one.stop());
    return one;
  };
  const sells = async (opened: TestTill): Promise<void> => {
    const sale = opened.terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 });
    await opened.next("waitingForCard");
    await vpcd.insert(chip);
    expect(await sale).toMatchObject({ outcome: "approved" });
    await vpcd.remove();
  };

  it("tells that the service is stopped, and sells again once it runs", async () => {
    const service = await started(startPcscd());
    till = await openTill(running, [pcscReader()]);
    await becomes(till, "ready");
    await sells(till);
    const gone = becomes(till, "absent");
    await service.stop();
    expect(await gone).toHaveProperty("reason", expect.stringContaining("pcscd"));
    expect(await till.terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 })).toMatchObject({
      outcome: "declined",
      code: "READER_UNAVAILABLE",
      detail: expect.stringContaining("pcscd"),
    });
    const back = becomes(till, "ready");
    await started(startPcscd());
    await back;
    await sells(till);
  }, 60_000);

  // This service takes up no virtual reader while it runs, and lets go of none: it is started with and without it.
  it("tells that no reader is plugged in, sells once one is, and tells that it is gone", async () => {
    const bare = await started(startBareService());
    till = await openTill(running, [pcscReader()]);
    await untilReason(till, "plug one in");
    const plugged = becomes(till, "ready");
    await bare.stop();
    const whole = await started(startPcscd());
    await plugged;
    await sells(till);
    const unplugged = untilReason(till, "plug one in");
    await whole.stop();
    await started(startBareService());
    await unplugged;
  }, 60_000);
}

/** The reader's state once it is this one, past or to come. */
async function becomes(till: TestTill, status: ReaderState["status"]): Promise<ReaderState> {
  const last = till.events.findLast((event) => event.type === "reader");
  if (last?.type === "reader" && last.state.status === status) return last.state;
  for (;;) {
    const { state } = await till.next("reader");
    if (state.status === status) return state;
  }
}

/** Resolves once the reader is absent for this reason. */
async function untilReason(till: TestTill, text: string): Promise<void> {
  for (;;) {
    const last = till.events.findLast((event) => event.type === "reader");
    if (last?.type === "reader" && last.state.status === "absent") {
      if (last.state.reason.includes(text)) return;
    }
    await till.next("reader");
  }
}

/** The service without any reader. */
async function startBareService(): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-readers-"));
  const child: ChildProcess = spawn("pcscd", ["--foreground", "--info", "--config", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error("pcscd ended")));
    if (child.stdout === null) throw new Error("pcscd was started without its output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (/daemon ready/.test(line)) resolve();
    });
  });
  return {
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
