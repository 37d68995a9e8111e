// Lines out of the bytes of a serial scanner, which arrive in pieces of any size.

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const QR_SYMBOLOGY = /^\]Q[0-6]/;
const AIM_MARK = "]";
const AIM_LENGTH = 3;

/** What a scanner read: the content of a QR code, or a line that is none. */
export type ScanLine =
  | {
      ok: true;
      /** The AIM identifier of ISO/IEC 15424 that stood before the payload, such as `]Q1`. */
      aim: string | null;
      payload: string;
    }
  | {
      ok: false;
      reason: "too-long" | "not-ascii" | "wrong-symbology";
      /** The line, its first `maxLength` bytes at most, with unprintable bytes as `\xNN`. */
      raw: string;
    };

export type ScanLineParser = {
  /** Takes the next bytes and gives the lines they complete. */
  push(chunk: Uint8Array): ScanLine[];
  /**
   * Ends the line begun, if any, and gives it. Call it when the scanner has been silent for a
   * while: some send no line end after a code.
   */
  flush(): ScanLine[];
};

/**
 * A parser for one scanner. Lines end with CR, LF or CR LF; empty ones are left out; any symbology
 * but QR is refused where the scanner names it.
 *
 * @param options.maxLength the longest line in bytes, AIM identifier included; the rest of a longer
 * one is dropped unread, so that memory stays bounded.
 */
export function createScanLineParser(options: { maxLength: number }): ScanLineParser {
  const { maxLength } = options;
  let line: number[] = [];
  let isTooLong = false;

  function endLine(): ScanLine[] {
    const ended = line;
    const wasTooLong = isTooLong;
    line = [];
    isTooLong = false;
    return ended.length === 0 ? [] : [readLine(Buffer.from(ended), wasTooLong)];
  }

  function take(byte: number): ScanLine[] {
    if (byte === CARRIAGE_RETURN || byte === LINE_FEED) return endLine();
    if (line.length < maxLength) line.push(byte);
    else isTooLong = true;
    return [];
  }

  return { push: (chunk) => Array.from(chunk).flatMap(take), flush: endLine };
}

function readLine(bytes: Buffer, isTooLong: boolean): ScanLine {
  const text = bytes.toString("latin1");
  const refuse = (reason: "too-long" | "not-ascii" | "wrong-symbology"): ScanLine => ({
    ok: false,
    reason,
    raw: escaped(bytes),
  });
  if (isTooLong) return refuse("too-long");
  if (!PRINTABLE_ASCII.test(text)) return refuse("not-ascii");
  if (!text.startsWith(AIM_MARK)) return { ok: true, aim: null, payload: text };
  if (!QR_SYMBOLOGY.test(text)) return refuse("wrong-symbology");
  return { ok: true, aim: text.slice(0, AIM_LENGTH), payload: text.slice(AIM_LENGTH) };
}

function escaped(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    const isPrintable = PRINTABLE_ASCII.test(character);
    return isPrintable ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}
