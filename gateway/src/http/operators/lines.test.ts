// Lines cut out of bytes: the same whatever the chunks, numbered as an editor numbers them.

import fc from "fast-check";
import { expect, test } from "vitest";
import { LINE_BYTES_MAX, type Line, linesOf } from "./lines.js";

async function read(chunks: readonly Uint8Array[]): Promise<readonly Line[]> {
  async function* stream() {
    yield* chunks;
  }
  const lines: Line[] = [];
  for await (const group of linesOf(stream())) lines.push(...group);
  return lines;
}

const bytes = (text: string) => Buffer.from(text, "utf8");

test("blank lines count and are left out; a last line needs no newline", async () => {
  expect(await read([bytes('{"a":1}\r\n\n  \n{"b":"é"}')])).toEqual([
    { number: 1, json: { a: 1 } },
    { number: 4, json: { b: "é" } },
  ]);
});

test("a byte order mark at the beginning is no fault", async () => {
  expect(await read([bytes("\uFEFF[1]\n")])).toEqual([{ number: 1, json: [1] }]);
});

test("a line that is too long, no JSON or no UTF-8 is told, and the next one is read", async () => {
  const long = bytes(`"${"x".repeat(LINE_BYTES_MAX)}"\n`);
  const notText = Buffer.from([0x22, 0xff, 0x22, 0x0a]);
  const lines = await read([long, bytes("{\n"), notText, bytes("1\n")]);
  expect(lines).toEqual([
    { number: 1, fault: `is longer than ${LINE_BYTES_MAX} bytes` },
    { number: 2, fault: "is not JSON in UTF-8" },
    { number: 3, fault: "is not JSON in UTF-8" },
    { number: 4, json: 1 },
  ]);
});

test("where the chunks are cut makes no difference", async () => {
  const text = bytes('{"a":"é"}\n\nnot\n[2]');
  const whole = await read([text]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: text.length })), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const chunks = at.slice(1).map((end, index) => text.subarray(at[index], end));
      expect(await read(chunks)).toEqual(whole);
    }),
  );
});
