// What a tap costs on the wire between reader and card: the SDK's own way of reading, counted at the card.

import { fromHex, hex } from "@pass-tpe/protocol/standards";
import type { Presented } from "@pass-tpe/terminal-sdk";
import { expect, it } from "vitest";
import { createVirtualCard, type VirtualCard } from "../card/virtual-card.js";
import { simulatedReader } from "./direct-reader.js";

const TAPS = 3;

/** A card, and the commands that it was sent. */
function countedCard(): { readonly card: VirtualCard; readonly sent: string[] } {
  const keys = { metaReadKey: Buffer.alloc(16, 1), fileReadKey: Buffer.alloc(16, 2) };
  const real = createVirtualCard({ profile: "sdm", uid: fromHex("04112233445566"), keys });
  const sent: string[] = [];
  const transmit = (apdu: Uint8Array) => {
    sent.push(hex(apdu));
    return real.transmit(apdu);
  };
  return { card: { ...real, transmit }, sent };
}

it("takes three commands a tap, at the first and at those that follow", async () => {
  const { card, sent } = countedCard();
  const reader = simulatedReader();
  const presented: Presented[] = [];
  let tell: () => void = () => undefined;
  await reader.open((event) => {
    if (event.type !== "presented") return;
    presented.push(event.presented);
    tell();
  });
  for (let tap = 1; tap <= TAPS; tap += 1) {
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    reader.arm();
    reader.tap(card);
    await told;
    expect(sent).toHaveLength(3 * tap);
  }
  expect(presented).toHaveLength(TAPS);
});
