// Cuts a stream of bytes into numbered lines of bounded length, as many at a time as have arrived.

/** A longer line is reported and left out; the largest well-formed event is below 4 KiB. */
export const LINE_BYTES_MAX = 16 * 1024;

/** One line that is not blank: its JSON, or what is wrong with it. Numbers count every line from 1. */
export type Line =
  | { readonly number: number; readonly json: unknown }
  | { readonly number: number; readonly fault: string };

const NEWLINE = 0x0a;

/** Yields the lines of a stream, grouped as they arrive. Never holds more than one chunk and one line. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const parse = createParser();
  let rest: LineStart = { bytes: Buffer.alloc(0), isTooLong: false };
  for await (const chunk of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      lines.push(...parse(grown(rest, chunk.subarray(from, at))));
      rest = { bytes: Buffer.alloc(0), isTooLong: false };
      from = at + 1;
    }
    rest = grown(rest, chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  const last = parse(rest);
  if (last.length > 0) yield last;
}

/** What has been read of a line so far. */
interface LineStart {
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
}

function grown(start: LineStart, more: Uint8Array): LineStart {
  const isTooLong = start.isTooLong || start.bytes.length + more.length > LINE_BYTES_MAX;
  return { isTooLong, bytes: isTooLong ? Buffer.alloc(0) : Buffer.concat([start.bytes, more]) };
}

/** Reads one line after the other; gives nothing for a blank one. */
function createParser(): (line: LineStart) => readonly Line[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  return ({ bytes, isTooLong }) => {
    number += 1;
    if (isTooLong) return [{ number, fault: `is longer than ${LINE_BYTES_MAX} bytes` }];
    try {
      const text = decoder.decode(bytes).trim();
      return text === "" ? [] : [{ number, json: JSON.parse(text) }];
    } catch {
      // Not the parser's own words: they repeat the text.
      return [{ number, fault: "is not JSON in UTF-8" }];
    }
  };
}
