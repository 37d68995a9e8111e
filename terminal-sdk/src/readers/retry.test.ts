// Checks the waits between looks for a missing device.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRetry } from "./retry.js";

describe("the retry schedule", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits longer each time, then keeps to the longest wait", () => {
    const retry = createRetry([10, 20]);
    const looks: number[] = [];
    const startedMs = Date.now();
    const look = () => {
      looks.push(Date.now() - startedMs);
      retry.schedule(look);
    };
    retry.schedule(look);
    vi.advanceTimersByTime(75);
    expect(looks).toEqual([10, 30, 50, 70]);
  });

  it("begins anew after a success", () => {
    const retry = createRetry([10, 20]);
    const look = vi.fn();
    retry.schedule(look);
    retry.succeeded();
    retry.schedule(look);
    vi.advanceTimersByTime(10);
    expect(look).toHaveBeenCalledOnce();
  });

  it("looks no more once stopped", () => {
    const retry = createRetry([10]);
    const look = vi.fn();
    retry.schedule(look);
    retry.stop();
    vi.advanceTimersByTime(100);
    expect(look).not.toHaveBeenCalled();
  });
});
