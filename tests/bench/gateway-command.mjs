// @ts-check
// How the command line is started: with the flags for node that its own first line gives, as the shell starts it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../gateway/bin/pass-tpe.mjs", import.meta.url));
const [firstLine = ""] = readFileSync(COMMAND, "utf8").split("\n");

/** Flags for node, as `pass-tpe` has them. */
export const NODE_FLAGS = firstLine.split(" ").filter((word) => word.startsWith("--"));
if (NODE_FLAGS.length === 0) throw new Error(`${COMMAND} names no flags for node any more`);

/** Arguments for node that stand for `pass-tpe`. */
export const PASS_TPE = [...NODE_FLAGS, COMMAND];
