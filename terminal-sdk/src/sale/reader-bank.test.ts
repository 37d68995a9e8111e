import { describe, expect, it } from "vitest";
import { EventHub } from "../events.js";
import { FakeReader, TAP } from "../test-kit/fake-reader.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { ReaderBank } from "./reader-bank.js";

async function bankOf(readers: FakeReader[]) {
  const clock = new ManualClock();
  const bank = await ReaderBank.open({ readers, clock, hub: new EventHub({ clock }) });
  const wait = () =>
    bank.wait({ timeoutMs: 60_000, signal: new AbortController().signal, accept: () => null });
  return { clock, wait };
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

  it("wait on when one goes away, and say so when the time is over", async () => {
    const reader = new FakeReader();
    const { clock, wait } = await bankOf([reader]);
    const waiting = wait();
    reader.becomes({ status: "absent", reason: "unplugged" });
    clock.advance(60_000);
    expect(await waiting).toEqual({ kind: "noReader" });
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
