// Makes the event that the core understands of one that was sent: card numbers sealed, civil days as instants.

import type { LoadEvent, LoadedCard } from "../core/loading/event.js";
import type { Convention } from "../core/model.js";
import type { Window } from "../core/programme.js";
import type { SentCard } from "../crypto/card-records.js";
import type { SentEvent } from "./sent-event.js";

/** What turning an event into the core's needs from outside. */
export interface Conversion {
  sealCard(card: SentCard): LoadedCard;
  cardIdOf(cardNumber: string): string;
  /** The window of Paris civil days, both included. */
  windowOfDays(firstDay: string, lastDay: string): Window;
}

/** The core's event. Nothing of it holds a card number in clear. */
export function loadEventOf(sent: SentEvent, by: Conversion): LoadEvent {
  const { id: _id, ...event } = sent;
  switch (event.type) {
    case "card.made":
    case "card.issued":
      return { ...event, card: sealed(event.card, by) };
    case "card.replaced": {
      const { type, beneficiary, replacedCardNumber, card } = event;
      const replacedCardId = by.cardIdOf(replacedCardNumber);
      return { type, beneficiary, replacedCardId, card: sealed(card, by) };
    }
    case "card.withdrawn": {
      const { type, beneficiary, cardNumber, status } = event;
      return { type, beneficiary, cardId: by.cardIdOf(cardNumber), status };
    }
    case "card.restored": {
      const { type, beneficiary, cardNumber } = event;
      return { type, beneficiary, cardId: by.cardIdOf(cardNumber) };
    }
    case "convention.saved":
      return { ...event, convention: conventionOf(event.convention, by) };
    case "justificatif.received":
      return { ...event, justificatif: { ...event.justificatif, rejectedOn: null } };
    default:
      return event;
  }
}

type SentCardFields = Extract<SentEvent, { type: "card.made" }>["card"];

function sealed({ number, uid, generation }: SentCardFields, by: Conversion): LoadedCard {
  const chip = uid === null ? null : Buffer.from(uid, "hex");
  return by.sealCard({ cardNumber: number, uid: chip, generation });
}

type SentConvention = Extract<SentEvent, { type: "convention.saved" }>["convention"];

function conventionOf(sent: SentConvention, by: Conversion): Convention {
  const { reference, state, firstDay, lastDay, signature, tariffs = {} } = sent;
  const { fromMs, toMs } = by.windowOfDays(firstDay, lastDay);
  return {
    reference,
    state,
    fromMs: fromMs ?? 0,
    toMs,
    signature: signature && { reference: signature.reference, atMs: Date.parse(signature.at) },
    ...(Object.keys(tariffs).length > 0 && { tariffs }),
  };
}
