// The demo's three sales on real parts: NFC, QR with PIN, and a refusal; each with what it must come to.

import type { Gateway } from "@pass-tpe/gateway";
import type { SaleRequest, SaleResult, Terminal } from "@pass-tpe/terminal-sdk";
import { createVirtualCard } from "../card/virtual-card.js";
import type { SimulatedReader } from "../readers/direct-reader.js";
import type { DemoCard } from "./data.js";

interface DemoSale {
  readonly title: string;
  readonly request: SaleRequest;
  /** What the young person does when the terminal waits for a card. */
  readonly present: (reader: SimulatedReader) => void;
  /** What it must come to; anything else fails the demo. */
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The three sales for a card that was loaded for the demo. */
export function demoSales(gateway: Gateway, card: DemoCard): readonly DemoSale[] {
  const chip = createVirtualCard({
    profile: "sdm",
    uid: card.uid,
    keys: gateway.operator.cardKeys(card.uid),
  });
  const printed = gateway.operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
  return [
    {
      title: "1. Sans contact : un billet de spectacle à 18,00 €",
      request: { avantage: "SPECTACLE", purchaseCents: 1_800 },
      present: (reader) => reader.tap(chip),
      expected: { outcome: "approved", code: "APPROVED", amountCents: 1_800, collectCents: 0 },
    },
    {
      title: "2. QR code puis code secret : un roman à 20,00 €, l'avantage en couvre 15,00 €",
      request: { avantage: "LIVRES_LOISIR", purchaseCents: 2_000 },
      present: (reader) => reader.scan(printed),
      expected: {
        outcome: "approved",
        code: "APPROVED_PARTIAL",
        amountCents: 1_500,
        collectCents: 500,
      },
    },
    {
      title: "3. Un refus : six places de cinéma, il en reste cinq",
      request: { avantage: "CINEMA", quantity: 6 },
      present: (reader) => reader.tap(chip),
      expected: { outcome: "declined", code: "SEATS_EXHAUSTED", moneyMoved: "no" },
    },
  ];
}

/** Makes one sale: the card is presented once the terminal waits for it. */
export async function makeSale(
  terminal: Terminal,
  reader: SimulatedReader,
  sale: DemoSale,
): Promise<SaleResult> {
  const stopListening = terminal.on("waitingForCard", () => sale.present(reader));
  try {
    return await terminal.sell(sale.request);
  } finally {
    stopListening();
    reader.remove();
  }
}

/** What a result has otherwise than it should, in words; empty when all is well. */
export function faultsOf(
  what: string,
  result: object,
  expected: Readonly<Record<string, unknown>>,
): readonly string[] {
  const actual = new Map(Object.entries(result));
  return Object.entries(expected).flatMap(([field, value]) =>
    actual.get(field) === value
      ? []
      : [`${what}: ${field} is ${String(actual.get(field))}, expected ${String(value)}`],
  );
}
