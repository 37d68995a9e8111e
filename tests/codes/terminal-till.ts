// A till in whose place a real Terminal speaks: what rows of the code table send by hand is sold, captured and refunded by the SDK.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerminalCredentials } from "@pass-tpe/gateway";
import type { Evidence } from "@pass-tpe/protocol";
import {
  type CardReader,
  type PinPad,
  type Presented,
  type SaleRequest,
  Terminal,
  type TerminalClock,
} from "@pass-tpe/terminal-sdk";
import { type Heard, type RawTill, rawTill, type SaleFields } from "./raw-till.js";
import type { SdkShown } from "./row.js";

/** The terminal's own time beside the gateway's: its default. */
const MARGIN_MS = 1_000;

/** Of an id: 48 bits of time, then what is random (RFC 9562 §5.7). */
const TIME_HEX = 12;

/**
 * Speaks to a gateway by a new Terminal for each request, under the ids that it is given, each with a journal of its
 * own. What the SDK never sends goes out by hand, and is then shown by nobody.
 */
export function terminalTill(url: string, credentials: TerminalCredentials): RawTill {
  const byHand = rawTill(url, credentials);
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-codes-"));
  let opened = 0;
  const at = async <T>(options: Opened, work: (terminal: Terminal) => Promise<T>): Promise<T> => {
    const { id, evidence, deadlineMs } = options;
    opened += 1;
    const terminal = await Terminal.open({
      gateway: url,
      credentials,
      journal: join(folder, `journal-${opened}`),
      readers: evidence === undefined ? [] : [handReader(evidence)],
      ...padFor(byHand, evidence),
      ...(id === undefined ? {} : partsThatMake(id)),
      ...(deadlineMs === undefined ? {} : { deadlines: { saleMs: deadlineMs + MARGIN_MS } }),
    });
    try {
      return await work(terminal);
    } finally {
      await terminal.close();
    }
  };
  return {
    ...byHand,
    sell: (sale) => at(sale, (terminal) => sell(terminal, requestOf(sale))),
    inquire: ({ evidence }) =>
      at({ evidence }, async (terminal) => shown(await terminal.inquire())),
    capture: (id, part = {}) =>
      at({}, async (terminal) => shown(await terminal.capture(String(id), part))),
    refund: (of, part = {}) => {
      const { id: refundId = byHand.newId(), ...asked } = part as { id?: string };
      const request = { of: String(of), refundId, ...asked };
      return at({}, async (terminal) => shown(await terminal.refund(request)));
    },
    reverse: (id, reason) =>
      reason === "automatic"
        ? byHand.reverse(id, reason)
        : at({}, async (terminal) => shown(await terminal.reverse(String(id)))),
    close() {
      byHand.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Opened {
  readonly id?: string;
  readonly evidence?: Evidence;
  readonly deadlineMs?: number;
}

/** A presentation that is refused at the reader is what the till is shown; nothing better comes. */
async function sell(terminal: Terminal, request: SaleRequest): Promise<Heard> {
  let refused: SdkShown | null = null;
  terminal.on("readRefused", (event) => {
    refused = event;
    void terminal.cancel();
  });
  const result = await terminal.sell(request);
  return shown(refused ?? result);
}

/** The status is the SDK's own affair. */
function shown(result: SdkShown): Heard {
  return { status: 0, body: { ...result }, shown: result };
}

function requestOf(sale: SaleFields): SaleRequest {
  const { id: _, evidence, avantage = "", deadlineMs: __, stepUpOf: ___, ...asked } = sale;
  const proof = evidence.type === "proofRef" ? { proofRef: evidence.proofRef } : {};
  return { avantage, ...asked, ...proof };
}

/** Has what the evidence was made of presented once, as soon as a card is asked for. */
function handReader(evidence: Evidence): CardReader {
  let present: () => void = () => undefined;
  return {
    name: "hand",
    async open(sink) {
      sink({ type: "state", state: { status: "ready" } });
      const presented = presentedFrom(evidence);
      if (presented) present = () => sink({ type: "presented", presented, readMs: 1 });
    },
    arm() {
      queueMicrotask(present);
      present = () => undefined;
    },
    disarm: () => undefined,
    close: async () => undefined,
  };
}

function presentedFrom(evidence: Evidence): Presented | null {
  switch (evidence.type) {
    case "nfc":
      return "message" in evidence
        ? { kind: "nfcMessage", message: evidence.message }
        : { kind: "nfcIdentifier", identifier: evidence.identifier };
    case "qr":
      return { kind: "qr", text: evidence.token };
    case "keyed":
      return { kind: "keyed", cardNumber: evidence.cardNumber };
    default:
      return null;
  }
}

/** A pad that gives the block of the evidence; none for a tap, which then cannot be followed by a code secret. */
function padFor(byHand: RawTill, evidence: Evidence | undefined): { readonly pinPad?: PinPad } {
  if (evidence?.type !== "qr" && evidence?.type !== "keyed") return {};
  const { pinBlock } = evidence;
  const pinPad: PinPad = {
    name: "hand",
    requestPin: async ({ cardNumber }) => ({
      ok: true,
      pinBlock: pinBlock ?? byHand.pinBlock(cardNumber, "0000"),
    }),
    close: async () => undefined,
  };
  return { pinPad };
}

/** Clock and randomness of which the SDK makes this very id. */
function partsThatMake(id: string): { clock: TerminalClock; random: () => Uint8Array } {
  const digits = id.replaceAll("-", "");
  const madeAtMs = Number.parseInt(digits.slice(0, TIME_HEX), 16);
  const clock: TerminalClock = {
    nowMs: () => madeAtMs,
    monotonicMs: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
  return { clock, random: () => Buffer.from(digits.slice(TIME_HEX), "hex") };
}
