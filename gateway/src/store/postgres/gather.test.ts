// Holds gathered look-ups to what single ones are held to: own answers, own failures, nothing older than the question.

import { expect, it, onTestFinished, vi } from "vitest";
import { ConnectionLostError } from "../driver.js";
import { gathered } from "./gather.js";

/** Reads that are answered when the test says so. */
function reads() {
  const asked: { keys: readonly string[]; answer: (value?: string) => void; fail: () => void }[] =
    [];
  const look = gathered<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        asked.push({
          keys,
          answer: (value = "") => resolve(new Map(keys.map((key) => [key, `${value}${key}`]))),
          fail: () => reject(new Error("gone")),
        });
      }),
  );
  return { asked, look };
}

/** Lets so much time pass at once. Of what waits, timers alone are not the process's own. */
function timers() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it("asks for what gathers meanwhile in one statement, each key once", async () => {
  const { asked, look } = reads();
  const first = look("a");
  await turn();
  const rest = Promise.all([look("b"), look("c"), look("b")]);
  await turn();
  expect(asked.map(({ keys }) => keys)).toEqual([["a"]]);
  asked[0]?.answer();
  expect(await first).toBe("a");
  await turn();
  asked[1]?.answer();
  expect(await rest).toEqual(["b", "c", "b"]);
  expect(asked.map(({ keys }) => keys)).toEqual([["a"], ["b", "c"]]);
});

it("never gives what was read before the question", async () => {
  const { asked, look } = reads();
  const before = look("a");
  await turn();
  const after = look("a");
  asked[0]?.answer("old ");
  expect(await before).toBe("old a");
  await turn();
  asked[1]?.answer("new ");
  expect(await after).toBe("new a");
});

it("fails those who asked with a statement that failed, and nobody else", async () => {
  const { asked, look } = reads();
  const first = look("a");
  await turn();
  const second = look("b");
  asked[0]?.fail();
  await expect(first).rejects.toThrow("gone");
  await turn();
  asked[1]?.answer();
  expect(await second).toBe("b");
});

it("finds nothing under a key that is not there", async () => {
  const look = gathered<string>(async () => new Map());
  expect(await look("a")).toBeNull();
});

it("asks a second time where the first answer does not come, and believes whichever comes first", async () => {
  timers();
  const { asked, look } = reads();
  const found = look("a");
  await turn();
  vi.advanceTimersByTime(99);
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(asked.map(({ keys }) => keys)).toEqual([["a"], ["a"]]);
  asked[1]?.answer("second ");
  expect(await found).toBe("second a");
  const next = look("b");
  await turn();
  asked[0]?.answer("late ");
  asked[2]?.answer();
  expect(await next).toBe("b");
  expect(vi.getTimerCount()).toBe(0);
});

it("fails by the second where the first is silent, and by neither while one of them may answer", async () => {
  timers();
  const { asked, look } = reads();
  const found = look("a");
  await turn();
  vi.advanceTimersByTime(100);
  asked[0]?.fail();
  await turn();
  asked[1]?.answer();
  expect(await found).toBe("a");
  const lost = look("b");
  await turn();
  vi.advanceTimersByTime(100);
  asked[2]?.fail();
  asked[3]?.fail();
  await expect(lost).rejects.toThrow("gone");
});

it("is given up before a till gives up, and holds up nobody after", async () => {
  timers();
  const { asked, look } = reads();
  const lost = look("a");
  const next = turn().then(() => look("b"));
  await turn();
  vi.advanceTimersByTime(3_000);
  await expect(lost).rejects.toThrow(ConnectionLostError);
  await turn();
  asked[2]?.answer();
  expect(await next).toBe("b");
});
