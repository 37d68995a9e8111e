// Outlives a run that was killed, and takes away what it left: told on stdin, which ends when the run does.

import { createInterface } from "node:readline";
import type { Notice } from "./remains.js";
import { type Remnant, sweep } from "./sweep.js";

const left = new Map<string, Remnant>();

function note(line: string): void {
  const { type, remnant }: Notice = JSON.parse(line);
  const key = JSON.stringify(remnant);
  if (type === "made") left.set(key, remnant);
  else left.delete(key);
}

createInterface({ input: process.stdin })
  .on("line", note)
  .once("close", () => sweep(left.values()));
