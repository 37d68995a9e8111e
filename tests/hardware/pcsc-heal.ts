// A whole till on the real PC/SC service, which is stopped, started, and given and denied its reader under it.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createVirtualCard,
  type PcscService,
  startPcscd,
  startPcscdWith,
  type VirtualCard,
  VPCD_PORT,
  vpcdReader,
} from "@pass-tpe/simulators";
import { pcscReader, type ReaderState } from "@pass-tpe/terminal-sdk";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { openTill, type TestTill } from "../support/till.js";

/** Declares the suite, which starts and stops services of its own. @param stopRunning stops the one that runs. */
export function describePcscHeals(stopRunning: () => Promise<void>): void {
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
  const sells = async (opened: TestTill, service: PcscService): Promise<void> => {
    const vpcd = vpcdReader(service);
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
    await sells(till, service);
    const gone = becomes(till, "absent");
    await service.stop();
    expect(await gone).toHaveProperty("reason", expect.stringContaining("pcscd"));
    expect(await till.terminal.sell({ avantage: "SPECTACLE", purchaseCents: 100 })).toMatchObject({
      outcome: "declined",
      code: "READER_UNAVAILABLE",
      detail: expect.stringContaining("pcscd"),
    });
    const back = becomes(till, "ready");
    const again = await started(startPcscd());
    await back;
    await sells(till, again);
  }, 60_000);

  it("sells where another connection has the virtual reader's usual port", async () => {
    const other = createServer().listen(VPCD_PORT, "127.0.0.1");
    stops.push(async () => void other.close());
    await once(other, "listening");
    const service = await started(startPcscd());
    till = await openTill(running, [pcscReader()]);
    await becomes(till, "ready");
    await sells(till, service);
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
    await sells(till, whole);
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
  const service = await startPcscdWith(folder);
  return {
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
