import { describe, expect, it } from "vitest";
import { deferred } from "../test-kit/bench.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { Turnstile } from "./turnstile.js";

const TIMEOUT_MS = 1_000;

function newTurnstile() {
  const clock = new ManualClock();
  return { clock, turnstile: new Turnstile({ clock }) };
}

/** Lets what is ready go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a turnstile", () => {
  it("lets work pass at once while it is open", () => {
    const { turnstile } = newTurnstile();
    const begun: number[] = [];
    void turnstile.pass(TIMEOUT_MS, async (timeoutMs) => void begun.push(timeoutMs));
    expect(begun).toEqual([TIMEOUT_MS]);
  });

  it("waits with what must be alone until what passes is over", async () => {
    const { turnstile } = newTurnstile();
    const work = deferred<void>();
    const order: string[] = [];
    const passing = turnstile.pass(TIMEOUT_MS, () => work.promise);
    const alone = turnstile.alone(async () => void order.push("alone"));
    await turn();
    order.push("work ends");
    work.resolve();
    await Promise.all([passing, alone]);
    expect(order).toEqual(["work ends", "alone"]);
  });

  it("has others wait while one is alone, and tells them what is left of their time", async () => {
    const { clock, turnstile } = newTurnstile();
    const work = deferred<void>();
    const alone = turnstile.alone(() => work.promise);
    const passed = turnstile.pass(TIMEOUT_MS, async (timeoutMs) => timeoutMs);
    clock.advance(400);
    work.resolve();
    await alone;
    expect(await passed).toBe(600);
  });

  it("turns away whose time is over before it opens", async () => {
    const { clock, turnstile } = newTurnstile();
    const work = deferred<void>();
    const alone = turnstile.alone(() => work.promise);
    let begun = false;
    const passed = turnstile.pass(TIMEOUT_MS, async () => {
      begun = true;
    });
    clock.advance(TIMEOUT_MS);
    expect(await passed).toBeNull();
    work.resolve();
    await alone;
    expect(begun).toBe(false);
  });

  it("opens again when what was alone fails", async () => {
    const { turnstile } = newTurnstile();
    const failing = turnstile.alone(() => Promise.reject(new Error("as the test says")));
    await expect(failing).rejects.toThrow("as the test says");
    expect(await turnstile.pass(TIMEOUT_MS, async () => "passed")).toBe("passed");
  });
});
