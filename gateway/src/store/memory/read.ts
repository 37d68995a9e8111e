// What a sale and an event read from memory.

import type { SaleState } from "../../core/life.js";
import type { BeneficiaryFile, PartnerFile } from "../../core/loading/file.js";
import type { Card, Partner } from "../../core/model.js";
import type { KnownAgent, Locator, Place } from "../../core/ports.js";
import { type CaseRows, type Driver, RECENT_SALES_MAX, RECORD_CODES } from "../driver.js";
import { saleReads } from "./sales.js";
import {
  agentCertificateKey,
  conventionsOf,
  hexOf,
  holdsOf,
  identifierKey,
  numberKey,
  type StoredCard,
  type Tables,
  terminalCertificateKey,
} from "./tables.js";

type Query<Name extends "readCase" | "readBeneficiary" | "readPartner"> = Parameters<
  Driver[Name]
>[0];

/** Builds the reads over tables. */
export function memoryReads(tables: Tables) {
  function agent(id: string): KnownAgent | null {
    const record = tables.agents.get(id);
    if (!record) return null;
    const { certificateFingerprint: _, ...known } = record;
    return known;
  }

  function place(terminalId: string): Place | null {
    const terminal = tables.terminals.get(terminalId);
    const pointOfSale = tables.pointsOfSale.get(terminal?.pointOfSaleId ?? "");
    const partner = tables.partners.get(pointOfSale?.partnerId ?? "");
    if (!pointOfSale || !partner) return null;
    const { partnerId: _, ...point } = pointOfSale;
    const { id, name } = partner;
    const agrements = tables.agrements.get(id) ?? [];
    return { terminalId, pointOfSale: point, partner: { id, name }, agrements };
  }

  return {
    ...saleReads(tables),

    readCase: (query: Query<"readCase">) => readCase(tables, query),

    readBeneficiary: (query: Query<"readBeneficiary">) => readBeneficiary(tables, query),

    readPartner: (query: Query<"readPartner">): PartnerFile => ({
      partner: tables.partners.get(query.id) ?? null,
      conventions: conventionsOf(tables, query.id),
      agrements: tables.agrements.get(query.id) ?? [],
      bank: tables.bankAccounts.get(query.id) ?? null,
      declarations: tables.declarations.get(query.id) ?? [],
      justificatifs: tables.justificatifs.get(query.id) ?? [],
      pointOfSalePartner: tables.pointsOfSale.get(query.pointOfSaleId ?? "")?.partnerId ?? null,
      conventionPartner: tables.conventions.get(query.conventionReference ?? "")?.partnerId ?? null,
    }),

    findEvent: (id: string) =>
      tables.events.rows().find((row) => row.id === id && row.outcome !== "refused") ?? null,

    terminalByCertificate(fingerprint: string) {
      const id = tables.owners.get(terminalCertificateKey(fingerprint));
      const terminal = tables.terminals.get(id ?? "");
      return terminal ? { id: terminal.id, status: terminal.status } : null;
    },

    agentByCertificate: (fingerprint: string) =>
      agent(tables.owners.get(agentCertificateKey(fingerprint)) ?? ""),

    agent,
    findAgent: agent,

    place,
    findPlace: place,
  };
}

function readCase(tables: Tables, query: Query<"readCase">): CaseRows | null {
  const { locator, appCodeKey, salesSinceMs } = query;
  const stored = tables.terminals.get(query.terminalId);
  if (!stored) return null;
  const { certificateFingerprint: _, certificateExpiresAtMs: __, ...others } = stored;
  const { enrolledAtMs: ___, ...terminal } = others;
  const found = cardAt(tables, locator);
  const secretsOf = locator?.by === "identifier" ? null : found;
  const accountId = found?.accountId ?? "";
  const account = tables.accounts.get(accountId);
  return {
    snapshot: {
      terminal,
      partner: partnerAt(tables, terminal.pointOfSaleId),
      card: found && cardOf(found),
      account: account
        ? { id: account.id, holder: account.holder, lastDecisionAtMs: account.lastDecisionAtMs }
        : null,
      grants: tables.grants.get(accountId) ?? [],
      holds: holdsOf(tables, accountId),
      suspensions: (tables.suspensions.get(accountId) ?? [])
        .filter(({ liftedAtMs }) => liftedAtMs === null)
        .map(({ id, campaign, avantages }) => ({ id, campaign, avantages })),
      visits: (tables.visits.get(accountId) ?? [])
        .filter(({ pointOfSaleId }) => pointOfSaleId === terminal.pointOfSaleId)
        .map(({ avantage, atMs }) => ({ avantage, atMs })),
      recentSalesMs: salesSinceMs === null ? [] : recentSales(tables, accountId, salesSinceMs),
      proof: locator?.by === "proof" ? (tables.proofs.get(locator.ref) ?? null) : null,
      appCodeUsed: appCodeKey !== null && tables.appCodes.has(appCodeKey),
    },
    credential: secretsOf?.credential ?? null,
    sealedNumber: secretsOf?.sealedNumber ?? null,
  };
}

function cardAt(tables: Tables, locator: Locator | null): StoredCard | null {
  if (locator === null) return null;
  const id =
    locator.by === "proof"
      ? tables.proofs.get(locator.ref)?.cardId
      : tables.owners.get(
          locator.by === "number"
            ? numberKey(hexOf(locator.index))
            : identifierKey(hexOf(locator.index)),
        );
  return tables.cards.get(id ?? "") ?? null;
}

function cardOf(stored: StoredCard): Card {
  const { accountId: _, credential: __, sealedNumber: ___, number: ____, ...rest } = stored;
  const { identifier: _____, ...card } = rest;
  return card;
}

function partnerAt(tables: Tables, pointOfSaleId: string): Partner | null {
  const partner = tables.partners.get(tables.pointsOfSale.get(pointOfSaleId)?.partnerId ?? "");
  if (!partner) return null;
  const agrements = tables.agrements.get(partner.id) ?? [];
  return { ...partner, conventions: conventionsOf(tables, partner.id), agrements };
}

/** A hold that has expired was a sale too many all the same, whether or not its end was written. */
const TOOK_SOMETHING: readonly SaleState[] = ["approved", "held", "expired"];

function recentSales(tables: Tables, accountId: string, sinceMs: number): readonly number[] {
  return tables.attempts
    .values()
    .filter((it) => it.accountId === accountId && it.decidedAtMs >= sinceMs)
    .filter(({ kind, state }) => kind === "authorization" && TOOK_SOMETHING.includes(state))
    .filter(({ code }) => !RECORD_CODES.includes(code))
    .map(({ decidedAtMs }) => decidedAtMs)
    .sort((one, other) => one - other)
    .slice(-RECENT_SALES_MAX);
}

function readBeneficiary(tables: Tables, query: Query<"readBeneficiary">): BeneficiaryFile {
  const { id, card } = query;
  const account = tables.accounts.get(id);
  return {
    account: account
      ? {
          id,
          holder: account.holder,
          etablissement: account.etablissement,
          charterAcceptedOn: account.charterAcceptedOn,
        }
      : null,
    cards: tables.cards
      .values()
      .filter(({ accountId }) => accountId === id)
      .map((it) => ({
        id: it.id,
        status: it.status,
        generation: it.generation,
        lastFour: it.lastFour,
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
    grants: tables.grants.get(id) ?? [],
    suspensions: (tables.suspensions.get(id) ?? []).map(({ liftedRef: _, ...filed }) => filed),
    cardTaken: card !== null && isTaken(tables, { ...card, accountId: id }),
  };
}

/** Whether a card's id, number or chip stands for another card, or for one of another account. */
export function isTaken(
  tables: Tables,
  brought: {
    readonly id: string;
    readonly accountId: string;
    readonly numberIndex: Uint8Array;
    readonly identifierIndex: Uint8Array | null;
  },
): boolean {
  const number = hexOf(brought.numberIndex);
  const identifier = brought.identifierIndex && hexOf(brought.identifierIndex);
  const known = tables.cards.get(brought.id);
  if (known) {
    const { accountId } = brought;
    const isSame = known.accountId === accountId && known.number === number;
    return !isSame || known.identifier !== identifier;
  }
  const isNumberTaken = tables.owners.has(numberKey(number));
  return isNumberTaken || (identifier !== null && tables.owners.has(identifierKey(identifier)));
}
