// @ts-check
// A process that logs far more than its reader takes, then a fatal line, and ends in doubt; started by ending.test.ts.
import { open } from "node:fs/promises";
import { createLogger } from "@pass-tpe/gateway";
import { endInDoubt } from "../../gateway/dist/cli/end-in-doubt.js";

const [code, lines, stuckFile] = process.argv.slice(2);

const log = createLogger({});
for (let line = 1; line <= Number(lines); line += 1) log.info({ line }, "x".repeat(1_000));
if (stuckFile !== undefined) {
  const file = await open(stuckFile, "r+");
  void file.read(Buffer.alloc(1), 0, 1, null);
}
log.fatal("the last line");
endInDoubt(Number(code));
