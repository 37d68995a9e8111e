// The log's stream on a pipe of its own: what a full one does not take is kept, written later, and lost beyond a limit.

import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { createLogStream } from "./log-stream.js";

const LINE = `${"x".repeat(1_023)}\n`;
const KIB = 1_024;
const MIB = KIB * KIB;

let pipe: number;
let retries: (() => void)[];

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-log-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  retries = [];
  onTestFinished(() => {
    closeSync(pipe);
    rmSync(folder, { recursive: true });
  });
});

const streamOn = (fd: number) =>
  createLogStream({
    fd,
    after(_delayMs, run) {
      retries.push(run);
      return () => undefined;
    },
  });

/** Everything that is in the pipe now. */
function taken(): string {
  const chunk = Buffer.alloc(MIB);
  let text = "";
  try {
    for (;;) text += chunk.toString("utf8", 0, readSync(pipe, chunk));
  } catch {
    return text;
  }
}

/** Lets the end of the turn come. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the lines of one turn are written at its end, in their order", async () => {
  const stream = streamOn(pipe);
  stream.write("one\n");
  stream.write("deux, réglé\n");
  expect(taken()).toBe("");
  await turn();
  expect(taken()).toBe("one\ndeux, réglé\n");
});

test("what a full pipe does not take comes later and whole", async () => {
  const stream = streamOn(pipe);
  const lines = Array.from({ length: 200 }, (_, index) => `${index} ${LINE}`).join("");
  stream.write(lines);
  await turn();
  let text = taken();
  expect(text.length).toBeLessThan(lines.length);
  while (text.length < lines.length) {
    expect(retries).toHaveLength(1);
    retries.shift()?.();
    text += taken();
  }
  expect(text).toBe(lines);
  expect(retries).toEqual([]);
});

test("beyond what may wait, lines are lost and no memory is taken", async () => {
  const stream = streamOn(pipe);
  for (let kib = 0; kib < 20 * KIB; kib += 1) stream.write(LINE);
  await turn();
  let written = 0;
  do {
    written += taken().length;
    retries.shift()?.();
  } while (retries.length > 0);
  expect((written + taken().length) / MIB).toBe(16);
});

test("a disk that is full holds nothing up, whoever asks for what waits", async () => {
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const stream = streamOn(full);
  stream.write(LINE);
  await turn();
  stream.flushSync();
  stream.flushAtExit();
  expect(retries).toHaveLength(1);
});

test("a fatal line is written at once, behind what waits", () => {
  const stream = streamOn(pipe);
  stream.write("one\n");
  stream.write("fatal\n");
  stream.flushSync();
  expect(taken()).toBe("one\nfatal\n");
});
