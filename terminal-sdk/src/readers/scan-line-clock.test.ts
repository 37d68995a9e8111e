// Checks when a silence ends a line.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createScanLineClock } from "./scan-line-clock.js";

const IDLE_MS = 50;

function listen() {
  const lines: { text: string; readMs: number }[] = [];
  let nowMs = 0;
  const clock = createScanLineClock({
    idleTimeoutMs: IDLE_MS,
    take: (line, readMs) => lines.push({ text: line.ok ? line.payload : line.raw, readMs }),
    nowMs: () => nowMs,
  });
  /** Lets time pass; `busyMs` of it the till listened to nothing. */
  const pass = (ms: number, busyMs = 0) => {
    nowMs += ms + busyMs;
    vi.advanceTimersByTime(ms);
  };
  return { lines, pass, stop: clock.stop, send: (text: string) => clock.push(Buffer.from(text)) };
}

describe("the clock of a scanner's lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("gives a line at its end, with the time since its first byte", () => {
    const { lines, pass, send } = listen();
    send("PR1");
    pass(30);
    send(".P\r\n");
    expect(lines).toEqual([{ text: "PR1.P", readMs: 30 }]);
  });

  it("ends a line that has no end after a silence", () => {
    const { lines, pass, send } = listen();
    send("PR1");
    pass(IDLE_MS - 1);
    expect(lines).toEqual([]);
    pass(1);
    expect(lines).toMatchObject([{ text: "PR1" }]);
  });

  it("does not take for a silence that the till itself was busy", () => {
    const { lines, pass, send } = listen();
    send("PR1");
    pass(IDLE_MS, 200);
    send(".P\r");
    expect(lines).toMatchObject([{ text: "PR1.P" }]);
  });

  it("times the next line from its own first byte", () => {
    const { lines, pass, send } = listen();
    send("A\r");
    pass(500);
    send("B");
    pass(5);
    send("\r");
    expect(lines[1]).toEqual({ text: "B", readMs: 5 });
  });

  it("gives nothing once stopped", () => {
    const { lines, pass, send, stop } = listen();
    send("PR1");
    stop();
    pass(IDLE_MS);
    expect(lines).toEqual([]);
  });
});
