// Work runs a few at once in the order of its coming, what fails frees its place, and the line is bounded.

import { expect, it } from "vitest";
import { BusyError, createTurns } from "./turns.js";

it("lets two run and two wait, refuses one more, and goes on when one ends or fails", async () => {
  const inTurn = createTurns({ atOnce: 2, waiting: 2 });
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) =>
    inTurn(() => {
      begun.push(name);
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (error) => (error ? reject(error) : resolve(name))),
      );
    });
  const [a, b, c, d] = [work("a"), work("b"), work("c"), work("d")];
  await expect(work("one too many")).rejects.toThrow(BusyError);
  expect(begun).toEqual(["a", "b"]);
  ends.get("b")?.(new Error("b failed"));
  await expect(b).rejects.toThrow("b failed");
  expect(begun).toEqual(["a", "b", "c"]);
  ends.get("a")?.();
  ends.get("c")?.();
  expect([await a, await c]).toEqual(["a", "c"]);
  ends.get("d")?.();
  expect(await d).toBe("d");
  const later = work("later");
  await Promise.resolve();
  ends.get("later")?.();
  expect(await later).toBe("later");
});
