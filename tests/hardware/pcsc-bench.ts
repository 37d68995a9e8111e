// The real PC/SC service with a virtual reader, as a bench for reader tests and for whole sales.

import { hex } from "@pass-tpe/protocol/standards";
import { createVirtualCard, type PcscService, vpcdReader } from "@pass-tpe/simulators";
import { pcscReader } from "@pass-tpe/terminal-sdk";
import type { ReaderBench } from "./reader-contract.js";
import { openRecorded } from "./reader-events.js";
import { openCardMessage, passCard, UID_A, UID_B } from "./test-cards.js";

/** A pcscReader on the running PC/SC service. */
export async function pcscBench(service: PcscService): Promise<ReaderBench> {
  const vpcd = vpcdReader(service);
  const recorded = await openRecorded(pcscReader());
  const cards = { A: passCard(UID_A), B: passCard(UID_B) };
  const foreign = createVirtualCard({ profile: "wrongApplication" });
  return {
    recorded,
    present: (customer) => vpcd.insert(cards[customer]),
    presentBad: () => vpcd.insert(foreign),
    takeAway: () => vpcd.remove(),
    async presentUnheard(customer) {
      await vpcd.insert(cards[customer]);
      // The service powers the next card only once it saw the one before go.
      await vpcd.insert(foreign);
      await vpcd.remove();
    },
    customerOf(presented) {
      if (presented.kind !== "nfcMessage") throw new Error(`a ${presented.kind}, not a message`);
      return openCardMessage(presented.message).uid === hex(UID_A) ? "A" : "B";
    },
    async close() {
      await vpcd.remove();
      await recorded.reader.close();
    },
  };
}
