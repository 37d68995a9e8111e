// An answer is missed by who could have heard it: a process that stood still takes nobody for silent.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { heardWithin, NOT_ANSWERED } from "./answered-within.js";

/** What is sent to it comes back, whatever this process does meanwhile. */
async function startEcho() {
  const echo = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void echo.kill());
  const heard = () => once(echo.stdout, "data").then(String);
  echo.stdin.write("ready");
  expect(await heard()).toBe("ready");
  return { echo, heard };
}

function standStill(forMs: number): void {
  const fromMs = performance.now();
  while (performance.now() - fromMs < forMs);
}

it("what came while the process stood still is heard, though its time is over by then", async () => {
  const { echo, heard } = await startEcho();
  echo.stdin.write("answer");
  const answer = heardWithin(100, heard());
  standStill(600);
  expect(await answer).toBe("answer");
});

it("what does not come is missed", async () => {
  const { heard } = await startEcho();
  await expect(heardWithin(20, heard())).rejects.toThrow(NOT_ANSWERED);
});
