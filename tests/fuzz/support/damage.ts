// Valid bytes and texts that were cut, changed, repeated or made too long, beside what was never valid.

import fc from "fast-check";

/** One wound; its place is in thousandths of the length, so that it fits whatever is hurt. */
interface Wound {
  readonly kind: "change" | "cut end" | "cut start" | "leave out" | "repeat" | "insert" | "inflate";
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

const WOUNDS_MAX = 4;
const INFLATED_TIMES_MAX = 40;
/** Four wounds could make gigabytes of a page; this is above the limit of every body and line. */
const INFLATED_BYTES_MAX = 64 * 1024;

const wound: fc.Arbitrary<Wound> = fc.record({
  kind: fc.constantFrom(
    ...(["change", "change", "cut end", "cut start", "leave out", "repeat", "insert"] as const),
    "inflate",
  ),
  at: fc.nat(1_000),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.nat(255),
});

/** Bytes of any length up to a limit. */
export function anyBytes(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength, size: "max" });
}

/** Valid bytes with up to {@link WOUNDS_MAX} wounds; some have none. */
export function damaged(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(valid, fc.array(wound, { maxLength: WOUNDS_MAX }))
    .map(([bytes, wounds]) => wounds.reduce<Uint8Array>(hurt, bytes));
}

/** Damaged bytes, or any at all. */
export function hostileBytes(valid: Uint8Array, maxLength = 512): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { arbitrary: damaged(fc.constant(valid)), weight: 4 },
    { arbitrary: anyBytes(maxLength), weight: 1 },
  );
}

function hurt(bytes: Uint8Array, { kind, at, length, value }: Wound): Uint8Array {
  const place = Math.floor((bytes.length * at) / 1_001);
  const [before, from] = [bytes.subarray(0, place), bytes.subarray(place)];
  const piece = from.subarray(0, length);
  const after = from.subarray(length);
  switch (kind) {
    case "change":
      return Buffer.concat([before, Buffer.of(value), from.subarray(1)]);
    case "cut end":
      return before;
    case "cut start":
      return from;
    case "leave out":
      return Buffer.concat([before, after]);
    case "repeat":
      return Buffer.concat([before, piece, piece, after]);
    case "insert":
      return Buffer.concat([before, Buffer.alloc(length, value), from]);
    case "inflate": {
      const times = Math.min(1 + (value % INFLATED_TIMES_MAX), INFLATED_BYTES_MAX / bytes.length);
      return Buffer.concat(Array.from({ length: Math.max(1, times) }, () => bytes));
    }
  }
}

/** What breaks parsers of text: ends of lines, quotes, look-alikes, halves of characters, names of prototypes. */
const ODDITIES: readonly string[] = [
  ...["\0", "\r\n", "\t", '"', "\\", "'", "é", "０", "٣", "𝟘", "\u{1f4b3}", "\ud800", "\u202e"],
  ...["\u00a0", "\ufeff", "__proto__", "constructor", "-", ".", "]Q1", "%00", "%ff", "ı", "ß"],
];

/** A valid text with wounds and oddities in it, or any text at all. */
export function hostileText(valid: string): fc.Arbitrary<string> {
  const wounded = damaged(fc.constant(Buffer.from(valid))).map((bytes) =>
    Buffer.from(bytes).toString(),
  );
  const odd = fc
    .tuple(wounded, fc.nat(1_000), fc.constantFrom(...ODDITIES))
    .map(([text, at, oddity]) => {
      const place = Math.floor((text.length * at) / 1_000);
      return text.slice(0, place) + oddity + text.slice(place);
    });
  return fc.oneof(
    { arbitrary: wounded, weight: 3 },
    { arbitrary: odd, weight: 2 },
    { arbitrary: fc.string({ unit: "binary", maxLength: 400, size: "max" }), weight: 1 },
  );
}

/** The bytes in pieces of any size, none left out. */
export function inPieces(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(from, from + size));
    from += size;
  }
  return [...pieces, bytes.subarray(from)];
}

/** Sizes for {@link inPieces}. */
export const pieceSizes: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(30), { maxLength: 60 });
