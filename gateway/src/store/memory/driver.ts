// The reference driver: maps in memory and an undo log. What it does, every other driver must do.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { Account, Card, Grant, Proof, Terminal } from "../../core/model.js";
import type { Credential, Locator } from "../../core/ports.js";
import type {
  AttemptRow,
  CaseRows,
  Change,
  Driver,
  EntryRow,
  ReversalRow,
  StoredAttempt,
  StoredProgramme,
} from "../driver.js";
import type {
  CardRecord,
  LoadBatch,
  PartnerRecord,
  PointOfSaleRecord,
  TerminalRecord,
} from "../records.js";

interface StoredCard extends Card {
  readonly accountId: string;
  readonly credential: Credential | null;
}

type StoredGrant = Grant & { readonly accountId: string };
type StoredTerminal = Terminal & { readonly certificateFingerprint: string };

const key = (terminalId: string, id: string): string => `${terminalId} ${id}`;
const indexKey = (index: Uint8Array): string => Buffer.from(index).toString("hex");

/** Makes an empty memory driver. It is as durable as the process. */
export function memoryDriver(): Driver {
  const partners = new Map<string, PartnerRecord>();
  const pointsOfSale = new Map<string, PointOfSaleRecord>();
  const terminals = new Map<string, StoredTerminal>();
  const terminalByFingerprint = new Map<string, string>();
  const accounts = new Map<string, Account>();
  const cards = new Map<string, StoredCard>();
  const cardByIndex = new Map<string, string>();
  const grants = new Map<string, StoredGrant>();
  const proofs = new Map<string, Proof>();
  const appCodes = new Map<string, number>();
  const attempts = new Map<string, AttemptRow>();
  const reversals = new Map<string, ReversalRow>();
  const programmes = new Map<string, StoredProgramme>();
  const entries: EntryRow[] = [];
  let undo: (() => void)[] = [];

  /** Sets an entry of a map so that it can be taken back. */
  function put<V>(map: Map<string, V>, at: string, value: V): void {
    const before = map.get(at);
    undo.push(() => (before === undefined ? map.delete(at) : map.set(at, before)));
    map.set(at, value);
  }

  function undoTo(mark: number): void {
    while (undo.length > mark) undo.pop()?.();
  }

  function findAttempt(terminalId: string, id: string): StoredAttempt | null {
    const attempt = attempts.get(key(terminalId, id));
    return attempt ? { attempt, reversal: reversals.get(key(terminalId, id)) ?? null } : null;
  }

  function cardAt(locator: Locator | null): StoredCard | null {
    if (locator === null) return null;
    const id =
      locator.by === "proof"
        ? proofs.get(locator.ref)?.cardId
        : cardByIndex.get(`${locator.by} ${indexKey(locator.index)}`);
    return (id === undefined ? undefined : cards.get(id)) ?? null;
  }

  function readCase(query: {
    readonly terminalId: string;
    readonly locator: Locator | null;
    readonly appCodeKey: string | null;
  }): CaseRows | null {
    const stored = terminals.get(query.terminalId);
    if (!stored) return null;
    const { certificateFingerprint: _, ...terminal } = stored;
    const pointOfSale = pointsOfSale.get(terminal.pointOfSaleId);
    const partner = pointOfSale ? (partners.get(pointOfSale.partnerId) ?? null) : null;
    const found = cardAt(query.locator);
    const proof = query.locator?.by === "proof" ? (proofs.get(query.locator.ref) ?? null) : null;
    const account = found ? (accounts.get(found.accountId) ?? null) : null;
    const appCodeUsed = query.appCodeKey !== null && appCodes.has(query.appCodeKey);
    const own = [...grants.values()]
      .filter((grant) => grant.accountId === account?.id)
      .map(({ accountId: _owner, ...grant }) => grant);
    const credential = found?.credential ?? null;
    const card = found && withoutSecrets(found);
    return {
      snapshot: { terminal, partner, card, account, grants: own, proof, appCodeUsed },
      credential,
    };
  }

  function withoutSecrets({ accountId: _, credential: __, ...card }: StoredCard): Card {
    return card;
  }

  function applyEffect(effect: Effect, change: Change): void {
    switch (effect.type) {
      case "advanceCardCounter": {
        const card = cards.get(effect.cardId);
        assert(
          card?.messageCounter === effect.from,
          "the card's counter has moved since it was read",
        );
        put(cards, card.id, { ...card, messageCounter: effect.to });
        return;
      }
      case "setPinFailures": {
        const card = cards.get(effect.cardId);
        assert(card?.pinFailures === effect.from, "the PIN tries have moved since they were read");
        put(cards, card.id, { ...card, pinFailures: effect.to });
        return;
      }
      case "advanceKsn": {
        const terminal = terminals.get(effect.terminalId);
        assert(terminal?.ksnCounter === effect.from, "the KSN has moved since it was read");
        put(terminals, terminal.id, { ...terminal, ksnCounter: effect.to });
        return;
      }
      case "consumeAppCode":
        assert(!appCodes.has(effect.key), "an app code is consumed once");
        put(appCodes, effect.key, effect.expiresAtMs);
        return;
      case "consumeProof": {
        const proof = proofs.get(effect.ref);
        assert(proof && !proof.used, "a proof is consumed once");
        put(proofs, effect.ref, { ...proof, used: true });
        return;
      }
      case "issueProof": {
        const { type: _, ...proof } = effect;
        put(proofs, effect.ref, { ...proof, used: false });
        return;
      }
      case "post": {
        const grant = grants.get(effect.grantId);
        assert(grant?.spent === effect.spentBefore, "the grant has moved since it was read");
        const spent = grant.spent + effect.units;
        assert(spent >= 0 && spent <= grant.amount, "a grant is never overspent nor overpaid");
        put(grants, grant.id, { ...grant, spent });
        addEntry({ effect, change, accountId: grant.accountId });
        return;
      }
      case "markDecided": {
        const account = accounts.get(effect.accountId);
        assert(
          account?.lastDecisionAtMs === effect.from,
          "the account has moved since it was read",
        );
        put(accounts, account.id, { ...account, lastDecisionAtMs: effect.to });
        return;
      }
    }
  }

  function addEntry(input: {
    readonly effect: Extract<Effect, { type: "post" }>;
    readonly change: Change;
    readonly accountId: string;
  }): void {
    const { effect, change, accountId } = input;
    const { terminalId, attemptId, atMs } = change;
    entries.push({
      accountId,
      grantId: effect.grantId,
      terminalId,
      attemptId,
      units: effect.units,
      atMs,
    });
    undo.push(() => entries.pop());
  }

  function applyAll(change: Change): void {
    const at = key(change.terminalId, change.attemptId);
    for (const effect of change.effects) applyEffect(effect, change);
    if (change.attempt) {
      assert(!attempts.has(at), "an attempt is stored once");
      put(attempts, at, change.attempt);
    }
    if (change.reversal) {
      const attempt = attempts.get(at);
      assert(attempt && !reversals.has(at), "an attempt is reversed once");
      put(reversals, at, change.reversal);
      put(attempts, at, { ...attempt, state: "reversed" });
    }
  }

  function loadCard(record: CardRecord): void {
    const { numberIndex, identifierIndex, numberEncrypted: _, ...rest } = record;
    const before = cards.get(record.id);
    const messageCounter = before?.messageCounter ?? 0;
    const pinFailures = before?.pinFailures ?? 0;
    const pinSet = record.credential !== null;
    cards.set(record.id, { ...rest, messageCounter, pinFailures, pinSet });
    cardByIndex.set(`number ${indexKey(numberIndex)}`, record.id);
    if (identifierIndex) cardByIndex.set(`identifier ${indexKey(identifierIndex)}`, record.id);
  }

  function loadTerminal(record: TerminalRecord): void {
    const before = terminals.get(record.id);
    if (before) terminalByFingerprint.delete(before.certificateFingerprint);
    // A new key begins a new count; a revoked terminal stays revoked.
    const sameKey = before?.initialKeyId === record.initialKeyId;
    const ksnCounter = before && sameKey ? before.ksnCounter : 0;
    const status = before?.status === "revoked" ? "revoked" : record.status;
    terminals.set(record.id, { ...record, status, ksnCounter });
    terminalByFingerprint.set(record.certificateFingerprint, record.id);
  }

  function load(batch: LoadBatch): void {
    for (const partner of batch.partners ?? []) partners.set(partner.id, partner);
    for (const point of batch.pointsOfSale ?? []) pointsOfSale.set(point.id, point);
    for (const terminal of batch.terminals ?? []) loadTerminal(terminal);
    for (const id of batch.revokedTerminals ?? []) {
      const terminal = terminals.get(id);
      if (terminal) terminals.set(id, { ...terminal, status: "revoked" });
    }
    for (const account of batch.accounts ?? []) {
      const lastDecisionAtMs = accounts.get(account.id)?.lastDecisionAtMs ?? 0;
      accounts.set(account.id, { ...account, lastDecisionAtMs });
    }
    for (const card of batch.cards ?? []) loadCard(card);
    for (const grant of batch.grants ?? []) {
      if (!grants.has(grant.id)) grants.set(grant.id, { ...grant, spent: 0 });
    }
  }

  return {
    begin() {
      undo = [];
    },
    findAttempt,
    readCase,
    readDebits(terminalId, id) {
      return entries
        .filter((entry) => entry.terminalId === terminalId && entry.attemptId === id)
        .map((entry) => {
          const grant = grants.get(entry.grantId);
          assert(grant, "an entry has its grant");
          return { grant, units: entry.units };
        });
    },
    apply(change) {
      const mark = undo.length;
      try {
        applyAll(change);
      } catch (error) {
        undoTo(mark);
        throw error;
      }
    },
    sync() {
      undo = [];
    },
    rollback() {
      undoTo(0);
    },
    load,
    terminalByCertificate(fingerprint) {
      const terminal = terminals.get(terminalByFingerprint.get(fingerprint) ?? "");
      return terminal ? { id: terminal.id, status: terminal.status } : null;
    },
    place(terminalId) {
      const pointOfSale = pointsOfSale.get(terminals.get(terminalId)?.pointOfSaleId ?? "");
      const partner = pointOfSale && partners.get(pointOfSale.partnerId);
      if (!pointOfSale || !partner) return null;
      const { partnerId: _, ...point } = pointOfSale;
      const { id, name, agrements } = partner;
      return {
        terminalId,
        pointOfSale: point,
        partner: { id, name },
        agrements: [...agrements].sort(),
      };
    },
    keepProgramme: (programme) => void programmes.set(programme.hash, programme),
    ledger: () => ({
      programmes: [...programmes.values()],
      attempts: [...attempts.values()],
      reversals: [...reversals.values()],
      entries: [...entries],
      grants: [...grants.values()],
      cards: [...cards.values()],
    }),
    close() {},
  };
}
