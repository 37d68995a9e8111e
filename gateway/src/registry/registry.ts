// Where events come in: checked, sealed, and handed to the store with a digest that tells a repeat from a contradiction.

import { isCardNumber } from "@pass-tpe/protocol/standards";
import type { z } from "zod";
import type { Agent, LoadEvent, LoadedCard } from "../core/loading/event.js";
import type { Answer, EvidenceVerifier, Store } from "../core/ports.js";
import { cardIdOf, sealSentCard } from "../crypto/card-records.js";
import type { KeyStore } from "../crypto/key-store.js";
import { type Conversion, loadEventOf } from "./load-event.js";
import { SentEventSchema } from "./sent-event.js";

/** What became of an event that was sent. */
export type Submission =
  | {
      readonly type: "malformed";
      /** The event's id, where it has a readable one. */
      readonly id: string | null;
      readonly issues: readonly z.core.$ZodIssue[];
    }
  | {
      readonly type: "answered";
      readonly id: string;
      readonly event: LoadEvent["type"];
      /** The beneficiary or partner that it is about. */
      readonly subject: string;
      readonly answer: Answer;
    };

export interface Registry {
  /**
   * Checks one event and gives it to the store. What is submitted in one turn is executed in that order.
   *
   * @param body the event as it was sent, parsed JSON.
   * @throws StoreStoppedError when durability is in doubt.
   */
  submit(agent: Agent, body: unknown): Promise<Submission>;
}

/** Builds the registry over a store. */
export function createRegistry(parts: {
  readonly store: Pick<Store, "execute">;
  readonly verifier: Pick<EvidenceVerifier, "fingerprint">;
  readonly keys: KeyStore;
  readonly windowOfDays: Conversion["windowOfDays"];
}): Registry {
  const { store, verifier, keys, windowOfDays } = parts;
  const conversion: Conversion = {
    sealCard: (card): LoadedCard => sealSentCard(keys, card),
    cardIdOf: (cardNumber) => cardIdOf(keys, cardNumber),
    windowOfDays,
  };
  return {
    async submit(agent, body) {
      const parsed = SentEventSchema.safeParse(body);
      if (!parsed.success) {
        return { type: "malformed", id: idOf(body), issues: parsed.error.issues };
      }
      const sent = parsed.data;
      const event = loadEventOf(sent, conversion);
      const answer = await store.execute({
        type: "load",
        agent,
        eventId: sent.id,
        fingerprint: verifier.fingerprint(sent),
        event,
      });
      const subject = "partner" in sent ? sent.partner : sent.beneficiary;
      return { type: "answered", id: sent.id, event: event.type, subject, answer };
    },
  };
}

/** The id of something that is not an event as it should be; short, so that no text comes back whole. */
function idOf(body: unknown): string | null {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
  if (typeof id !== "string" || isCardNumber(id)) return null;
  return /^[0-9a-f-]{1,36}$/.test(id) ? id : null;
}
