// The store key as the command line takes it: 64 hex digits in a file that nobody else can read, or on stdin.

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { needed, reasonOf, UsageError } from "./command.js";

export const STORE_KEY_HELP = `  --store-key FILE     the store key that the keys are sealed under (\`pass-tpe keys init\`); - reads stdin`;

const STORE_KEY = /^[0-9a-fA-F]{64}$/;
const STDIN = 0;
const OTHERS = 0o077;

/** @throws UsageError when it is missing, is no store key, or other users of this machine can read it. */
export function storeKeyFrom(path: string | undefined): Uint8Array {
  const from = needed(path, "--store-key");
  if (STORE_KEY.test(from)) {
    throw new UsageError(
      "--store-key names the file of the store key and was given the key itself, which whoever lists this machine's processes or reads the shell's history may have seen",
    );
  }
  const text = textOf(from).trim();
  if (STORE_KEY.test(text)) return Buffer.from(text, "hex");
  // Not the text itself: it may be another secret.
  throw new UsageError(
    `--store-key ${from}: a store key is 64 hex digits; \`pass-tpe keys init\` makes one`,
  );
}

function textOf(path: string): string {
  if (path === "-") return readFileSync(STDIN, "utf8");
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new UsageError(`--store-key cannot be read: ${reasonOf(error)}`);
  }
  try {
    if ((fstatSync(file).mode & OTHERS) !== 0) {
      throw new UsageError(
        `--store-key ${path} can be read by other users, so it is no secret: chmod 600 it, and consider who has read it`,
      );
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
