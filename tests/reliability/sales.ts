// What the terminals of the kill test send: a seeded mix of taps, scans and typed numbers, some with wrong PINs.

import { randomBytes } from "node:crypto";
import type { Gateway, TerminalCredentials } from "@pass-tpe/gateway";
import { type Evidence, type PinBlock, uuidV7 } from "@pass-tpe/protocol";
import {
  deriveWorkingKey,
  encryptPinBlock,
  formatKsn,
  nextCounter,
} from "@pass-tpe/protocol/standards";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { seededRandom } from "../support/random.js";
import { TEST_PIN, type TestCard } from "../support/running-gateway.js";

const WRONG_PIN = "9999";
const PURCHASE_CENTS_MAX = 2_000;

/** The cards that one terminal sees. */
export interface Customers {
  /** Comes to this terminal alone. */
  readonly own: TestCard;
  /** Is at every terminal at once, and its grant runs out. */
  readonly shared: TestCard;
  /** Somebody guesses the PINs of these, at every terminal. */
  readonly attacked: readonly TestCard[];
}

export interface Sale {
  readonly id: string;
  readonly evidence: Evidence;
  readonly avantage: string;
  readonly purchaseCents: number;
}

type PinPad = (entry: { readonly card: TestCard; readonly pin: string }) => PinBlock;

/** A PIN pad of one terminal: each block under the next key (ISO 9564-1 format 4, AES DUKPT). */
function pinPad({ pinKey }: TerminalCredentials): PinPad {
  const initialKey = Buffer.from(pinKey.initialKeyHex, "hex");
  const initialKeyId = Buffer.from(pinKey.initialKeyIdHex, "hex");
  let counter = 0;
  return ({ card: { cardNumber }, pin }) => {
    counter = nextCounter(counter) ?? 0;
    const key = deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" });
    const block = encryptPinBlock({ key, pin, cardNumber, random8: randomBytes(8) });
    return {
      ksn: formatKsn({ initialKeyId, counter }),
      block: block.toString("hex").toUpperCase(),
    };
  };
}

/** The same sale under an id of its own: what somebody sends who recorded the card's message or the PIN block. */
export function replayOf(sale: Sale): Sale {
  return { ...sale, id: newId() };
}

function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

/** Makes one terminal's sales. The seed fixes their kinds, cards and amounts; how terminals interleave it does not. */
export function saleMaker(options: {
  readonly gateway: Gateway;
  readonly credentials: TerminalCredentials;
  readonly customers: Customers;
  readonly seed: number;
}): () => Sale {
  const { gateway, customers } = options;
  const random = seededRandom(options.seed);
  const block = pinPad(options.credentials);

  /** A whole number from 0 up to, but not including, `count` (at most 65,536). */
  function pick(count: number): number {
    return Buffer.from(random.bytes(2)).readUInt16BE() % count;
  }

  function scanned(card: TestCard, pin: string): Evidence {
    const token = gateway.operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
    return { type: "qr", token, pinBlock: block({ card, pin }) };
  }

  function typed(card: TestCard, pin: string): Evidence {
    return { type: "keyed", cardNumber: card.cardNumber, pinBlock: block({ card, pin }) };
  }

  function guessed(): Evidence {
    const card = customers.attacked[pick(customers.attacked.length)] ?? customers.own;
    return pick(2) === 0 ? scanned(card, WRONG_PIN) : typed(card, WRONG_PIN);
  }

  function present(): Evidence {
    const { own, shared } = customers;
    const kind = pick(10);
    if (kind < 5) return nfcEvidence(gateway, own);
    if (kind < 6) return nfcEvidence(gateway, shared);
    if (kind < 7) return scanned(own, TEST_PIN);
    if (kind < 8) return typed(own, TEST_PIN);
    return guessed();
  }

  return () => {
    const purchaseCents = 1 + pick(PURCHASE_CENTS_MAX);
    return { id: newId(), evidence: present(), avantage: "SPECTACLE", purchaseCents };
  };
}
