// The simulated reader keeps the same contract as the readers on real services.

import { hex } from "@pass-tpe/protocol/standards";
import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { describe, expect, it } from "vitest";
import { describeReaderContract, type ReaderBench } from "./reader-contract.js";
import { openRecorded } from "./reader-events.js";
import { openCardMessage, passCard, UID_A, UID_B } from "./test-cards.js";

async function simulatedBench(): Promise<ReaderBench> {
  const reader = simulatedReader();
  const recorded = await openRecorded(reader);
  const cards = { A: passCard(UID_A), B: passCard(UID_B) };
  return {
    recorded,
    present: async (customer) => reader.tap(cards[customer]),
    presentBad: async () => reader.tap(createVirtualCard({ profile: "wrongApplication" })),
    takeAway: async () => reader.remove(),
    async presentUnheard(customer) {
      reader.tap(cards[customer]);
      reader.remove();
    },
    customerOf(presented) {
      if (presented.kind !== "nfcMessage") throw new Error(`a ${presented.kind}, not a message`);
      return openCardMessage(presented.message).uid === hex(UID_A) ? "A" : "B";
    },
    close: () => reader.close(),
  };
}

describe("the simulated reader", () => {
  describe("keeps the contract of a reader", () => {
    describeReaderContract(simulatedBench, { cardsLie: true });
  });

  it("shows a card taken away in the middle of a read as unreadable", async () => {
    let tick: () => void = () => undefined;
    const delay = () =>
      new Promise<void>((resolve) => {
        tick = resolve;
      });
    const reader = simulatedReader({ apduMs: 20, delay });
    const recorded = await openRecorded(reader);
    reader.arm();
    reader.tap(passCard(UID_A));
    reader.remove();
    tick();
    expect((await recorded.next("refused")).code).toBe("CARD_UNREADABLE");
  });
});
