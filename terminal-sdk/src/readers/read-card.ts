// Reads a Pass'Région through any means of sending it commands: as few commands as will do.

import {
  hex,
  isPassCardUri,
  MAX_NDEF_FILE_BYTES,
  type NdefField,
  parseNdefUriFile,
} from "@pass-tpe/protocol/standards";
import {
  type CardAnswer,
  GET_IDENTIFIER,
  parseAnswer,
  READ_BYTES_MAX,
  readBinary,
  SELECT_NDEF_APPLICATION,
  SELECT_NDEF_FILE,
  statusMeaning,
} from "./apdu.js";
import type { Presented, ReadRefusalCode } from "./reader.js";

/** After this time a card that does not answer counts as unreadable. A whole read takes 50 to 150 ms. */
const CARD_READ_DEADLINE_MS = 2_000;

/** Sends one command and gives the whole answer, status word included. May reject: the card is gone. */
export type Transmit = (apdu: Uint8Array) => Promise<Uint8Array>;

export interface ReadCardOptions {
  /**
   * Reads a card without the NDEF application by its static identifier. Off by default: a phone can clone
   * an identifier. Only for a programme whose card generation has nothing better.
   */
  readonly identifierCards?: boolean;
  /** Default {@link CARD_READ_DEADLINE_MS}. */
  readonly deadlineMs?: number;
  /** Runs a function after a while; the returned one calls it off. By default the real timer. */
  readonly after?: (delayMs: number, run: () => void) => () => void;
}

export type CardReading =
  | { readonly ok: true; readonly presented: Presented }
  /** `detail` names the step and the bytes that were wrong, in English; it never holds a card's message. */
  | { readonly ok: false; readonly code: ReadRefusalCode; readonly detail: string };

/** Where a read stands, as its refusals name it. */
type Step = "select application" | "select file" | "read file" | "get identifier";

class ReadRefusal extends Error {
  readonly code: ReadRefusalCode;
  constructor(code: ReadRefusalCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Reads the card that lies on a reader: SELECT the NDEF application, SELECT its file, READ BINARY, three
 * commands for a Pass'Région. It never rejects.
 *
 * `NOT_A_PASS_CARD`: a phone, a bank card, a tag with another address. `CARD_UNREADABLE`: the card was taken
 * away, does not answer before the deadline, or its file is cut. Either way the card can be presented again.
 *
 * Source: NFC Forum Type 4 Tag 2.0, section 7 (NDEF detection and read procedure).
 */
export async function readCard(
  transmit: Transmit,
  options: ReadCardOptions = {},
): Promise<CardReading> {
  const deadlineMs = options.deadlineMs ?? CARD_READ_DEADLINE_MS;
  const deadline = startDeadline(deadlineMs, options.after ?? afterTimeout);
  // A card that wakes up after the deadline is sent nothing more: its read has been answered for.
  const inTime: Transmit = async (apdu) => {
    if (deadline.isOver()) throw new Error("past the deadline");
    return transmit(apdu);
  };
  try {
    const presented = await Promise.race([readPresented(inTime, options), deadline.over]);
    return { ok: true, presented };
  } catch (error) {
    if (error instanceof ReadRefusal) {
      return { ok: false, code: error.code, detail: error.message };
    }
    // Its message is not passed on: it could quote what the card said.
    const kind = error instanceof Error ? error.name : typeof error;
    return { ok: false, code: "CARD_UNREADABLE", detail: `the reader failed: ${kind}` };
  } finally {
    deadline.stop();
  }
}

function startDeadline(deadlineMs: number, after: NonNullable<ReadCardOptions["after"]>) {
  let isOver = false;
  let stop = () => {};
  const over = new Promise<never>((_, reject) => {
    stop = after(deadlineMs, () => {
      isOver = true;
      reject(new ReadRefusal("CARD_UNREADABLE", `no answer from the card within ${deadlineMs} ms`));
    });
  });
  return { over, isOver: () => isOver, stop };
}

function afterTimeout(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

async function readPresented(transmit: Transmit, options: ReadCardOptions): Promise<Presented> {
  const selected = await send(transmit, "select application", SELECT_NDEF_APPLICATION);
  if (options.identifierCards === true && selected.statusWord !== 0x9000) {
    return readIdentifier(transmit);
  }
  usable("select application", selected);
  usable("select file", await send(transmit, "select file", SELECT_NDEF_FILE));
  return { kind: "nfcMessage", message: passCardUri(await readNdefFile(transmit)) };
}

async function readNdefFile(transmit: Transmit): Promise<Buffer> {
  let file = await readAt(transmit, { offset: 0, length: READ_BYTES_MAX });
  const wantedBytes = file.length < 2 ? 0 : 2 + file.readUInt16BE(0);
  if (wantedBytes > MAX_NDEF_FILE_BYTES) {
    const detail = `read file: the length ${hex(file.subarray(0, 2))} is above ${MAX_NDEF_FILE_BYTES} bytes`;
    throw new ReadRefusal("CARD_UNREADABLE", detail);
  }
  while (file.length < wantedBytes) {
    const length = Math.min(READ_BYTES_MAX, wantedBytes - file.length);
    const more = await readAt(transmit, { offset: file.length, length });
    if (more.length === 0) break;
    file = Buffer.concat([file, more]);
  }
  return file;
}

/** What a wrong field of the file says: another kind of tag, or a file that was cut. */
const REFUSAL_OF_FIELD: Readonly<Record<NdefField, ReadRefusalCode>> = {
  file: "CARD_UNREADABLE",
  nlen: "CARD_UNREADABLE",
  header: "NOT_A_PASS_CARD",
  "payload length": "CARD_UNREADABLE",
  type: "NOT_A_PASS_CARD",
  beginning: "NOT_A_PASS_CARD",
  uri: "NOT_A_PASS_CARD",
};

function passCardUri(file: Buffer): string {
  const parsed = parseNdefUriFile(file);
  if (!parsed.ok) {
    // The bytes of the address itself could hold a message, so that field is named without them.
    const what = parsed.field === "uri" ? "uri is not printable ASCII" : parsed.reason;
    throw new ReadRefusal(REFUSAL_OF_FIELD[parsed.field], `read file: NDEF ${what}`);
  }
  if (!isPassCardUri(parsed.uri)) {
    throw new ReadRefusal("NOT_A_PASS_CARD", "read file: the address is not a Pass'Région card's");
  }
  return parsed.uri;
}

/** A single-size identifier that begins with 08 is drawn anew each time (ISO/IEC 14443-3, section 6.5.4). */
const RANDOM_IDENTIFIER = /^08.{6}$/;
const IDENTIFIER_BYTES: readonly number[] = [4, 7, 10];

async function readIdentifier(transmit: Transmit): Promise<Presented> {
  const answer = await send(transmit, "get identifier", GET_IDENTIFIER);
  usable("get identifier", answer);
  const identifier = hex(answer.data).toUpperCase();
  if (!IDENTIFIER_BYTES.includes(answer.data.length)) {
    const detail = `get identifier: ${answer.data.length} bytes are not an identifier`;
    throw new ReadRefusal("CARD_UNREADABLE", detail);
  }
  if (RANDOM_IDENTIFIER.test(identifier)) {
    throw new ReadRefusal("NOT_A_PASS_CARD", "get identifier: a random one, as phones show");
  }
  return { kind: "nfcIdentifier", identifier };
}

async function readAt(
  transmit: Transmit,
  range: { offset: number; length: number },
): Promise<Buffer> {
  const answer = await send(transmit, "read file", readBinary(range));
  usable("read file", answer);
  return Buffer.from(answer.data.subarray(0, range.length));
}

async function send(transmit: Transmit, step: Step, apdu: Uint8Array): Promise<CardAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await transmit(apdu);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : "no reason given";
    throw new ReadRefusal("CARD_UNREADABLE", `${step}: ${why}`);
  }
  const answer = parseAnswer(bytes);
  if (answer !== null) return answer;
  const detail = `${step}: ${bytes.length} bytes came back, the card was taken away`;
  throw new ReadRefusal("CARD_UNREADABLE", detail);
}

function usable(step: Step, { statusWord }: CardAnswer): void {
  const { meaning, refusal } = statusMeaning(statusWord);
  if (refusal === null) return;
  const word = statusWord.toString(16).toUpperCase().padStart(4, "0");
  throw new ReadRefusal(refusal, `${step}: status ${word}, ${meaning}`);
}
