import { describe, expect, it } from "vitest";
import { EventHub, type TerminalEvent } from "../events.js";
import { FakeReader, TAP } from "../test-kit/fake-reader.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { READERS_BACK_MS, ReaderBank, type Refusal } from "./reader-bank.js";

async function bankOf(readers: FakeReader[], accept: () => Refusal | null = () => null) {
  const clock = new ManualClock();
  const hub = new EventHub({ clock });
  const events: TerminalEvent[] = [];
  hub.on("*", (event) => events.push(event));
  const bank = await ReaderBank.open({ readers, clock, hub });
  const cancelling = new AbortController();
  let armings = 0;
  const armed = () => {
    armings += 1;
  };
  const wait = (signal = cancelling.signal) =>
    bank.wait({ timeoutMs: 60_000, signal, accept, armed });
  const count = (type: TerminalEvent["type"]) =>
    events.filter((event) => event.type === type).length;
  const cancel = () => cancelling.abort();
  return { clock, hub, events, count, wait, cancel, armings: () => armings };
}

function brokenReader(): FakeReader {
  const reader = new FakeReader({ name: "broken" });
  reader.arm = () => {
    throw new Error("the cable is loose");
  };
  return reader;
}

describe("the readers together", () => {
  it("take a card that already lies on one of them, and arm no other", async () => {
    const [first, second] = [new FakeReader(), new FakeReader()];
    const arm = first.arm.bind(first);
    first.arm = () => {
      arm();
      first.present(TAP);
    };
    const { wait } = await bankOf([first, second]);
    expect(await wait()).toMatchObject({ kind: "presented", presented: TAP });
    expect([first.armed, second.armed]).toEqual([false, false]);
  });

  it("wait on when one of two goes away", async () => {
    const [first, second] = [new FakeReader(), new FakeReader()];
    const { clock, wait } = await bankOf([first, second]);
    const waiting = wait();
    first.becomes({ status: "absent", reason: "unplugged" });
    clock.advance(READERS_BACK_MS);
    second.present(TAP);
    expect(await waiting).toMatchObject({ kind: "presented" });
  });

  it("give up soon when the last one has gone, and say why", async () => {
    const reader = new FakeReader({ name: "pcsc" });
    const { clock, wait } = await bankOf([reader]);
    const waiting = wait();
    reader.becomes({ status: "absent", reason: "unplugged" });
    clock.advance(READERS_BACK_MS);
    expect(await waiting).toEqual({ kind: "noReader", detail: "pcsc: unplugged" });
  });

  it("wait on when the last one comes back at once", async () => {
    const reader = new FakeReader();
    const { clock, wait } = await bankOf([reader]);
    const waiting = wait();
    reader.becomes({ status: "absent", reason: "unplugged" });
    clock.advance(READERS_BACK_MS - 1);
    reader.becomes({ status: "ready" });
    clock.advance(READERS_BACK_MS);
    reader.present(TAP);
    expect(await waiting).toMatchObject({ kind: "presented" });
  });

  it("are not said to wait where none can read", async () => {
    const absent = new FakeReader({ name: "qr", state: { status: "absent", reason: "unplugged" } });
    const { wait, armings } = await bankOf([absent]);
    expect(await wait()).toEqual({ kind: "noReader", detail: "qr: unplugged" });
    expect(armings()).toBe(0);
    expect(absent.armed).toBe(false);
  });

  it("wait on with the others where one cannot be armed, and say so", async () => {
    const good = new FakeReader();
    const { events, wait } = await bankOf([brokenReader(), good]);
    const waiting = wait();
    good.present(TAP);
    expect(await waiting).toMatchObject({ kind: "presented" });
    expect(events.at(-1)).toMatchObject({
      type: "reader",
      reader: "broken",
      state: { status: "failed", reason: "the cable is loose" },
    });
  });

  it("give up soon when the only one cannot be armed again after a refusal", async () => {
    const reader = new FakeReader({ name: "qr" });
    const { clock, wait } = await bankOf([reader], () => ({ code: "QR_INVALID", detail: "" }));
    const waiting = wait();
    reader.arm = brokenReader().arm;
    reader.present({ kind: "qr", text: "MENU" });
    clock.advance(READERS_BACK_MS);
    expect(await waiting).toEqual({ kind: "noReader", detail: "qr: the cable is loose" });
  });

  it("leave the next wait alone where the till cancels as it hears that one cannot be armed", async () => {
    const reader = new FakeReader();
    let refusal: Refusal | null = { code: "QR_INVALID", detail: "" };
    const { clock, hub, wait, cancel } = await bankOf([reader], () => refusal);
    const waiting = wait();
    const { arm } = reader;
    reader.arm = brokenReader().arm;
    hub.on("reader", cancel);
    reader.present({ kind: "qr", text: "MENU" });
    expect(await waiting).toEqual({ kind: "cancelled" });
    reader.arm = arm;
    refusal = null;
    const next = wait(new AbortController().signal);
    clock.advance(READERS_BACK_MS);
    reader.present(TAP);
    expect(await next).toMatchObject({ kind: "presented" });
  });

  it("are none where the only one cannot be armed", async () => {
    const { wait } = await bankOf([brokenReader()]);
    expect(await wait()).toEqual({ kind: "noReader", detail: "broken: the cable is loose" });
  });

  it("take back one that can be armed again", async () => {
    const reader = brokenReader();
    const { events, wait } = await bankOf([reader]);
    await wait();
    reader.arm = () => undefined;
    const waiting = wait();
    expect(events.at(-1)).toMatchObject({ type: "reader", state: { status: "ready" } });
    reader.present(TAP);
    expect(await waiting).toMatchObject({ kind: "presented" });
  });

  it("refuse a code that is held before the camera once in a wait", async () => {
    const reader = new FakeReader();
    const refusal = { code: "QR_INVALID", detail: "not ours" } as const;
    const { clock, count, wait } = await bankOf([reader], () => refusal);
    const waiting = wait();
    for (let picture = 0; picture < 3; picture += 1) reader.present({ kind: "qr", text: "MENU" });
    expect(count("readRefused")).toBe(1);
    reader.present({ kind: "qr", text: "OTHER" });
    reader.present({ kind: "qr", text: "MENU" });
    expect(count("readRefused")).toBe(2);
    expect(reader.armed).toBe(true);
    clock.advance(60_000);
    await waiting;
    void wait();
    reader.present({ kind: "qr", text: "MENU" });
    expect(count("readRefused")).toBe(3);
  });

  it("ask for a card to be taken away that was left lying, after they are armed", async () => {
    const reader = new FakeReader();
    const arm = reader.arm.bind(reader);
    reader.arm = () => {
      arm();
      reader.sayCardLeft();
    };
    const { events, wait, armings } = await bankOf([reader]);
    const waiting = wait();
    expect(armings()).toBe(1);
    await Promise.resolve();
    expect(events.at(-1)).toMatchObject({
      type: "removeCard",
      reader: "fake",
      display: ["RETIRER LA CARTE", "PUIS LA REPRESENTER"],
    });
    reader.present(TAP);
    expect(await waiting).toMatchObject({ kind: "presented" });
  });

  it("drop what is presented while nobody waits", async () => {
    const reader = new FakeReader();
    const { clock, wait } = await bankOf([reader]);
    reader.present(TAP);
    const waiting = wait();
    clock.advance(60_000);
    expect(await waiting).toEqual({ kind: "timedOut" });
  });
});
