// Facts as a file of one JSON object a line: what was written has survived the end of the process that wrote it.

import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import type { Fact } from "../checker/facts.js";

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** A fact before it has its instant. */
export type News = Without<Fact, "atMs">;

export interface FactFile {
  /** Written when this returns: a killed process loses no more than the line that it was writing. */
  tell(news: News): void;
  close(): void;
}

/** Opens a file of facts, to go on at its end. */
export function openFactFile(path: string): FactFile {
  const file = openSync(path, "a+", 0o600);
  // The line that a killed process was writing ends here, so that it spoils no other.
  if (isTorn(file)) writeSync(file, "\n");
  return {
    tell(news) {
      writeSync(file, `${JSON.stringify({ atMs: Date.now(), ...news })}\n`);
    },
    close: () => closeSync(file),
  };
}

function isTorn(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  return size > 0 && last.toString() !== "\n";
}

/**
 * Reads a file of facts. The last line of each life may be cut off and is left out.
 *
 * @throws Error where another line is no fact: the file was damaged otherwise.
 */
export function readFactFile(path: string): readonly Fact[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  const facts: Fact[] = [];
  let torn: number | null = null;
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    const fact = parsed(line);
    if (torn !== null && fact?.type !== "terminalStarted") {
      throw new Error(`${path}: line ${torn + 1} is no fact`);
    }
    torn = fact === null ? index : null;
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

/** What this program has written itself: only whether it is whole is looked at. */
function parsed(line: string): Fact | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** All facts of several files in the order of their instants; those of one file stay as they are. */
export function mergedFacts(files: readonly (readonly Fact[])[]): readonly Fact[] {
  return files.flat().sort((one, other) => one.atMs - other.atMs);
}
