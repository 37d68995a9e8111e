// What a gap's signature is over: ASCII, so that other tools can check it.

import { createHash } from "node:crypto";
import type { Gap } from "./driver.js";

/** All that never changes of a gap, its terminals as SHA-256 of their ids, each followed by a line feed. */
export function gapMessage(gap: Omit<Gap, "signature">): Uint8Array {
  const { no, fromMs, toMs, linkNo, linkHash, openedEventId, terminalIds } = gap;
  const hash = linkHash === null ? "-" : Buffer.from(linkHash).toString("hex");
  const terminals = createHash("sha256")
    .update(terminalIds.map((id) => `${id}\n`).join(""))
    .digest("hex");
  const told = ["pass-tpe gap 1", no, fromMs, toMs, linkNo, hash, openedEventId, terminals];
  return Buffer.from(told.join(" "), "ascii");
}
