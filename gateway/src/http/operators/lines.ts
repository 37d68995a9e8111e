// Cuts a stream of bytes into numbered lines of bounded length, as many at a time as have arrived.

/** A longer line is reported and left out; the largest well-formed event is below 4 KiB. */
export const LINE_BYTES_MAX = 16 * 1024;

/** One line that is not blank: its JSON, or what is wrong with it. Numbers count every line from 1. */
export type Line =
  | { readonly number: number; readonly json: unknown }
  | { readonly number: number; readonly fault: string };

const NEWLINE = 0x0a;

/** One line as it was cut; what is too long is not kept. */
interface CutLine {
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
}

const EMPTY: CutLine = { bytes: Buffer.alloc(0), isTooLong: false };

/** Yields the lines of a stream, grouped as they arrive. Never holds more than one chunk and one line. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const parse = createParser();
  for await (const cut of cutLines(stream)) {
    const lines = cut.flatMap(parse);
    if (lines.length > 0) yield lines;
  }
}

/** Cuts a stream at its line ends. The last line needs none. */
export async function* cutLines(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly CutLine[]> {
  let rest = EMPTY;
  for await (const chunk of stream) {
    const lines: CutLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      lines.push(grown(rest, chunk.subarray(from, at)));
      rest = EMPTY;
      from = at + 1;
    }
    rest = grown(rest, chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (rest.isTooLong || rest.bytes.length > 0) yield [rest];
}

function grown(start: CutLine, more: Uint8Array): CutLine {
  const isTooLong = start.isTooLong || start.bytes.length + more.length > LINE_BYTES_MAX;
  return { isTooLong, bytes: isTooLong ? EMPTY.bytes : Buffer.concat([start.bytes, more]) };
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Whether a line is left out, without number or answer of its own. */
export function isBlank({ bytes, isTooLong }: CutLine): boolean {
  return !isTooLong && textOf(bytes)?.trim() === "";
}

/** Null where it is not UTF-8. */
function textOf(bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Reads one line after the other; gives nothing for a blank one. */
function createParser(): (line: CutLine) => readonly Line[] {
  let number = 0;
  return (line) => {
    number += 1;
    if (line.isTooLong) return [{ number, fault: `is longer than ${LINE_BYTES_MAX} bytes` }];
    const text = textOf(line.bytes)?.trim() ?? null;
    return text === "" ? [] : [{ number, ...jsonOf(text) }];
  };
}

function jsonOf(text: string | null): { readonly json: unknown } | { readonly fault: string } {
  try {
    if (text !== null) return { json: JSON.parse(text) };
  } catch {
    // Not the parser's own words: they repeat the text.
  }
  return { fault: "is not JSON in UTF-8" };
}
