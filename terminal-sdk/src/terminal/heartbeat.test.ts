// When the terminal asks for its profile unasked: at a pace, and soon after the connection was lost.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Exchange } from "../client/exchange.js";
import { deferred, TerminalBench } from "../test-kit/bench.js";
import { answer } from "../test-kit/fake-gateway.js";
import { PROFILE } from "../test-kit/fixtures.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { REOPEN_WITHIN_MS, startHeartbeat } from "./heartbeat.js";

const BEAT_MS = 30_000;
const AWAY: Exchange<never> = { kind: "notSent", reason: "down" };

/** A heart, and how often it has beaten. */
function heart(options: { random?: number; answers?: () => Promise<Exchange<never>> } = {}) {
  const { random = 0, answers = async () => AWAY } = options;
  const clock = new ManualClock();
  let beats = 0;
  let lose: () => void = () => undefined;
  const stop = startHeartbeat(
    {
      clock,
      deadlines: { heartbeatMs: BEAT_MS },
      gateway: {
        onConnectionLost: (tell) => {
          lose = tell;
        },
      },
      profile: {
        refresh: () => {
          beats += 1;
          return answers();
        },
      },
      random: (size) => new Uint8Array(size).fill(random),
    },
    { track: (work) => work },
  );
  return {
    clock,
    stop,
    lose: () => lose(),
    beats: () => beats,
    /** Moves on, and lets what follows from it happen. */
    async pass(ms: number) {
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("a heartbeat", () => {
  it("follows the last one at its pace, whether the gateway answers or not", async () => {
    const { pass, beats } = heart();
    for (let beat = 1; beat <= 3; beat += 1) {
      await pass(BEAT_MS - 1);
      expect(beats()).toBe(beat - 1);
      await pass(1);
      expect(beats()).toBe(beat);
    }
  });

  it.each([
    [0, 0],
    [128, REOPEN_WITHIN_MS * (128.5 / 256)],
    [255, REOPEN_WITHIN_MS],
  ])("comes at an instant that is drawn where the connection was lost (%i)", (random, dueMs) => {
    const { lose, clock } = heart({ random });
    lose();
    expect(clock.nextInMs).toBeCloseTo(dueMs, -1);
    expect(clock.nextInMs).toBeLessThanOrEqual(REOPEN_WITHIN_MS);
  });

  it("comes sooner once in its own time, however often the connection is lost", async () => {
    const { lose, pass, beats, clock } = heart();
    lose();
    await pass(0);
    expect(beats()).toBe(1);
    lose();
    expect(clock.nextInMs).toBe(BEAT_MS);
    await pass(BEAT_MS);
    lose();
    await pass(0);
    expect(beats()).toBe(3);
  });

  it("that is under way when the connection is lost is followed by another", async () => {
    const first = deferred<Exchange<never>>();
    const { lose, pass, beats, clock } = heart({ answers: () => first.promise });
    await pass(BEAT_MS);
    lose();
    first.resolve(AWAY);
    await pass(0);
    expect(beats()).toBe(2);
    expect(clock.nextInMs).toBe(BEAT_MS);
  });

  it("comes no more once it was stopped", async () => {
    const { lose, stop, clock } = heart();
    stop();
    lose();
    expect(clock.nextInMs).toBeNull();
  });
});

describe("a terminal", () => {
  const bench = new TerminalBench();
  beforeEach(() => bench.start());
  afterEach(() => bench.stop());

  it("has a connection before the first sale, and again after it was cut, by questions alone", async () => {
    const { gateway } = bench;
    await bench.open({ random: (size) => new Uint8Array(size) });
    expect(gateway.connections).toBe(1);
    const asked = deferred<void>();
    gateway.profile = (received, response) => {
      asked.resolve();
      answer(PROFILE)(received, response);
    };
    gateway.hangUp();
    await asked.promise;
    expect(gateway.connections).toBe(2);
    expect(gateway.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v1/terminal",
      "GET /v1/terminal",
    ]);
  });
});
