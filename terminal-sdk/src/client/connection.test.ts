// What the connection state says: reached or not, serving or not, why, and since when.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventHub } from "../events.js";
import type { Terminal } from "../terminal.js";
import { HASTY, TerminalBench } from "../test-kit/bench.js";
import { answer, approve, problem } from "../test-kit/fake-gateway.js";
import { PROFILE } from "../test-kit/fixtures.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { ConnectionWatch, DEGRADED_MS } from "./connection.js";
import type { Exchange } from "./exchange.js";

const ANSWER: Exchange<unknown> = { kind: "answer", body: {} };
const AWAY: Exchange<unknown> = { kind: "noAnswer", reason: "no answer within 2000 ms" };
const refused = (status: number, code: string, retryAfterMs?: number) =>
  ({
    kind: "problem",
    status,
    problem: { code, detail: "as the test says" },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }) as Exchange<unknown>;

const DECISION = "decision";
const HEARTBEAT = "other";

function watched() {
  const clock = new ManualClock();
  let backs = 0;
  const onBack = () => {
    backs += 1;
  };
  const watch = new ConnectionWatch({ hub: new EventHub({ clock }), clock, onBack });
  return { clock, watch, backs: () => backs };
}

describe("the connection", () => {
  it("is unknown before the first exchange", () => {
    expect(watched().watch.now).toBeNull();
  });

  it.each([
    ["an answer", ANSWER, "online"],
    ["a refusal of one request", refused(422, "FORMAT_ERROR"), "online"],
    ["a refusal of this terminal", refused(403, "TERMINAL_NOT_AUTHORISED"), "degraded"],
    ["maintenance", refused(503, "MAINTENANCE"), "degraded"],
    ["too many requests", refused(429, "RATE_LIMITED"), "degraded"],
    ["a failure", refused(500, "SYSTEM_ERROR"), "degraded"],
    ["silence", AWAY, "offline"],
    ["a line that does not stand", { kind: "notSent", reason: "ECONNREFUSED" }, "offline"],
  ] as const)("after %s is what it shows", (_case, exchange, state) => {
    const { watch } = watched();
    watch.begins(DECISION)(exchange);
    expect(watch.now).toMatchObject({ state });
    expect(watch.now?.reason).not.toBe("");
  });

  it("stays degraded while a gateway in maintenance answers its heartbeat, until it has said to wait", () => {
    const { watch, clock } = watched();
    watch.begins(DECISION)(refused(503, "MAINTENANCE", 9_000));
    watch.begins(HEARTBEAT)(ANSWER);
    clock.advance(8_999);
    watch.begins(HEARTBEAT)(ANSWER);
    expect(watch.now).toMatchObject({
      state: "degraded",
      reason: "MAINTENANCE: as the test says",
      sinceMs: new ManualClock().nowMs(),
    });
    clock.advance(1);
    watch.begins(HEARTBEAT)(ANSWER);
    expect(watch.now).toMatchObject({ state: "online", sinceMs: clock.nowMs() });
  });

  it("is online again at the first decision", () => {
    const { watch } = watched();
    watch.begins(DECISION)(refused(429, "RATE_LIMITED"));
    watch.begins(DECISION)(ANSWER);
    expect(watch.now).toMatchObject({ state: "online" });
  });

  it("is not what an exchange says that failed after another one was answered, and had begun before", () => {
    const { watch, clock } = watched();
    const slow = watch.begins(HEARTBEAT);
    clock.advance(100);
    watch.begins(DECISION)(ANSWER);
    clock.advance(100);
    slow(AWAY);
    expect(watch.now).toMatchObject({ state: "online" });
    watch.begins(HEARTBEAT)(AWAY);
    expect(watch.now).toMatchObject({ state: "offline" });
  });

  it("is not what a request says that the terminal itself held back", () => {
    const { watch } = watched();
    watch.begins(DECISION)({ kind: "notSent", reason: "new credentials", heldBack: true });
    expect(watch.now).toBeNull();
  });

  it("hurries what is owed when the gateway answers again, and when it serves again", () => {
    const { watch, backs, clock } = watched();
    watch.begins(HEARTBEAT)(AWAY);
    watch.begins(DECISION)(refused(503, "MAINTENANCE"));
    watch.begins(DECISION)(refused(503, "MAINTENANCE"));
    expect(backs()).toBe(1);
    clock.advance(DEGRADED_MS);
    watch.begins(HEARTBEAT)(ANSWER);
    expect(backs()).toBe(2);
  });
});

describe("a terminal", () => {
  const bench = new TerminalBench();
  beforeEach(() => bench.start());
  afterEach(() => bench.stop());

  it.each<[string, (terminal: Terminal) => Promise<unknown>]>([
    ["a comparison of the day", (terminal) => terminal.reconcile()],
    ["a reversal", (terminal) => terminal.reverse("0190163d-8694-739b-aea5-966c26f8ad91")],
    ["a status", (terminal) => terminal.status("0190163d-8694-739b-aea5-966c26f8ad91")],
  ])("does not say that the gateway sells again because it answers %s", async (_case, ask) => {
    bench.gateway.sales = [problem(503, "MAINTENANCE")];
    const made = await bench.open({ deadlines: HASTY });
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "declined" });
    await ask(made.terminal);
    expect(made.terminal.connection).toMatchObject({ state: "degraded" });
  });

  it("tells that the gateway is there and does not sell, and when it does again", async () => {
    const made = await bench.open({ deadlines: { ...HASTY, heartbeatMs: 20 } });
    bench.gateway.sales = [problem(503, "MAINTENANCE"), approve];
    bench.gateway.profile = answer(PROFILE);
    const result = bench.sellByTap(made);
    expect(await result).toMatchObject({ outcome: "approved" });
    const states = made.events.flatMap((event) =>
      event.type === "connection" ? [event.state] : [],
    );
    expect(states).toEqual(["online", "degraded", "online"]);
    expect(made.terminal.connection).toMatchObject({ state: "online" });
  });
});
