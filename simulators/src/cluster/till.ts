// A till for trying: it sells one show after the other through HAProxy, and says what it was told.

import { join } from "node:path";
import { type SaleResult, Terminal } from "@pass-tpe/terminal-sdk";
import { createVirtualCard } from "../card/virtual-card.js";
import type { ShopTill } from "../chaos/shop.js";
import { simulatedReader } from "../readers/direct-reader.js";

const PURCHASE_CENTS = 1_800;

export interface TryingTill {
  /** Taps a card for one show ticket. */
  sell(): Promise<SaleResult>;
  close(): Promise<void>;
}

/** Opens the terminal of a till that was made for the cluster. */
export async function openTill(till: ShopTill, gateway: string): Promise<TryingTill> {
  const [card] = till.customers.own;
  if (card === undefined) throw new Error("a till has customers");
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  const keys = { metaReadKey: bytes(card.metaReadKeyHex), fileReadKey: bytes(card.fileReadKeyHex) };
  const chip = createVirtualCard({ profile: "sdm", uid: bytes(card.uidHex), keys });
  const reader = simulatedReader();
  const { credentials } = till;
  const journal = join(till.folder, "journal");
  const terminal = await Terminal.open({ gateway, credentials, journal, readers: [reader] });
  terminal.on("waitingForCard", () => reader.tap(chip));
  return {
    async sell() {
      const result = await terminal.sell({ avantage: "SPECTACLE", purchaseCents: PURCHASE_CENTS });
      reader.remove();
      return result;
    },
    close: () => terminal.close(),
  };
}
