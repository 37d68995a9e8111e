// Lines against a store that is full for a while: submitted again from the first that was refused, in order.

import { expect, test } from "vitest";
import type { Answer } from "../../core/ports.js";
import { answerLines, type LineAnswer } from "./batch.js";
import type { Line } from "./lines.js";
import type { Submission } from "./ports.js";

const agent = { id: "a", role: "operator", etablissement: null } as const;
const applied: Answer = { type: "loaded", outcome: "applied", notes: [], replayed: false };

/** Submits so many lines to a backend, and gives back the answers, what was counted, and what the log got. */
async function submitAll(count: number, answerTo: (line: number) => Answer) {
  const answers: LineAnswer[] = [];
  const bugs: number[] = [];
  const counts = { lines: 0, applied: 0, unchanged: 0, rejected: 0 };
  async function* groups() {
    yield Array.from(
      { length: count },
      (_, index): Line => ({ number: index + 1, json: index + 1 }),
    );
  }
  const submit = async (_agent: unknown, body: unknown): Promise<Submission> => ({
    type: "answered",
    id: String(body),
    event: "card.ordered",
    subject: "D-1",
    answer: answerTo(Number(body)),
  });
  for await (const group of answerLines({
    agent,
    groups: groups(),
    backend: { submit },
    refuseRevoked: async () => undefined,
    onBug: (_error, line) => void bugs.push(line),
    counts,
  })) {
    answers.push(...group);
  }
  return { answers, bugs, counts };
}

test("what met a full queue is submitted again before anything after it", async () => {
  const taken: number[] = [];
  let room = 5;
  const { answers, counts } = await submitAll(8, (line) => {
    if (room === 0) return { type: "overloaded", retryAfterMs: 1 };
    room -= 1;
    taken.push(line);
    // The queue empties while the refused lines wait.
    if (room === 0)
      setTimeout(() => {
        room = 5;
      });
    return applied;
  });
  expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(answers.map(({ line }) => line)).toEqual(taken);
  expect(counts).toEqual({ lines: 8, applied: 8, unchanged: 0, rejected: 0 });
});

test("a bug loses its own line, says so and is logged", async () => {
  const { answers, bugs } = await submitAll(3, (line) =>
    line === 2 ? { type: "bug", error: new Error("secret") } : applied,
  );
  expect(answers[1]).toMatchObject({ line: 2, id: "2", code: "SYSTEM_ERROR" });
  expect(JSON.stringify(answers)).not.toContain("secret");
  expect(answers[2]).toMatchObject({ line: 3, outcome: "applied" });
  expect(bugs).toEqual([2]);
});

test("a lost commit ends the load at its first line; those before it are answered", async () => {
  const answers: number[] = [];
  const load = submitAll(8, (line) => {
    if (line > 5) return { type: "unavailable", error: new Error("disk") };
    answers.push(line);
    return applied;
  });
  await expect(load).rejects.toMatchObject({ options: { code: "SYSTEM_ERROR", status: 503 } });
  expect(answers).toEqual([1, 2, 3, 4, 5]);
});
