import type { Decision } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { DEFAULT_DEADLINES } from "../deadlines.js";
import { type ErrorCode, PassTpeError } from "../errors.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import type { Exchange } from "./exchange.js";
import { repeatSameId, type TryLimits } from "./repeat.js";
import { TRY_NEEDS_MS } from "./retry.js";

const APPROVED: Exchange<Decision> = {
  kind: "answer",
  body: {
    id: "0190163d-8694-739b-aea5-966c26f8ad91",
    outcome: "approved",
    code: "APPROVED",
    iso39: "00",
    display: ["", ""],
    display20: ["", ""],
    message: "",
    retry: "NONE",
    decidedAtMs: 1,
  },
};
const NOT_SENT: Exchange<Decision> = { kind: "notSent", reason: "down" };
const NO_ANSWER: Exchange<Decision> = { kind: "noAnswer", reason: "cut" };

/** Tries that each take a time and end in a result; the waits between them pass at once. */
async function run(
  tries: readonly { takesMs: number; result: Exchange<Decision> }[],
  options: {
    signal?: AbortSignal;
    onTry?: (tryNumber: number) => void;
    lateMs?: number;
    /** What the look at the lease before each try comes to. */
    look?: (lookNumber: number, clock: ManualClock) => Promise<PassTpeError | null>;
    /** How much longer each wait takes than it should. */
    oversleepMs?: number;
  } = {},
) {
  const clock = new ManualClock();
  const startedAtMs = clock.monotonicMs();
  clock.advance(options.lateMs ?? 0);
  const limits: TryLimits[] = [];
  const { look } = options;
  let looks = 0;
  const whyNotHeld = () => {
    looks += 1;
    return look?.(looks, clock) ?? Promise.resolve(null);
  };
  const settled = await repeatSameId<Decision>({
    whyNotHeld,
    send: async (given) => {
      limits.push(given);
      const made = tries[limits.length - 1] ?? tries.at(-1);
      if (made === undefined) throw new Error("the test gives no try");
      clock.advance(made.takesMs);
      return made.result;
    },
    clock,
    deadlines: DEFAULT_DEADLINES,
    startedAtMs,
    signal: options.signal ?? new AbortController().signal,
    observer: {
      sending: (tryNumber) => options.onTry?.(tryNumber),
      answered: (_kind, { action }) => {
        if (action !== "repeat") return;
        const { oversleepMs = 0 } = options;
        setImmediate(() => clock.advance((clock.nextInMs ?? 0) + oversleepMs));
      },
    },
  });
  return { settled, limits };
}

describe("repeating the same id", () => {
  it("gives each try and the gateway only what is left of the sale's time", async () => {
    const { limits } = await run([
      { takesMs: 2_000, result: NO_ANSWER },
      { takesMs: 2_000, result: NO_ANSWER },
      { takesMs: 1, result: APPROVED },
    ]);
    expect(limits).toEqual([
      { timeoutMs: 2_000, deadlineMs: 4_000 },
      { timeoutMs: 2_000, deadlineMs: 1_950 },
      { timeoutMs: 850, deadlineMs: 100 },
    ]);
  });

  it("sends nothing when too little time is left at the start, as after a slow disk", async () => {
    const lateMs = DEFAULT_DEADLINES.saleMs - TRY_NEEDS_MS + 1;
    const { settled, limits } = await run([{ takesMs: 1, result: APPROVED }], { lateMs });
    expect(settled).toMatchObject({ kind: "notSent", reason: expect.stringContaining("disk") });
    expect(limits).toEqual([]);
  });

  it("ends as unknown when its time is over in doubt", async () => {
    const { settled, limits } = await run([{ takesMs: 2_000, result: NO_ANSWER }]);
    expect(settled).toMatchObject({ kind: "unknown", reason: expect.stringContaining("cut") });
    expect(limits).toHaveLength(3);
  });

  it("ends with what the gateway last said when a wait takes longer than it should", async () => {
    const busy: Exchange<Decision> = {
      kind: "problem",
      status: 503,
      problem: {
        type: "urn:pass-tpe:problem:MAINTENANCE",
        title: "MAINTENANCE",
        status: 503,
        detail: "closed",
        code: "MAINTENANCE",
        retry: "LATER",
        display: ["", ""],
        display20: ["", ""],
        message: "",
      },
      retryAfterMs: DEFAULT_DEADLINES.saleMs - TRY_NEEDS_MS - 10,
    };
    const { settled, limits } = await run([{ takesMs: 1, result: busy }], { oversleepMs: 50 });
    expect(limits).toHaveLength(1);
    expect(settled).toBe(busy);
  });

  it("ends as not sent when nothing ever left", async () => {
    const { settled } = await run([{ takesMs: 900, result: NOT_SENT }]);
    expect(settled).toEqual(NOT_SENT);
  });

  it("keeps the doubt of an earlier try", async () => {
    const { settled } = await run([
      { takesMs: 10, result: NO_ANSWER },
      { takesMs: 900, result: NOT_SENT },
    ]);
    expect(settled).toMatchObject({ kind: "unknown" });
  });
});

const because = (code: ErrorCode) => new PassTpeError({ code, detail: "as the test says" });
const never = () => new Promise<never>(() => undefined);

describe("the look at the lease before a try", () => {
  const tries = [{ takesMs: 10, result: APPROVED }];

  it("takes of the sale's time, and the try gets what is left", async () => {
    const { limits } = await run(tries, {
      look: async (_number, clock) => {
        clock.advance(3_500);
        return null;
      },
    });
    expect(limits).toEqual([{ timeoutMs: 1_500, deadlineMs: 500 }]);
  });

  it("that does not end in the sale's time lets nothing leave", async () => {
    const { settled, limits } = await run(tries, {
      look: (_number, clock) => {
        setImmediate(() => clock.advance(DEFAULT_DEADLINES.saleMs));
        return never();
      },
    });
    expect(settled).toMatchObject({ kind: "notSent" });
    expect(limits).toEqual([]);
  });

  it("is ended by a cancellation, and nothing leaves", async () => {
    const abort = new AbortController();
    const { settled, limits } = await run(tries, {
      signal: abort.signal,
      look: () => {
        abort.abort();
        return never();
      },
    });
    expect(settled).toEqual({ kind: "cancelled" });
    expect(limits).toEqual([]);
  });

  it("that fails is made again, and the try follows", async () => {
    const { settled, limits } = await run(tries, {
      look: async (number) => (number === 1 ? because("JOURNAL_FAILED") : null),
    });
    expect(settled).toEqual(APPROVED);
    expect(limits).toHaveLength(1);
  });

  it("ends at once what another till has taken over, in doubt where something had left", async () => {
    const taken = async () => because("JOURNAL_IN_USE");
    expect(await run(tries, { look: taken })).toEqual({
      settled: { kind: "cancelled" },
      limits: [],
    });
    const { settled, limits } = await run([{ takesMs: 10, result: NO_ANSWER }], {
      look: async (number) => (number === 1 ? null : taken()),
    });
    expect(settled).toMatchObject({ kind: "unknown" });
    expect(limits).toHaveLength(1);
  });
});

describe("a cancellation", () => {
  it("ends the repeats as long as nothing has left", async () => {
    const abort = new AbortController();
    const tries = [{ takesMs: 10, result: NOT_SENT }];
    const { settled, limits } = await run(tries, {
      signal: abort.signal,
      onTry: (tryNumber) => {
        if (tryNumber === 2) abort.abort();
      },
    });
    expect(settled).toEqual({ kind: "cancelled" });
    expect(limits).toHaveLength(2);
  });

  it("does not hurry what is in doubt: the sale's own outcome comes", async () => {
    const abort = new AbortController();
    const tries = [
      { takesMs: 10, result: NO_ANSWER },
      { takesMs: 10, result: APPROVED },
    ];
    const { settled } = await run(tries, { signal: abort.signal, onTry: () => abort.abort() });
    expect(settled).toEqual(APPROVED);
  });
});
