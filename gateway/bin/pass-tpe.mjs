#!/usr/bin/env node
// Stands for the command line before it is built, so that npm can link it on a fresh checkout; then runs it.

import { existsSync } from "node:fs";

const built = new URL("../dist/cli.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write("pass-tpe is not built yet: run `npm run build` first\n");
  process.exitCode = 2;
}
