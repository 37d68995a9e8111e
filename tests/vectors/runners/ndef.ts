// Runs the vectors of the card's file: the address in it, and where the card writes its identity and its code.
import { strict as assert } from "node:assert";
import { buildNdefUriFile, hex, parseNdefUriFile } from "@pass-tpe/protocol/standards";
import { bytes, type Fields, type Runner } from "../vector-file.js";

/** After the file's length (2 bytes) the record's head (4), the code of the address's beginning (1) and its rest. */
const NLEN_BYTES = 2;
const CODE_AT = 6;
const REST_AT = 7;

const HEX = "[0-9a-f]";
/** What a template holds where the card writes; else any digits, as in a file that was read. */
const DIGITS: readonly string[] = ["0", HEX];

export const ndefRunners: Readonly<Record<string, Runner>> = {
  ndef_offsets: runNdefOffsets,
  ndef_parse_sun: (input) => ({ url: readUri(bytes(input, "ndefFileHex")) }),
};

function readUri(file: Buffer): string {
  const parsed = parseNdefUriFile(file);
  assert(parsed.ok, "the file must hold an address");
  return parsed.uri;
}

function runNdefOffsets(input: Fields): Fields {
  const file = bytes(input, "ndefFileHex");
  const uri = readUri(file);
  const nlen = file.readUInt16BE(0);
  const whole = file.subarray(0, NLEN_BYTES + nlen);
  const built = buildNdefUriFile(uri);
  // A file may shorten a beginning by less than it could: what is built never does.
  if (built[CODE_AT] === whole[CODE_AT]) assert.equal(hex(built), hex(whole));
  const rest = whole.subarray(REST_AT).toString("latin1");
  assert(uri.endsWith(rest));
  return {
    nlen,
    recordHeader: hex(whole.subarray(NLEN_BYTES, CODE_AT)),
    uriPrefixCode: whole[CODE_AT],
    uri: rest,
    piccDataOffset: offsetOf(rest, piccDataBefore),
    sdmMacOffset: offsetOf(rest, macBefore),
  };
}

/** Where the match of the first pattern that has one ends, from the start of the file; null where none has. */
function offsetOf(rest: string, before: (digit: string) => RegExp): number | null {
  for (const digit of DIGITS) {
    const match = before(digit).exec(rest);
    if (match) return REST_AT + match[0].length;
  }
  return null;
}

/** All before the first 32 digits, which end there or have just the code's 16 behind them. */
function piccDataBefore(digit: string): RegExp {
  return new RegExp(
    `^.*?(?<!${HEX})(?=${digit}{32}(?!${HEX})|${digit}{32}${digit}{16}(?!${HEX}))`,
    "is",
  );
}

/** All before the last 16 digits, whatever the programme calls them. */
function macBefore(digit: string): RegExp {
  return new RegExp(`^.*(?<!${HEX})(?:${digit}{32})?(?=${digit}{16}(?!${HEX}))`, "is");
}
