#!/usr/bin/env -S node --max-semi-space-size=4
// Stands for the command line before it is built, so that npm can link it on a fresh checkout; then runs it.
// Young objects in 3 × 4 MiB at most: a collection of them takes a millisecond, of the 16 that node allows itself four.

import { existsSync } from "node:fs";

const built = new URL("../dist/cli.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write("pass-tpe is not built yet: run `npm run build` first\n");
  process.exitCode = 2;
}
