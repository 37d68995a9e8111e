// Bytes in pieces of any size: what scanners, the virtual reader and senders of events write, and QR codes in them.

import {
  createScanLineParser,
  ed25519KeysFromSeed,
  signQrToken,
  withLuhn,
} from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import { expect } from "vitest";
import { LINE_BYTES_MAX, type Line, linesOf } from "../../gateway/src/http/operators/lines.js";
import { createVpcdFrameParser, vpcdFrame } from "../../simulators/src/readers/vpcd-frame.js";
import { checkQr } from "../../terminal-sdk/src/sale/qr-check.js";
import { anyBytes, damaged, hostileText, inPieces, pieceSizes } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";
import { hostileBody } from "./support/json.js";

const { privateKey, publicKey } = ed25519KeysFromSeed(new Uint8Array(32).fill(7));
const CARD_NUMBER = withLuhn("915000000000001");
const PRINTED = signQrToken({
  privateKey,
  token: { kind: "printed", keyId: "1", cardNumber: CARD_NUMBER },
});
const APP = signQrToken({
  privateKey,
  token: {
    kind: "app",
    keyId: "1",
    cardNumber: CARD_NUMBER,
    issuedAtSeconds: 1_700_000_000,
    nonce: new Uint8Array(8).fill(9),
  },
});
const TOKENS: readonly string[] = [PRINTED, APP];
const KEYS = new Map([["1", publicKey]]);

const LINE_MAX = 256;
const scanned = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "]Q1", "]Q6", "]Q7", "]E0", "]", "]Q"),
      fc.oneof(hostileText(PRINTED), hostileText(APP), fc.constant(PRINTED)),
      fc.constantFrom("\r\n", "\r", "\n", "\n\n", ""),
    ),
    { maxLength: 5 },
  )
  .map((parts) => Buffer.from(parts.flat().join("")));

fuzz(
  "a scanner's bytes are the same lines however they are cut, and no longer than allowed",
  { usual: 600, cases: fc.tuple(fc.oneof(scanned, anyBytes(800)), pieceSizes) },
  ([bytes, sizes]) => {
    const read = (pieces: readonly Uint8Array[]) => {
      const parser = createScanLineParser({ maxLength: LINE_MAX });
      return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.flush()];
    };
    const lines = read(inPieces(bytes, sizes));
    expect(JSON.stringify(lines)).toBe(JSON.stringify(read([bytes])));
    for (const line of lines) {
      if (line.ok) expect(line.payload).toMatch(/^[\x20-\x7e]{0,256}$/);
      else expect(line.raw).toMatch(/^[\x20-\x7e]{1,1024}$/);
    }
  },
);

fuzz(
  "of a token that was changed in any way, none is taken by a terminal",
  { usual: 3_000, cases: fc.oneof(...TOKENS.map(hostileText)) },
  (text) => {
    const check = checkQr({ text, keys: KEYS, bareNumbers: false });
    expect(check.ok).toBe(TOKENS.includes(text));
    if (!check.ok) expect(check.detail).not.toContain(CARD_NUMBER);
  },
);

const frames = fc
  .array(
    fc.oneof(
      fc.constantFrom(0, 1, 2, 4, 9).map((it) => Buffer.of(it)),
      anyBytes(300),
    ),
    {
      maxLength: 6,
    },
  )
  .map((bodies) => Buffer.concat(bodies.map((body) => vpcdFrame(body))));

fuzz(
  "the virtual reader's frames are the same messages however they are cut",
  { usual: 600, cases: fc.tuple(fc.oneof(frames, damaged(frames), anyBytes(800)), pieceSizes) },
  ([bytes, sizes]) => {
    const inPiecesParser = createVpcdFrameParser();
    const messages = inPieces(bytes, sizes).flatMap((piece) => inPiecesParser(piece));
    expect(JSON.stringify(messages)).toBe(JSON.stringify(createVpcdFrameParser()(bytes)));
    const taken = messages.reduce(
      (sum, it) => sum + (it.type === "apdu" ? it.apdu.length : 1) + 2,
      0,
    );
    expect(taken).toBeLessThanOrEqual(bytes.length);
  },
);

const EVENT = { id: "019ad0f0-0000-7000-8000-000000000001", type: "card.lost", beneficiary: "D-1" };
const sentLines = fc
  .array(fc.oneof(hostileBody(EVENT), fc.constant(Buffer.alloc(LINE_BYTES_MAX + 1, 0x20))), {
    maxLength: 5,
  })
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])));

fuzz(
  "a file of events is the same lines however it arrives, each JSON or refused",
  { usual: 300, cases: fc.tuple(fc.oneof(sentLines, damaged(sentLines)), pieceSizes) },
  async ([bytes, sizes]) => {
    const read = async (pieces: readonly Uint8Array[]) => {
      const lines: Line[] = [];
      async function* stream() {
        yield* pieces;
      }
      for await (const group of linesOf(stream())) lines.push(...group);
      return lines;
    };
    const lines = await read(inPieces(bytes, sizes));
    // As text: an object may have a key of its own called __proto__, which `toEqual` does not look at.
    expect(JSON.stringify(lines)).toBe(JSON.stringify(await read([bytes])));
    expect(Object.getPrototypeOf({})).not.toHaveProperty("polluted");
  },
);
