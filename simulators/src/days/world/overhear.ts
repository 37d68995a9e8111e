// Understands what went over the wire, as far as it is needed: which request an answer that arrived whole belongs to.

import type { Overheard } from "./network.js";

/** A request, whole. */
export interface Asked {
  readonly terminal: string;
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** A request and its answer, both whole. */
export interface Exchanged extends Asked {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>> | null;
}

interface Message {
  readonly startLine: string;
  readonly body: string;
}

interface Conversation {
  up: Buffer;
  down: Buffer;
  readonly asked: Asked[];
}

const NOTHING = Buffer.alloc(0);

/** Listens in on every connection. HTTP/1.1 with content lengths is all that the two ends speak. */
export function overhear(told: {
  readonly onArrived: (asked: Asked) => void;
  readonly onExchanged: (exchanged: Exchanged) => void;
}): Overheard {
  const conversations = new Map<number, Conversation>();
  return ({ terminal, connection, direction, bytes }) => {
    const known = conversations.get(connection);
    const conversation = known ?? { up: NOTHING, down: NOTHING, asked: [] };
    if (known === undefined) conversations.set(connection, conversation);
    conversation[direction] = Buffer.concat([conversation[direction], bytes]);
    for (;;) {
      const taken = takeMessage(conversation[direction]);
      if (taken === null) return;
      conversation[direction] = taken.rest;
      if (direction === "up") {
        const arrived = askedBy(terminal, taken.message);
        conversation.asked.push(arrived);
        told.onArrived(arrived);
        continue;
      }
      const asked = conversation.asked.shift();
      if (asked === undefined) continue;
      const status = Number(taken.message.startLine.split(" ")[1]);
      told.onExchanged({ ...asked, status, answer: parse(taken.message.body) });
    }
  };
}

/** The request that bytes begin with; null where they are not one whole. */
export function requestIn(terminal: string, bytes: Buffer): Asked | null {
  const taken = takeMessage(bytes);
  return taken && askedBy(terminal, taken.message);
}

function askedBy(terminal: string, { startLine, body }: Message): Asked {
  const [method = "", path = ""] = startLine.split(" ");
  return { terminal, method, path, body: parse(body) };
}

function takeMessage(bytes: Buffer): { message: Message; rest: Buffer } | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const head = bytes.subarray(0, headEnd).toString("latin1");
  const length = Number(/\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  if (bytes.length < end) return null;
  const [startLine = ""] = head.split("\r\n", 1);
  const body = bytes.subarray(headEnd + 4, end).toString("utf8");
  return { message: { startLine, body }, rest: bytes.subarray(end) };
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
