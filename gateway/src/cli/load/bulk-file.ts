// A file of events, one a line: looked at before it is sent, and read from any line on.

import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { cutLines, isBlank, linesOf } from "../../http/operators/lines.js";
import { reasonOf, UsageError } from "../command.js";

export interface BulkFile {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  /** Lines that are not blank: each has an answer. */
  readonly events: number;
  /** SHA-256 of its first bytes, hex: tells another file of the same size. */
  readonly digest: string;
}

/** As much of the beginning as tells files apart: two exports differ in their first events already. */
const DIGEST_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Looks at a file: how long it is, and whether it can be events at all.
 *
 * @throws UsageError that says what is wrong with it.
 */
export async function inspect(path: string): Promise<BulkFile> {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new UsageError(`${path} is not a file`);
    if (stat.size === 0) throw new UsageError(`${path} is empty`);
    const digest = await digestOfStart(path);
    if (!(await hasJson(path))) {
      throw new UsageError(`${path} has no line of JSON in UTF-8: is it the right file?`);
    }
    return { path, bytes: stat.size, digest, ...(await countLines(path)) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

async function digestOfStart(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { end: DIGEST_BYTES - 1 })) hash.update(chunk);
  return hash.digest("hex");
}

async function hasJson(path: string): Promise<boolean> {
  for await (const lines of linesOf(createReadStream(path))) {
    if (lines.some((line) => "json" in line)) return true;
  }
  return false;
}

async function countLines(path: string): Promise<Pick<BulkFile, "lines" | "events">> {
  let lines = 0;
  let events = 0;
  for await (const chunk of cutLines(createReadStream(path))) {
    lines += chunk.length;
    for (const line of chunk) events += isBlank(line) ? 0 : 1;
  }
  return { lines, events };
}

/** The bytes of a file after so many lines. */
export async function* bytesAfterLine(path: string, line: number): AsyncGenerator<Buffer> {
  let toSkip = line;
  for await (const chunk of createReadStream(path)) {
    const rest: Buffer = chunk;
    let from = 0;
    while (toSkip > 0) {
      const at = rest.indexOf(NEWLINE, from);
      if (at < 0) break;
      from = at + 1;
      toSkip -= 1;
    }
    if (toSkip === 0 && from < rest.length) yield rest.subarray(from);
  }
}
