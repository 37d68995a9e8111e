// A card that is reported lost, stolen, blocked or expired; and a blocked one that is given free again.

import type { CardStatus } from "../model.js";
import type { BeneficiaryCase } from "./case.js";
import type { BeneficiaryFile, FiledCard } from "./file.js";
import type { Loaded } from "./loaded.js";
import { accountOf, isRefused, type Refused, refused, settled } from "./results.js";

type Withdrawal = BeneficiaryCase<"card.withdrawn">["event"]["status"];

const USABLE_ONCE: readonly CardStatus[] = ["ORDERED", "ACTIVE", "BLOCKED"];

/** From which status each report is taken: the later one stands, but no lost card becomes one that can be restored. */
const WITHDRAWN_FROM: Readonly<Record<Withdrawal, readonly CardStatus[]>> = {
  BLOCKED: ["ACTIVE"],
  LOST: [...USABLE_ONCE, "STOLEN"],
  STOLEN: [...USABLE_ONCE, "LOST"],
  EXPIRED: [...USABLE_ONCE, "LOST", "STOLEN"],
};

export function withdrawCard(input: BeneficiaryCase<"card.withdrawn">): Loaded {
  const card = cardOf(input.event, input.file);
  if (isRefused(card)) return card;
  const { status } = input.event;
  if (card.status === status) return settled([]);
  if (card.status === "REPLACED" || card.status === "EXPIRED") {
    return refused(
      "OUT_OF_ORDER",
      `card ${card.id} is ${card.status} already: name the card that the person has now`,
    );
  }
  if (status === "BLOCKED" && card.status === "ORDERED") {
    return refused(
      "OUT_OF_ORDER",
      `card ${card.id} is ORDERED, not issued: there is nothing to block: EXPIRED keeps it from being issued`,
    );
  }
  if (!WITHDRAWN_FROM[status].includes(card.status)) {
    return refused(
      "CONTRADICTION",
      `card ${card.id} is ${card.status}, and that is for good: ${status} could be undone`,
    );
  }
  return settled([{ type: "setCardStatus", cardId: card.id, from: card.status, to: status }]);
}

export function restoreCard(input: BeneficiaryCase<"card.restored">): Loaded {
  const card = cardOf(input.event, input.file);
  if (isRefused(card)) return card;
  if (card.status === "ACTIVE") return settled([]);
  if (card.status === "ORDERED") {
    return refused("OUT_OF_ORDER", `card ${card.id} is not issued: card.issued must come first`);
  }
  if (card.status !== "BLOCKED") {
    return refused(
      "CONTRADICTION",
      `card ${card.id} is ${card.status} and never reactivates: card.replaced brings another`,
    );
  }
  const other = input.file.cards.find(({ status }) => status === "ACTIVE");
  if (other !== undefined) {
    return refused(
      "CONTRADICTION",
      `card ${other.id} is active: one person has one active card; withdraw it first`,
    );
  }
  return settled([{ type: "setCardStatus", cardId: card.id, from: "BLOCKED", to: "ACTIVE" }]);
}

function cardOf(
  event: { readonly beneficiary: string; readonly cardId: string },
  file: BeneficiaryFile,
): FiledCard | Refused {
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const card = file.cards.find(({ id }) => id === event.cardId);
  return card ?? refused("UNKNOWN_SUBJECT", `${account.id} has no card ${event.cardId}`);
}
