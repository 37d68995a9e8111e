// Every state and every word on money that a till can be told comes about in a scenario; the types keep the tables whole.

import { createVirtualCard } from "@pass-tpe/simulators";
import {
  type CaptureResult,
  imageQrReader,
  type MoneyMoved,
  type ReaderState,
  type ReadRefusalCode,
  type RefundResult,
  type SaleResult,
  Terminal,
  type TerminalEvent,
  type TerminalEventData,
  type TerminalEventType,
  type TerminalStatus,
} from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TEST_PIN } from "../support/running-gateway.js";
import { tempFiles } from "../support/temp-folder.js";
import { latch } from "./fault-gate.js";
import { enrol } from "./pupils.js";
import { type Rig, startRig } from "./rig.js";
import { chipOf, type SdkOptions, type SdkTill } from "./sdk-till.js";
import { deadAddress } from "./terminal-rows.js";

const newFile = tempFiles();
let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };
/** A sale, a capture or a refund that gets no answer while the disk hangs. */
const SHORT: SdkOptions = { deadlines: { saleMs: 600, tryMs: 600, marginMs: 100 } };

const HOUR_MS = 3_600_000;

type Scenario<T> = () => Promise<T>;
const each = <K extends string, T>(table: Readonly<Record<K, T>>) =>
  Object.entries(table) as [K, T][];

async function withTill<T>(
  work: (till: SdkTill) => Promise<T>,
  options: SdkOptions = {},
): Promise<T> {
  const till = await rig.sdk(options);
  try {
    return await work(till);
  } finally {
    await till.close();
  }
}

const next = <E extends TerminalEventType>(terminal: Terminal, type: E) =>
  new Promise<TerminalEvent<E>>((resolve) => terminal.on(type, resolve));

async function sold(till: SdkTill, fields: object = {}): Promise<SaleResult> {
  const chip = chipOf(rig.gateway, await enrol(rig.gateway));
  till.whenAsked(() => till.reader.tap(chip));
  return till.terminal.sell({ ...SHOW, ...fields });
}

/** Does something while no commit ends; what it comes to is settled once the disk is back. */
async function whileDiskHangs<T extends object>(work: () => Promise<T>): Promise<T> {
  const disk = latch();
  rig.gate.beforeNextBegin(() => disk.opened);
  const result = await work();
  disk.open();
  if ("resolved" in result) await result.resolved;
  return result;
}

describe("a sale says that money moved:", () => {
  const SCENARIOS: Readonly<Record<SaleResult["moneyMoved"], Scenario<SaleResult>>> = {
    yes: () => withTill((till) => sold(till)),
    no: () => withTill((till) => sold(till, { purchaseCents: 0 })),
    unknown: () =>
      withTill(async (till) => {
        const chip = chipOf(rig.gateway, await enrol(rig.gateway));
        till.whenAsked(() => till.reader.tap(chip));
        return whileDiskHangs(() => till.terminal.sell(SHOW));
      }, SHORT),
  } satisfies Record<MoneyMoved, Scenario<SaleResult>>;

  test.each(each(SCENARIOS))("%s", async (moneyMoved, reach) => {
    expect(await reach()).toMatchObject({ moneyMoved });
  });
});

describe("a capture says that money moved:", () => {
  const held = async (till: SdkTill) => (await sold(till, { capture: false })).id ?? "";
  const SCENARIOS: Readonly<Record<MoneyMoved, Scenario<CaptureResult>>> = {
    yes: () => withTill(async (till) => till.terminal.capture(await held(till))),
    no: () =>
      withTill(async (till) => till.terminal.capture(await held(till), { amountCents: 501 })),
    unknown: () =>
      withTill(async (till) => {
        const id = await held(till);
        return whileDiskHangs(() => till.terminal.capture(id));
      }, SHORT),
  };

  test.each(each(SCENARIOS))("%s", async (moneyMoved, reach) => {
    expect(await reach()).toMatchObject({ moneyMoved });
  });
});

describe("a refund says that money moved:", () => {
  const saleOf = async (till: SdkTill) => (await sold(till)).id ?? "";
  const SCENARIOS: Readonly<Record<MoneyMoved, Scenario<RefundResult>>> = {
    yes: () => withTill(async (till) => till.terminal.refund({ of: await saleOf(till) })),
    no: () => withTill((till) => till.terminal.refund({ of: rig.till.newId() })),
    unknown: () =>
      withTill(async (till) => {
        const of = await saleOf(till);
        return whileDiskHangs(() => till.terminal.refund({ of }));
      }, SHORT),
  };

  test.each(each(SCENARIOS))("%s", async (moneyMoved, reach) => {
    expect(await reach()).toMatchObject({ moneyMoved });
  });
});

describe("a presentation is refused as", () => {
  const torn = async () => {
    const { uid } = await enrol(rig.gateway);
    const keys = rig.gateway.operator.cardKeys(uid);
    return createVirtualCard({ profile: "sdm", uid, keys, removeAfterApdus: 2 });
  };
  const PRESENT: Readonly<Record<ReadRefusalCode, (till: SdkTill) => Promise<void>>> = {
    CARD_UNREADABLE: async ({ reader }) => reader.tap(await torn()),
    NOT_A_PASS_CARD: async ({ reader }) =>
      reader.tap(createVirtualCard({ profile: "wrongApplication" })),
    QR_INVALID: async ({ reader }) => reader.scan("https://example.org/loyalty/4711"),
  };

  test.each(each(PRESENT))("%s, and the reader takes the next card", async (code, present) => {
    await withTill(async (till) => {
      const asked = next(till.terminal, "waitingForCard");
      const refused = next(till.terminal, "readRefused");
      const sale = till.terminal.sell(SHOW);
      await asked;
      await present(till);
      expect(await refused).toMatchObject({ code, reader: till.reader.name });
      till.reader.tap(chipOf(rig.gateway, await enrol(rig.gateway)));
      expect(await sale).toMatchObject({ outcome: "approved" });
    });
  });
});

describe("a reader is told of as", () => {
  const untilStatus = (terminal: Terminal, status: ReaderState["status"]) =>
    new Promise<ReaderState>((resolve) =>
      terminal.on("reader", ({ state }) => {
        if (state.status === status) resolve(state);
      }),
    );
  const SCENARIOS: Readonly<Record<ReaderState["status"], Scenario<ReaderState>>> = {
    ready: () =>
      withTill(async ({ terminal, reader }) => {
        const absent = untilStatus(terminal, "absent");
        reader.unplug();
        await absent;
        const ready = untilStatus(terminal, "ready");
        reader.plug();
        return ready;
      }),
    absent: () =>
      withTill(async ({ terminal, reader }) => {
        const absent = untilStatus(terminal, "absent");
        reader.unplug();
        return absent;
      }),
    failed: async () => {
      const shapeless = { luminance: new Uint8Array(3), width: 640, height: 480 };
      const terminal = await Terminal.open({
        gateway: rig.gateway.url,
        credentials: rig.till.credentials,
        journal: newFile("journal"),
        readers: [imageQrReader({ frames: [shapeless] })],
        pinPad: {
          name: "unused",
          requestPin: async () => ({ ok: false, reason: "cancelled" }),
          close: async () => undefined,
        },
      });
      const failed = untilStatus(terminal, "failed");
      const sale = terminal.sell(SHOW);
      const state = await failed;
      await terminal.cancel();
      await sale;
      await terminal.close();
      return state;
    },
  };

  test.each(each(SCENARIOS))("%s, and why where it cannot read", async (status, reach) => {
    const state = await reach();
    expect(state.status).toBe(status);
    if (state.status !== "ready") expect(state.reason).not.toBe("");
  });
});

describe("the connection is told of as", () => {
  type State = TerminalEventData["connection"]["state"];
  const told = async ({ events }: SdkTill) => events.findLast(({ type }) => type === "connection");
  const SCENARIOS: Readonly<Record<State, Scenario<TerminalEvent | undefined>>> = {
    online: () => withTill(told),
    degraded: () =>
      withTill(async (till) => {
        const chip = chipOf(rig.gateway, await enrol(rig.gateway));
        till.whenAsked(() => till.reader.tap(chip));
        await rig.whileClockIsOff(HOUR_MS, () => till.terminal.sell(SHOW));
        return told(till);
      }, SHORT),
    offline: async () => withTill(told, { gateway: await deadAddress() }),
  };

  test.each(each(SCENARIOS))("%s, with the reason", async (state, reach) => {
    expect(await reach()).toMatchObject({ state, reason: expect.stringMatching(/./) });
  });
});

test("the terminal is told of in each of its states, in their order", async () => {
  const ALL: Readonly<Record<TerminalStatus, true>> = {
    idle: true,
    waitingForCard: true,
    waitingForPin: true,
    sending: true,
    closing: true,
    closed: true,
  };
  const till = await rig.sdk();
  const { cardNumber } = await enrol(rig.gateway);
  const code = rig.gateway.operator.qrToken({ kind: "printed", cardNumber });
  till.whenAsked(() => till.reader.scan(code));
  till.typed.push(TEST_PIN);
  expect(await till.terminal.sell(SHOW)).toMatchObject({ outcome: "approved" });
  await till.close();
  const told = till.events.flatMap((event) => (event.type === "status" ? event.status : []));
  const [first, ...rest] = Object.keys(ALL);
  expect(told).toEqual([first, ...rest.slice(0, 3), "idle", ...rest.slice(3)]);
});
