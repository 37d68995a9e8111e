// PostgreSQL's wire protocol, version 3, as far as a proxy has to read it: where messages end, and what a client runs.

/** One whole message. */
export interface Message {
  /** Its first byte as a letter; null for what a client sends before it has said who it is. */
  readonly type: string | null;
  readonly bytes: Buffer;
}

const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;
const BODY_AT = TYPE_BYTES + LENGTH_BYTES;
/** Protocol 3.0: what comes after it has a type. */
const STARTUP = 0x0003_0000;
/** May the connection be encrypted, by TLS or GSSAPI? */
const ENCRYPTION = [80_877_103, 80_877_104];

/** What a message without a type is about. */
const codeOf = (bytes: Buffer) => bytes.readInt32BE(LENGTH_BYTES);

/** Whether a message asks for encryption. Its answer is one byte, without a length: no message at all. */
export function asksForEncryption({ type, bytes }: Message): boolean {
  return type === null && ENCRYPTION.includes(codeOf(bytes));
}

/** Cuts what comes from one end into messages: give it each chunk, and it gives those that are whole by then. */
export function messageCutter(from: "client" | "server"): (chunk: Buffer) => readonly Message[] {
  let rest = Buffer.alloc(0);
  let isTyped = from === "server";
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const head = isTyped ? TYPE_BYTES : 0;
      if (rest.length < head + LENGTH_BYTES) return messages;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return messages;
      const bytes = rest.subarray(0, end);
      rest = rest.subarray(end);
      messages.push({ type: isTyped ? String.fromCharCode(bytes[0] ?? 0) : null, bytes });
      if (!isTyped && codeOf(bytes) === STARTUP) isTyped = true;
    }
  };
}

/** Follows what a client prepares and binds: give it each message, and it gives the statement that is run by it, if any. */
export function statementReader(): (message: Message) => string | null {
  const prepared = new Map<string, string>();
  const bound = new Map<string, string>();
  return ({ type, bytes }) => {
    const [first = "", second = ""] = type === null ? [] : twoStrings(bytes);
    switch (type) {
      case "Q":
        return first;
      case "P":
        prepared.set(first, second);
        return null;
      case "B":
        bound.set(first, prepared.get(second) ?? "");
        return null;
      case "E":
        return bound.get(first) ?? null;
      default:
        return null;
    }
  };
}

/** The first two zero-ended strings of a message's body; of most messages they mean nothing. */
function twoStrings(bytes: Buffer): readonly [string, string] {
  const firstEnd = bytes.indexOf(0, BODY_AT);
  if (firstEnd === -1) return ["", ""];
  const secondEnd = bytes.indexOf(0, firstEnd + 1);
  const second = secondEnd === -1 ? "" : bytes.toString("utf8", firstEnd + 1, secondEnd);
  return [bytes.toString("utf8", BODY_AT, firstEnd), second];
}
