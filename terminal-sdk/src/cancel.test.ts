// A cancel at each step of a sale: it resolves with what became of the sale, and the next sale works.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "./client/journal.js";
import type { PinPad } from "./pin/pad.js";
import { deferred, HASTY, SALE, TerminalBench } from "./test-kit/bench.js";
import { approve, silence } from "./test-kit/fake-gateway.js";
import { FakeReader, TAP } from "./test-kit/fake-reader.js";
import { qrText } from "./test-kit/fixtures.js";
import { MemoryDisk } from "./test-kit/memory-disk.js";
import type { OpenedTerminal } from "./test-kit/open-terminal.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

const QR = { kind: "qr", text: qrText({ signedBy: "issuer" }) } as const;
const CANCELLED = { outcome: "declined", moneyMoved: "no", code: "SALE_CANCELLED" };
const PIN_BLOCK = {
  format: "ISO4",
  keySerial: "1234567890123456 00000001",
  block: "00".repeat(16),
};

/** A pad on which nobody types at first; the next holder does. */
function pinPad(): PinPad {
  let asked = 0;
  return {
    name: "pad",
    requestPin: ({ signal }) => {
      asked += 1;
      if (asked > 1) return Promise.resolve({ ok: true, pinBlock: PIN_BLOCK } as never);
      return new Promise((resolve) => {
        const giveUp = () => resolve({ ok: false, reason: "cancelled" });
        signal.addEventListener("abort", giveUp, { once: true });
      });
    },
    close: async () => undefined,
  };
}

/** The cancelled sale's result and the caller's own are one, the reader is at rest, and the next sale is made. */
async function expectUsable(made: OpenedTerminal, sale: Promise<unknown>, ended: unknown) {
  expect(await sale).toBe(ended);
  expect(made.reader.armed).toBe(false);
  bench.gateway.sales = [approve];
  expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
}

describe("cancel", () => {
  it("while the readers wait for a card", async () => {
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    await made.reader.whenArmed();
    const ended = await made.terminal.cancel();
    expect(ended).toMatchObject(CANCELLED);
    await expectUsable(made, sale, ended);
  });

  it("while a reader is reading drops what it presents later", async () => {
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    await made.reader.whenArmed();
    const cancelling = made.terminal.cancel();
    made.reader.present(TAP);
    const ended = await cancelling;
    expect(ended).toMatchObject(CANCELLED);
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
    await expectUsable(made, sale, ended);
  });

  it("while the holder types the code secret", async () => {
    const made = await bench.open({ pinPad: pinPad() });
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(QR);
    await made.seen("pinRequested");
    const ended = await made.terminal.cancel();
    expect(ended).toMatchObject(CANCELLED);
    await expectUsable(made, sale, ended);
  });

  it("while the journal syncs the attempt sends nothing", async () => {
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: "journal", disk }) });
    const { promise: syncing, resolve: syncs } = deferred<void>();
    const { promise: held, resolve: release } = deferred<void>();
    disk.onSync = () => {
      syncs();
      return held;
    };
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    await syncing;
    const cancelling = made.terminal.cancel();
    release();
    const ended = await cancelling;
    expect(ended).toMatchObject(CANCELLED);
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
    await expectUsable(made, sale, ended);
  });

  it("while the request is under way waits for what became of it: an approval", async () => {
    const { promise, resolve: arrived } = deferred<() => void>();
    bench.gateway.sales = [(received, response) => arrived(() => approve(received, response))];
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    const letThrough = await promise;
    const cancelling = made.terminal.cancel();
    letThrough();
    const ended = await cancelling;
    expect(ended).toMatchObject({ outcome: "approved", moneyMoved: "yes" });
    await expectUsable(made, sale, ended);
  });

  it("while no answer comes waits for what became of it: a doubt, which is reversed", async () => {
    bench.gateway.sales = [silence];
    const made = await bench.open({ deadlines: HASTY });
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    await made.seen("sending");
    const ended = await made.terminal.cancel();
    if (ended?.outcome !== "unknown") throw new Error("expected unknown");
    expect(await ended.resolved).toMatchObject({ outcome: "reversed" });
    await expectUsable(made, sale, ended);
  });

  it("while the journal syncs the answer keeps the approval", async () => {
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: "journal", disk }) });
    const { promise: held, resolve: release } = deferred<void>();
    const { promise: syncing, resolve: syncs } = deferred<void>();
    bench.gateway.sales = [
      (received, response) => {
        disk.onSync = () => {
          syncs();
          return held;
        };
        approve(received, response);
      },
    ];
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    await syncing;
    const cancelling = made.terminal.cancel();
    release();
    const ended = await cancelling;
    expect(ended).toMatchObject({ outcome: "approved", moneyMoved: "yes" });
    await expectUsable(made, sale, ended);
  });

  it("after the answer is null, and changes nothing", async () => {
    const made = await bench.open();
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
    expect(await made.terminal.cancel()).toBeNull();
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
  });

  it("of a sale for which no reader works leaves the reader to the next one", async () => {
    const reader = new FakeReader({ state: { status: "absent", reason: "unplugged" } });
    const { terminal } = await bench.open({ readers: [reader] });
    const sale = terminal.sell(SALE);
    const ended = await terminal.cancel();
    expect(ended).toMatchObject({ outcome: "declined", moneyMoved: "no" });
    expect(await sale).toBe(ended);
    reader.becomes({ status: "ready" });
    const next = terminal.sell(SALE);
    (await reader.whenArmed()).present(TAP);
    expect(await next).toMatchObject({ outcome: "approved" });
  });
});
