// Applies what an event changed to the tables, and keeps the event itself in the audit trail.

import { assert } from "../../core/assert.js";
import type { LoadWrite } from "../../core/loading/loaded.js";
import type { Grant } from "../../core/model.js";
import type { EventRow } from "../driver.js";
import { isTaken } from "./read.js";
import {
  hexOf,
  identifierKey,
  keyOf,
  numberKey,
  type StoredCard,
  type Tables,
  withItem,
} from "./tables.js";

type WriteOf<T extends LoadWrite["type"]> = Extract<LoadWrite, { type: T }>;

/** Applies an event. @throws BugError when a write does not find what it expects; what was done is to be undone. */
export function applyEvent(tables: Tables, event: EventRow, writes: readonly LoadWrite[]): void {
  const isKnown = tables.events
    .rows()
    .some(({ id, outcome }) => id === event.id && outcome !== "refused");
  assert(!isKnown || event.outcome === "refused", "an event is made once");
  for (const write of writes) applyWrite(tables, write);
  tables.events.add(event);
}

function applyWrite(tables: Tables, write: LoadWrite): void {
  switch (write.type) {
    case "putAccount": {
      const { account } = write;
      const lastDecisionAtMs = tables.accounts.get(account.id)?.lastDecisionAtMs ?? 0;
      tables.accounts.put(account.id, { ...account, lastDecisionAtMs });
      return;
    }
    case "putCard":
      putCard(tables, write);
      return;
    case "setCardStatus": {
      const card = tables.cards.get(write.cardId);
      assert(card?.status === write.from, "the card's status has moved since it was read");
      tables.cards.put(card.id, { ...card, status: write.to });
      return;
    }
    case "putGrant":
      putGrant(tables, write.accountId, write.grant);
      return;
    case "raiseGrant": {
      const { amountBefore, amount, supplement, window, rule } = write;
      const grant = grantAt(tables, write);
      assert(grant.amount === amountBefore, "the grant's amount has moved since it was read");
      const raised = { ...grant, amount, supplement, window, rule };
      assert(
        grant.spent <= amount + (supplement?.amount ?? 0),
        "a grant stays above what was spent of it",
      );
      replaceGrant(tables, write.accountId, raised);
      return;
    }
    case "setGrantRevoked": {
      const changed = { ...grantAt(tables, write), revoked: write.revoked };
      replaceGrant(tables, write.accountId, changed);
      return;
    }
    case "setGrantAge": {
      const changed = { ...grantAt(tables, write), ageWindow: write.ageWindow };
      replaceGrant(tables, write.accountId, changed);
      return;
    }
    case "putSuspension": {
      const { accountId, suspension } = write;
      assert(tables.accounts.has(accountId), "a suspension has its account");
      const before = tables.suspensions.get(accountId) ?? [];
      tables.suspensions.put(accountId, withItem(before, { ...suspension, liftedRef: null }));
      return;
    }
    case "liftSuspension":
      liftSuspension(tables, write);
      return;
    case "putPartner":
      tables.partners.put(write.partner.id, write.partner);
      return;
    case "putPointOfSale": {
      const { partnerId, pointOfSaleId: id, name, city } = write;
      assert(tables.partners.has(partnerId), "a point of sale has its partner");
      tables.pointsOfSale.put(id, { id, partnerId, name, city });
      return;
    }
    case "putConvention": {
      const { partnerId, convention } = write;
      const owner = tables.conventions.get(convention.reference)?.partnerId ?? partnerId;
      assert(tables.partners.has(partnerId), "a convention has its partner");
      assert(owner === partnerId, "a convention stays with its partner");
      tables.conventions.put(convention.reference, { ...convention, partnerId });
      return;
    }
    case "putAgrement": {
      const { partnerId, avantage } = write;
      assert(tables.partners.has(partnerId), "an agrément has its partner");
      const others = withoutAgrement(tables, write);
      tables.agrements.put(partnerId, [...others, avantage].sort());
      return;
    }
    case "dropAgrement":
      tables.agrements.put(write.partnerId, withoutAgrement(tables, write));
      return;
    case "putBankAccount": {
      const { partnerId, account } = write;
      assert(tables.partners.has(partnerId), "a bank account has its partner");
      tables.bankAccounts.put(partnerId, account);
      return;
    }
    case "putDeclaration": {
      const { partnerId, declaration } = write;
      assert(tables.partners.has(partnerId), "a declaration has its partner");
      const before = tables.declarations.get(partnerId) ?? [];
      const after = withPaper(before, declaration, ({ schoolYear }) => schoolYear);
      tables.declarations.put(partnerId, after);
      return;
    }
    case "putJustificatif": {
      const { partnerId, justificatif } = write;
      assert(tables.partners.has(partnerId), "a justificatif has its partner");
      const before = tables.justificatifs.get(partnerId) ?? [];
      const after = withPaper(before, justificatif, ({ reference }) => reference);
      tables.justificatifs.put(partnerId, after);
      return;
    }
    case "putReport": {
      const { type: _, ...report } = write;
      assert(tables.partners.has(report.partnerId), "a report has its partner");
      tables.reports.put(keyOf(report.partnerId, report.report), report);
      return;
    }
  }
}

function putCard(tables: Tables, { accountId, card, status }: WriteOf<"putCard">): void {
  const { id, generation, lastFour, numberIndex, identifierIndex } = card;
  assert(tables.accounts.has(accountId), "a card has its account");
  assert(!isTaken(tables, { ...card, accountId }), "a card keeps its number, chip and account");
  const number = hexOf(numberIndex);
  const identifier = identifierIndex && hexOf(identifierIndex);
  const fresh = { credential: null, messageCounter: 0, pinSet: false, pinFailures: 0 };
  const { numberEncrypted: sealedNumber } = card;
  const before = tables.cards.get(id) ?? { ...fresh, lastFour, sealedNumber, tapped: null };
  const put: StoredCard = { ...before, id, accountId, status, generation, number, identifier };
  tables.cards.put(id, put);
  tables.owners.put(numberKey(number), id);
  if (identifier !== null) tables.owners.put(identifierKey(identifier), id);
}

function putGrant(tables: Tables, accountId: string, grant: Grant): void {
  const before = tables.grants.get(accountId) ?? [];
  assert(tables.accounts.has(accountId), "a grant has its account");
  assert(!before.some(({ id }) => id === grant.id), "a grant is given once");
  assert(grant.spent === 0, "a grant begins unspent");
  tables.grants.put(accountId, withItem(before, grant));
}

interface GrantAt {
  readonly accountId: string;
  readonly grantId: string;
}

function grantAt(tables: Tables, { accountId, grantId }: GrantAt): Grant {
  const grant = tables.grants.get(accountId)?.find(({ id }) => id === grantId);
  assert(grant, "a grant that was read is there");
  return grant;
}

function replaceGrant(tables: Tables, accountId: string, grant: Grant): void {
  tables.grants.put(accountId, withItem(tables.grants.get(accountId) ?? [], grant));
}

function liftSuspension(tables: Tables, write: WriteOf<"liftSuspension">): void {
  const { accountId, suspensionId, decisionRef, atMs } = write;
  const before = tables.suspensions.get(accountId) ?? [];
  const suspension = before.find(({ id }) => id === suspensionId);
  assert(suspension?.liftedAtMs === null, "the suspension was lifted since it was read");
  const lifted = { ...suspension, liftedAtMs: atMs, liftedRef: decisionRef };
  tables.suspensions.put(accountId, withItem(before, lifted));
}

function withoutAgrement(
  tables: Tables,
  { partnerId, avantage }: WriteOf<"putAgrement" | "dropAgrement">,
): readonly string[] {
  return (tables.agrements.get(partnerId) ?? []).filter((it) => it !== avantage);
}

/** A partner's papers with one put in, in the order of what names them. */
function withPaper<T>(papers: readonly T[], paper: T, nameOf: (it: T) => string): readonly T[] {
  const others = papers.filter((it) => nameOf(it) !== nameOf(paper));
  return [...others, paper].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}
