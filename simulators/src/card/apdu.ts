// The commands that a software card understands and the status words that it gives (ISO/IEC 7816-4).

/** A command, taken apart as far as a software card needs it. */
type Command =
  | { readonly name: "selectApplication"; readonly id: string }
  | { readonly name: "selectFile"; readonly id: string }
  /** `length` 0 asks for all that is left. */
  | { readonly name: "readBinary"; readonly offset: number; readonly length: number }
  | { readonly name: "getIdentifier" }
  | { readonly name: "unknown" };

/** The status words that a software card gives, two bytes each. */
export const STATUS = {
  done: Uint8Array.of(0x90, 0x00),
  wrongLength: Uint8Array.of(0x67, 0x00),
  conditionsNotSatisfied: Uint8Array.of(0x69, 0x85),
  noFileSelected: Uint8Array.of(0x69, 0x86),
  notFound: Uint8Array.of(0x6a, 0x82),
  commandNotSupported: Uint8Array.of(0x6d, 0x00),
} as const;

export type StatusName = keyof typeof STATUS;

const SELECT_BY_NAME = "00a404";
const SELECT_BY_FILE_ID = "00a400";
const READ_BINARY = "00b0";
const GET_IDENTIFIER = "ffca0000";

/** Takes a command apart. Identifiers come as lower-case hex; anything cut or foreign is `unknown`. */
export function parseCommand(apdu: Uint8Array): Command {
  const bytes = Buffer.from(apdu);
  const text = bytes.toString("hex");
  if (text.startsWith(GET_IDENTIFIER)) return { name: "getIdentifier" };
  if (text.startsWith(READ_BINARY) && bytes.length === 5) {
    return { name: "readBinary", offset: bytes.readUInt16BE(2), length: bytes.readUInt8(4) };
  }
  const id = selectedId(bytes);
  if (id === null) return { name: "unknown" };
  if (text.startsWith(SELECT_BY_NAME)) return { name: "selectApplication", id };
  if (text.startsWith(SELECT_BY_FILE_ID)) return { name: "selectFile", id };
  return { name: "unknown" };
}

/** What stands in the data field, whose length the fifth byte gives; a length expected may follow it. */
function selectedId(bytes: Buffer): string | null {
  const length = bytes[4];
  if (length === undefined || bytes.length < 5 + length || bytes.length > 6 + length) return null;
  return bytes.subarray(5, 5 + length).toString("hex");
}
