// The transaction counter of a software PIN pad: moved on durably before its key is used, so that none is used twice.

import { isUsableCounter, nextCounter } from "@pass-tpe/protocol/standards";
import type { TerminalDisk } from "../disk.js";

const COUNTER_FILE_BYTES_MAX = 1_024;

export type NextCounter =
  | { readonly ok: true; readonly counter: number }
  | { readonly ok: false; readonly detail: string };

/**
 * The next unused counter of an initial key. It is on the disk before it is returned; a crash in between costs one
 * counter. A missing file, or one of another initial key, begins anew; a damaged one fails, for guessing could use a
 * key twice.
 *
 * Source: ANSI X9.24-3-2017 §6.3 (a key serial number is used once).
 */
export async function takeCounter(options: {
  disk: TerminalDisk;
  path: string;
  initialKeyIdHex: string;
}): Promise<NextCounter> {
  const { disk, path } = options;
  const initialKeyIdHex = options.initialKeyIdHex.toUpperCase();
  const found = await disk.read({ path, bytesMax: COUNTER_FILE_BYTES_MAX });
  const used = found === null ? 0 : lastUsed(Buffer.from(found).toString("utf8"), initialKeyIdHex);
  if (used === null) return { ok: false, detail: `${path} is damaged; enrol the terminal again` };
  const counter = nextCounter(used);
  if (counter === null) {
    return { ok: false, detail: "all keys of this initial key are used; enrol the terminal again" };
  }
  await disk.replace({ path, bytes: Buffer.from(`${initialKeyIdHex} ${counter}\n`) });
  return { ok: true, counter };
}

/** The counter that was used last, 0 for a new initial key, or null when the text is not what was written. */
function lastUsed(text: string, initialKeyIdHex: string): number | null {
  const [, keyId, digits] = /^([0-9A-F]{16}) ([1-9][0-9]{0,9})\n$/.exec(text) ?? [];
  if (keyId === undefined || digits === undefined) return null;
  if (keyId !== initialKeyIdHex) return 0;
  const counter = Number(digits);
  return isUsableCounter(counter) ? counter : null;
}
