// A card's way to its holder: made, issued, replaced. One person has one active card at most.

import type { BeneficiaryCase } from "./case.js";
import type { LoadedCard } from "./event.js";
import type { BeneficiaryFile, FiledCard } from "./file.js";
import type { Loaded, LoadWrite } from "./loaded.js";
import { accountOf, isRefused, orderedAccount, type Refused, refused, settled } from "./results.js";

export function makeCard(input: BeneficiaryCase<"card.made">): Loaded {
  const { event, file } = input;
  const account = orderedAccount(file, event.beneficiary);
  if (isRefused(account)) return account;
  const misfit = checkCard(event.card, input);
  if (misfit) return misfit;
  if (known(file, event.card) !== undefined) return settled([]);
  return settled([{ type: "putCard", accountId: account.id, card: event.card, status: "ORDERED" }]);
}

/** The plastic follows the validation: « après validation de leur demande de carte par l'établissement ». */
export function issueCard(input: BeneficiaryCase<"card.issued">): Loaded {
  const { event, file } = input;
  const account = orderedAccount(file, event.beneficiary);
  if (isRefused(account)) return account;
  const misfit = checkCard(event.card, input);
  if (misfit) return misfit;
  if (known(file, event.card)?.status === "ACTIVE") return settled([]);
  if (!file.grants.some(({ campaign, revoked }) => campaign !== null && !revoked)) {
    return refused(
      "OUT_OF_ORDER",
      `${account.id} was not validated: beneficiary.validated must come before card.issued`,
    );
  }
  const activated = activation({ file, accountId: account.id, card: event.card });
  if (isRefused(activated)) return activated;
  const older = file.cards.filter((card) => isActive(card) && card.id !== event.card.id);
  return settled([...activated, ...older.map(replacement)], older.map(olderNote));
}

/** The replaced card never reactivates, wherever it is found (T-49); the balance follows the person. */
export function replaceCard(input: BeneficiaryCase<"card.replaced">): Loaded {
  const { event, file } = input;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const { card, replacedCardId } = event;
  const replaced = file.cards.find(({ id }) => id === replacedCardId);
  if (replaced === undefined) {
    return refused("UNKNOWN_SUBJECT", `${account.id} has no card ${replacedCardId} to replace`);
  }
  if (card.id === replacedCardId) {
    return refused("CONTRADICTION", `card ${card.id} cannot replace itself`);
  }
  const misfit = checkCard(event.card, input);
  if (misfit) return misfit;
  if (replaced.status === "REPLACED") {
    if (known(file, card)?.status === "ACTIVE") return settled([]);
    return refused(
      "CONTRADICTION",
      `card ${replacedCardId} is replaced already: name the card that stands in its place`,
    );
  }
  const activated = activation({ file, accountId: account.id, card });
  if (isRefused(activated)) return activated;
  const older = file.cards.filter(
    (it) => isActive(it) && it.id !== card.id && it.id !== replacedCardId,
  );
  return settled(
    [replacement(replaced), ...activated, ...older.map(replacement)],
    older.map(olderNote),
  );
}

const isActive = ({ status }: FiledCard) => status === "ACTIVE";

function known(file: BeneficiaryFile, { id }: LoadedCard): FiledCard | undefined {
  return file.cards.find((card) => card.id === id);
}

function checkCard(
  card: LoadedCard,
  { file, programme }: Pick<BeneficiaryCase, "file" | "programme">,
): Refused | null {
  if (file.cardTaken) {
    return refused(
      "CONTRADICTION",
      `card ${card.id} is another person's: each card has one holder`,
    );
  }
  if (!programme.generations.has(card.generation)) {
    return refused("NOT_IN_PROGRAMME", `the programme has no card generation ${card.generation}`);
  }
  const filed = known(file, card);
  if (filed === undefined) return null;
  if (filed.generation === card.generation && filed.lastFour === card.lastFour) return null;
  return refused("CONTRADICTION", `card ${card.id} is on record with another number or generation`);
}

/** What makes a card active: only one that is new, or made and not yet issued. */
function activation(input: {
  readonly file: BeneficiaryFile;
  readonly accountId: string;
  readonly card: LoadedCard;
}): readonly LoadWrite[] | Refused {
  const { file, accountId, card } = input;
  const status = known(file, card)?.status;
  switch (status) {
    case undefined:
      return [{ type: "putCard", accountId, card, status: "ACTIVE" }];
    case "ORDERED":
      return [{ type: "setCardStatus", cardId: card.id, from: "ORDERED", to: "ACTIVE" }];
    case "ACTIVE":
      return [];
    default:
      return refused(
        "CONTRADICTION",
        `card ${card.id} is ${status}: it is not issued again; card.replaced brings another`,
      );
  }
}

function replacement({ id, status }: FiledCard): LoadWrite {
  return { type: "setCardStatus", cardId: id, from: status, to: "REPLACED" };
}

/** Two cards of one person: the newest counts (T-58). */
function olderNote({ id }: FiledCard): string {
  return `card ${id} was active and is replaced by the newer one`;
}
