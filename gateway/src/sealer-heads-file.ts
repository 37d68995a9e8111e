// The file of exported heads: one signed head a line, only ever added to, best on a medium or machine of its own.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";
import type { AuditKey } from "./crypto/audit-key.js";
import { DataFolderError } from "./data-folder.js";
import type { HeadRow } from "./store/chain/driver.js";
import type { ExportedHead } from "./store/chain/verify-heads.js";

/** How a head's line is opened: added to, and its end read before that. */
const TO_ADD = "a+";

/** Every line of a head begins so, and none has a brace before its end. */
const LINE_BEGIN = '{"no":';
const LINE_END = "}";

/** The end of a file that is looked at: some forty heads, and many times more than one that was cut off. */
const END_BYTES = 16_384;

const LineSchema = z.object({
  no: z.int().positive(),
  /** Hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  atMs: z.int(),
  keyId: z.string(),
  /** SPKI in base64: for other tools; `verify` believes no key that stands beside what it signed. */
  publicKey: z.base64(),
  signature: z.base64(),
});

function lineOf({ no, hash, atMs, signature }: HeadRow, key: AuditKey): string {
  const line: z.infer<typeof LineSchema> = {
    no,
    hash: Buffer.from(hash).toString("hex"),
    atMs,
    keyId: key.keyId,
    publicKey: key.publicKeyBase64,
    signature: Buffer.from(signature).toString("base64"),
  };
  return JSON.stringify(line);
}

/**
 * Opens the file once as every head will, made where it is missing, and closes it: a gateway must not serve for weeks
 * before somebody sees that no head ever left it.
 *
 * @throws DataFolderError when heads cannot be added there.
 */
export function checkHeadsPlace(path: string): void {
  try {
    closeSync(openSync(path, TO_ADD));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(
      `signed heads cannot be added to ${path} (${reason}). Make the place writable for the gateway, or name another with --heads`,
      { cause: error },
    );
  }
}

/**
 * What adds a head to the file, made where it is missing. Opened for each head, so that the file can be moved away.
 * On disk when it settles.
 */
export function createHeadsFile(path: string, key: AuditKey): (head: HeadRow) => Promise<void> {
  return async (head) => {
    const file = await open(path, TO_ADD);
    try {
      const { size } = await file.stat();
      const end = Buffer.alloc(1);
      if (size > 0) await file.read(end, 0, 1, size - 1);
      // A line that was cut off stays by itself.
      const lead = size > 0 && end.toString() !== "\n" ? "\n" : "";
      await file.appendFile(`${lead}${lineOf(head, key)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
}

/** The heads of a file, line by line. @throws what opening it throws. */
export async function* readHeadsFile(path: string): AsyncGenerator<ExportedHead> {
  const file = await open(path);
  let line = 0;
  // The file is closed when its lines end.
  for await (const text of file.readLines()) {
    line += 1;
    if (text !== "") yield { line, head: headOf(text) };
  }
}

/** The heads in the last whole lines of a file, some forty of them at most. @throws what opening it throws. */
export function lastHeadsIn(path: string): readonly HeadRow[] {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    readSync(file, end, 0, end.length, size - end.length);
    const heads = end.toString("utf8").split("\n").map(headOf);
    return heads.filter((head) => typeof head !== "string");
  } finally {
    closeSync(file);
  }
}

function headOf(text: string): ExportedHead["head"] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return isCutOff(text) ? "torn" : "unreadable";
  }
  const parsed = LineSchema.safeParse(content);
  if (!parsed.success) return "unreadable";
  const { no, hash, atMs, signature } = parsed.data;
  const bytes = { hash: Buffer.from(hash, "hex"), signature: Buffer.from(signature, "base64") };
  return { no, atMs, ...bytes };
}

/** A crash leaves the beginning of a head; anything else is somebody's doing, or a bad disk's. */
function isCutOff(text: string): boolean {
  const begins = text.startsWith(LINE_BEGIN) || LINE_BEGIN.startsWith(text);
  return begins && !text.includes(LINE_END);
}
