// The lines that were not loaded: number and reason, one JSON object a line, without the events themselves.

import { appendFileSync, existsSync, rmSync, truncateSync } from "node:fs";

const OWNER_ONLY_FILE = 0o600;

export interface RejectedLine {
  readonly line: number;
  readonly id?: string | undefined;
  readonly code: string;
  readonly detail: string;
}

export interface RejectedFile {
  /** How long it is, bytes. */
  readonly bytes: number;
  append(lines: readonly RejectedLine[]): void;
}

/** Opens the file as it was when it had so many bytes: what was written after the progress was kept is written again. */
export function openRejected(path: string, bytes: number): RejectedFile {
  if (bytes === 0) rmSync(path, { force: true });
  else if (existsSync(path)) truncateSync(path, bytes);
  let length = bytes;
  return {
    get bytes() {
      return length;
    },
    append(lines) {
      if (lines.length === 0) return;
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
      appendFileSync(path, text, { mode: OWNER_ONLY_FILE });
      length += Buffer.byteLength(text);
    },
  };
}
