// What the tills have written down so far, read while they go on: when they were answered, and what was approved.

import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { Fact } from "../checker/facts.js";

const CHUNK_BYTES = 1 << 16;
const NEWLINE = 0x0a;

export interface Heard {
  /** Reads what is new. */
  read(): void;
  /** For each till the instants of all its answers, in order. Unix milliseconds. */
  answersMs(): readonly (readonly number[])[];
  /** For each till how many sales that began since then it was told to be approved. */
  approvedSince(atMs: number): readonly number[];
}

/** @param factFiles one of each till */
export function hear(factFiles: readonly string[]): Heard {
  const tills = factFiles.map(hearTill);
  return {
    read() {
      for (const till of tills) till.read();
    },
    answersMs: () => tills.map(({ answersMs }) => answersMs),
    approvedSince: (atMs) =>
      tills.map(({ approvedMs }) => approvedMs.filter((beganMs) => beganMs >= atMs).length),
  };
}

function hearTill(path: string) {
  const answersMs: number[] = [];
  /** When each approved sale began. */
  const approvedMs: number[] = [];
  const began = new Map<string, number>();
  let offset = 0;
  let rest = Buffer.alloc(0);

  function take(fact: Fact): void {
    if (fact.type === "began") began.set(fact.sale.id, fact.atMs);
    if (fact.type === "answered") answersMs.push(fact.atMs);
    if (fact.type !== "told") return;
    const beganMs = began.get(fact.sale.id);
    began.delete(fact.sale.id);
    if (fact.outcome === "approved" && beganMs !== undefined) approvedMs.push(beganMs);
  }

  return {
    answersMs,
    approvedMs,
    read() {
      if (!existsSync(path)) return;
      const file = openSync(path, "r");
      try {
        for (;;) {
          const chunk = Buffer.alloc(CHUNK_BYTES);
          const length = readSync(file, chunk, 0, CHUNK_BYTES, offset);
          if (length === 0) return;
          offset += length;
          rest = Buffer.concat([rest, chunk.subarray(0, length)]);
          // The last line may still be on its way.
          const end = rest.lastIndexOf(NEWLINE) + 1;
          const lines = rest.subarray(0, end).toString("utf8").split("\n");
          rest = rest.subarray(end);
          for (const line of lines) if (line !== "") take(JSON.parse(line));
        }
      } finally {
        closeSync(file);
      }
    },
  };
}
