// The keys of a software PIN pad in one file: moved on durably before a key is used, so that none is used twice.

import { createHash } from "node:crypto";
import {
  type DukptRegisters,
  filledRegisters,
  fromHex,
  hex,
  loadInitialKey,
  takeKey,
} from "@pass-tpe/protocol/standards";
import { nodeDisk, type TerminalDisk } from "../disk.js";
import { PassTpeError, textOf } from "../errors.js";

/** The initial AES DUKPT key of a software PIN pad (ANSI X9.24-3-2017 section 6.3), in hex. */
export interface PinKey {
  /** 32 or 64 hex digits. */
  readonly initialKeyHex: string;
  /** Base key id and derivation id, 16 hex digits. */
  readonly initialKeyIdHex: string;
}

/** A key for one PIN block. */
export interface TakenPinKey {
  readonly initialKeyId: Uint8Array;
  readonly counter: number;
  readonly workingKey: Buffer;
}

/** Room for 32 keys of 32 bytes in hex and a few lines. */
const FILE_BYTES_MAX = 4_096;
const FORMAT = "pass-tpe pin key 1";

const HEX_KEY = /^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$/;
const HEX_KEY_ID = /^[0-9A-Fa-f]{16}$/;

/**
 * Puts the initial key of a PIN pad into its file, as the keys that follow from it: the initial key itself is not
 * kept. A file that has this initial key already stays as it is; another one's keys are replaced.
 *
 * @throws PassTpeError `CREDENTIALS_UNREADABLE` for a malformed key, a damaged file, one that other users can read,
 * or a disk that fails. The message never holds a key.
 */
export async function installPinKey(options: {
  path: string;
  pinKey: PinKey;
  disk?: TerminalDisk;
}): Promise<void> {
  const { path, disk = nodeDisk } = options;
  const initialKeyId = keyBytes(options.pinKey.initialKeyIdHex, HEX_KEY_ID, "initialKeyIdHex");
  const initialKey = keyBytes(options.pinKey.initialKeyHex, HEX_KEY, "initialKeyHex");
  await alone({ path, disk }, async () => {
    const found = await readState({ path, disk });
    if (found !== null && hex(found.initialKeyId) === hex(initialKeyId)) return;
    await disk.replace({ path, bytes: bytesOf(loadInitialKey({ initialKey, initialKeyId })) });
  });
}

/**
 * Takes the key for the next PIN block. When this resolves, the file has survived without it: nothing in it leads to
 * this key or an earlier one. A crash in between costs one counter.
 *
 * @throws PassTpeError `CREDENTIALS_UNREADABLE` when there is no key, or the file is damaged, used up, in use, or
 * readable by other users; the message says what to do.
 */
export async function takePinKey(options: {
  path: string;
  disk: TerminalDisk;
}): Promise<TakenPinKey> {
  const { path, disk } = options;
  return alone(options, async () => {
    const state = await readState(options);
    if (state === null) throw unusable(`${path} has no PIN key; enrol the terminal`);
    const taken = takeKey(state, { usage: "pinEncryption" });
    if (taken === null) {
      throw unusable(`all keys in ${path} are used; enrol the terminal again for a new PIN key`);
    }
    const { counter, workingKey, next } = taken;
    await disk.replace({ path, bytes: bytesOf(next) });
    return { initialKeyId: state.initialKeyId, counter, workingKey };
  });
}

/** Two that read the file before either has written it would use one key: only one at a time has it. */
async function alone<T>(
  { path, disk }: { path: string; disk: TerminalDisk },
  work: () => Promise<T>,
): Promise<T> {
  try {
    const giveBack = await disk.lock(path);
    return await work().finally(giveBack);
  } catch (thrown) {
    if (thrown instanceof PassTpeError) throw thrown;
    // The disk knows the bytes alone, and its errors name the file, never its content.
    throw unusable(`PIN key file ${path}: ${textOf(thrown)}`, thrown);
  }
}

async function readState(options: {
  path: string;
  disk: TerminalDisk;
}): Promise<DukptRegisters | null> {
  const { path, disk } = options;
  const bytes = await disk.read({ path, bytesMax: FILE_BYTES_MAX, ownerOnly: true });
  if (bytes === null) return null;
  const state = stateOf(Buffer.from(bytes).toString("latin1"));
  if (state !== null) return state;
  // Guessing could use a key twice.
  throw unusable(`${path} is damaged; remove it and enrol the terminal again for a new PIN key`);
}

/** Lines: checksum of the others, format, initial key id, counter, then the key of each filled register. */
function bytesOf({ initialKeyId, counter, keys }: DukptRegisters): Buffer {
  const ordered = [...keys].toSorted(([a], [b]) => a - b).map(([, key]) => hex(key));
  const body = [FORMAT, hex(initialKeyId), counter, ...ordered, ""].join("\n");
  return Buffer.from(`${checksumOf(body)}\n${body}`);
}

/** Null when the text is not what {@link bytesOf} wrote. */
function stateOf(text: string): DukptRegisters | null {
  const [checksum, ...lines] = text.split("\n");
  const [format, initialKeyIdHex = "", counterText, ...keyLines] = lines;
  if (format !== FORMAT || checksum !== checksumOf(lines.join("\n"))) return null;
  const counter = Number(counterText);
  const keys = new Map<number, Uint8Array>();
  for (const [index, register] of filledRegisters(counter).entries()) {
    keys.set(register, fromHex(keyLines[index] ?? ""));
  }
  return { initialKeyId: fromHex(initialKeyIdHex), counter, keys };
}

function checksumOf(body: string): string {
  return createHash("sha256").update(body, "latin1").digest("hex");
}

function keyBytes(text: unknown, form: RegExp, name: string): Buffer {
  if (typeof text === "string" && form.test(text)) return fromHex(text);
  throw unusable(`pinKey.${name} is not the hex digits that enrolment gives; enrol the terminal`);
}

function unusable(detail: string, cause?: unknown): PassTpeError {
  return new PassTpeError({ code: "CREDENTIALS_UNREADABLE", detail, cause });
}
