// Holds the product to every vector in fixtures/vectors and in the files that VECTORS names, and counts them.
import { basename } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runOps, runVector } from "./run-vectors.js";
import { namedPaths, publishedPaths, readVectors, type Vector } from "./vector-file.js";

/** Fields of a vector that explain it in words and that no function gives. */
const EXPLANATIONS: readonly string[] = ["meaning", "reason"];

const count = { run: 0, passed: 0 };

/** A test that stands in the last line of this file. */
function counted(check: () => void): void {
  count.run += 1;
  check();
  count.passed += 1;
}

function holds(vector: Vector): void {
  const outcomes = Object.entries(vector.expected).filter(([name]) => !EXPLANATIONS.includes(name));
  expect(outcomes, "a vector must expect something").not.toEqual([]);
  expect(runVector(vector)).toMatchObject(Object.fromEntries(outcomes));
}

function vectorsOf(path: string): Vector[] | Error {
  try {
    return readVectors(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

for (const path of [...publishedPaths(), ...namedPaths()]) {
  describe(`vectors of ${basename(path)}`, () => {
    const vectors = vectorsOf(path);
    if (vectors instanceof Error) {
      it("can be read", () =>
        counted(() => {
          throw vectors;
        }));
      return;
    }

    const titled = vectors.map((vector) => [`${vector.op}: ${vector.id}`, vector] as const);
    it.each(titled)("%s", (_title, vector) => counted(() => holds(vector)));

    it("have each an id of their own, so that a failure names one of them", () => {
      expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
    });
  });
}

it("every operation that is performed has a published vector", () => {
  const ops = new Set(publishedPaths().flatMap((path) => readVectors(path).map(({ op }) => op)));
  expect([...runOps].toSorted()).toEqual([...ops].toSorted());
});

afterAll(() => {
  // Alone on a line, whatever a reporter has left on the one before.
  process.stdout.write(`\n${count.passed} passed, ${count.run - count.passed} failed\n`);
});
