// A store with one partner, its terminals and some holders: what a contract test needs before its first sale.

import {
  type AuthorizationRequest,
  type Evidence,
  type InquiryRequest,
  UUID_V7_RANDOM_BYTES,
  uuidV7,
} from "@pass-tpe/protocol";
import {
  createParisDays,
  parisDay,
  windowOfAge,
  windowOfMonths,
} from "../../gateway/src/catalogue/civil-dates.js";
import type { Agent, LoadEvent } from "../../gateway/src/core/loading/event.js";
import type { Answer, Asker, EvidenceVerifier, LoadCommand } from "../../gateway/src/core/ports.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import { createVerifier, type Opened } from "../../gateway/src/crypto/verifier.js";
import { createCutoffs, schoolYearOf } from "../../gateway/src/settlement/calendar.js";
import { readTransfers } from "../../gateway/src/settlement/files/transfers.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { createStore, type EmbeddedStore } from "../../gateway/src/store/engine.js";
import type { LedgerRows } from "../../gateway/src/store/memory/ledger.js";
import type { StoreOptions } from "../../gateway/src/store/options.js";
import type { GrantRecord, LoadBatch, PartnerRecord } from "../../gateway/src/store/records.js";
import { aPartner, grantOf, NOW_MS } from "./builders.js";
import { type VirtualClock, virtualClock } from "./clock.js";
import { seededKeys } from "./keys.js";
import { readLedger } from "./ledger.js";
import { type HeldCard, type HeldTerminal, holdCard, holdTerminal } from "./presentations.js";
import { readTestProgramme, TEST_PROGRAMME } from "./programme.js";
import { seededRandom } from "./random.js";

export type Decision = Extract<Answer, { type: "decision" }>;

/** Who sends the events of the tests. */
export const OPERATOR: Agent = { id: "operator-1", role: "operator", etablissement: null };
export const REGION: Agent = { id: "region-1", role: "region", etablissement: null };

export interface SendOptions {
  readonly agent?: Agent;
  readonly eventId?: string;
}

export interface ShopOptions {
  readonly seed?: number;
  readonly terminals?: number;
  readonly cards?: number;
  /** All cards belong to one account where this is set; each to its own otherwise. */
  readonly oneAccount?: boolean;
  /** By avantage, in its unit. One of each for every account. */
  readonly grants?: Readonly<Record<string, number>>;
  readonly programme?: Programme;
  /** Stands between the store and the real verifier. */
  readonly wrapVerifier?: (verifier: EvidenceVerifier<Opened>) => EvidenceVerifier<Opened>;
  readonly store?: StoreChange;
}

/** What a test says of a store itself. */
export type StoreChange = Partial<
  Pick<
    StoreOptions<Opened>,
    | "closed"
    | "onDoubt"
    | "onCommit"
    | "onUpkeepFailed"
    | "admit"
    | "admitTogether"
    | "noteDecision"
    | "schedule"
    | "pause"
  >
>;

export interface Shop {
  readonly store: EmbeddedStore;
  readonly driver: Driver;
  readonly clock: VirtualClock;
  readonly batch: LoadBatch;
  /** The card at a place in the list, from 0. */
  card(index?: number): HeldCard;
  terminal(index?: number): HeldTerminal;
  /** A card that is in nobody's records yet. */
  newCard(accountId: string): HeldCard;
  newId(): string;
  /** A sale of 10 € on SPECTACLE by a fresh tap of the first card, where nothing else is said. */
  request(change?: Partial<AuthorizationRequest>): AuthorizationRequest;
  authorize(request?: Partial<AuthorizationRequest>, terminal?: HeldTerminal): Promise<Answer>;
  inquire(request: Partial<InquiryRequest> & { evidence: Evidence }): Promise<Answer>;
  reverse(
    id: string,
    options?: { reason?: "automatic" | "manual"; terminal?: HeldTerminal },
  ): Promise<Answer>;
  /** Captures what a sale holds; all of it where no amount is said. */
  capture(
    id: string,
    options?: { amountCents?: number; quantity?: number; terminal?: HeldTerminal },
  ): Promise<Answer>;
  /** Refunds a sale; all that is left of it where no amount is said. Its id is new where none is given. */
  refund(
    of: string,
    options?: { amountCents?: number; quantity?: number; id?: string; terminal?: HeldTerminal },
  ): Promise<Answer>;
  /** An event as its command: of the Région, under a new id, where nothing else is said. */
  command(event: LoadEvent, options?: SendOptions): LoadCommand;
  send(event: LoadEvent, options?: SendOptions): Promise<Answer>;
  /** Everything that is stored. */
  ledger(): Promise<LedgerRows>;
  /** What was spent on a grant, by avantage, of an account; the first one where none is named. */
  spent(avantage: string, accountId?: string): Promise<number>;
  /** Changes the first partner, as the operator would. */
  changePartner(change: Partial<PartnerRecord>): Promise<void>;
  /** Another store on another or the same driver, with the same keys, clock and data. */
  openStore(driver: Driver, change?: StoreChange): EmbeddedStore;
}

/** The partner of the tests, as a record. */
export function partnerRecord(change: Partial<PartnerRecord> = {}): PartnerRecord {
  return { ...aPartner(), ...change };
}

/** Opens a store on a driver and loads it. */
export async function openShop(driver: Driver, options: ShopOptions = {}): Promise<Shop> {
  const { seed = 1, terminals = 2, cards = 1, grants = { SPECTACLE: 3000 } } = options;
  const random = seededRandom(seed);
  const { programme = TEST_PROGRAMME } = options;
  const { keys, material } = seededKeys(random);
  const clock = virtualClock(NOW_MS);
  const issuer = { keys, material, random };
  const accountOf = (index: number) => `account-${options.oneAccount ? 0 : index}`;
  const heldCards = Array.from({ length: cards }, (_, index) =>
    holdCard(issuer, { index, accountId: accountOf(index) }),
  );
  const heldTerminals = Array.from({ length: terminals }, (_, index) =>
    holdTerminal(issuer, index),
  );
  let newCards = 0;
  const accounts = [...new Set(heldCards.map(({ accountId }) => accountId))];
  const batch: LoadBatch = {
    partners: [partnerRecord()],
    pointsOfSale: [{ id: "pos-1", partnerId: "partner-1", name: "Accueil", city: "Lyon" }],
    terminals: heldTerminals.map((terminal) => terminal.record()),
    accounts: accounts.map((id) => ({ id, holder: "Camille D." })),
    cards: heldCards.map((card) => card.record()),
    grants: accounts.flatMap((accountId) => grantRecords(accountId, grants)),
  };
  const realVerifier = createVerifier(keys);
  const verifier = options.wrapVerifier?.(realVerifier) ?? realVerifier;
  // Each store draws from its own sequence, so that two stores give equal answers to equal commands.
  const openStore = (on: Driver, change: StoreChange = {}) =>
    createStore({
      driver: on,
      verifier,
      programme,
      readProgramme: options.programme ? () => programme : readTestProgramme,
      dayOf: createParisDays(),
      cutoffAfter: createCutoffs(programme.settings.settlement.lastWeekday).endAfter,
      schoolYearOf,
      readTransfers,
      calendar: { windowOfAge, windowOfMonths, parisDay },
      clock,
      random: seededRandom(seed + 1),
      ...options.store,
      ...change,
    });
  const store = openStore(driver);
  await store.load(batch);

  const card = (index = 0) => at(heldCards, index);
  const terminal = (index = 0) => at(heldTerminals, index);
  const newId = () => uuidV7(clock.nowMs(), random.bytes(UUID_V7_RANDOM_BYTES));
  const request = (change: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
    id: newId(),
    evidence: change.evidence ?? card().tap(),
    avantage: "SPECTACLE",
    purchaseCents: 1000,
    ...change,
  });
  const command = (
    event: LoadEvent,
    { agent = REGION, eventId = newId() }: SendOptions = {},
  ): LoadCommand => ({
    type: "load",
    agent,
    eventId,
    fingerprint: realVerifier.fingerprint(event),
    event,
  });
  const received = () => ({ receivedAtMonotonicMs: clock.monotonicMs() });

  return {
    store,
    driver,
    clock,
    batch,
    card,
    terminal,
    newCard: (accountId) => {
      newCards += 1;
      return holdCard(issuer, { index: cards + newCards, accountId });
    },
    newId,
    request,
    authorize: (change, from = terminal()) =>
      store.execute({
        type: "authorize",
        terminalId: from.id,
        request: request(change),
        ...received(),
      }),
    inquire: (change) =>
      store.execute({
        type: "inquire",
        terminalId: terminal().id,
        request: { id: newId(), ...change },
        ...received(),
      }),
    reverse: (id, { reason = "automatic", terminal: from = terminal() } = {}) =>
      store.execute({ type: "reverse", terminalId: from.id, id, reason, asker: askerOf(from) }),
    capture: (id, { terminal: from = terminal(), ...asked } = {}) =>
      store.execute({
        type: "capture",
        asker: askerOf(from),
        terminalId: from.id,
        id,
        request: asked,
      }),
    refund: (of, { terminal: from = terminal(), id = newId(), ...asked } = {}) =>
      store.execute({
        type: "refund",
        asker: askerOf(from),
        of: { terminalId: null, id: of },
        request: { id, ...asked },
      }),
    command,
    send: (event, from) => store.execute(command(event, from)),
    ledger: () => readLedger(driver),
    async spent(avantage, accountId = "account-0") {
      const { grants: held } = await readLedger(driver);
      const grant = held.find((it) => it.accountId === accountId && it.avantage === avantage);
      if (!grant) throw new Error(`${accountId} has no grant of ${avantage}`);
      return grant.spent;
    },
    changePartner: (change) => store.load({ partners: [partnerRecord(change)] }),
    openStore,
  };
}

const askerOf = ({ id: terminalId }: HeldTerminal): Asker => ({ kind: "terminal", terminalId });

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`this shop was opened with ${items.length}`);
  return item;
}

/** Grants of 2022/2023 for an account. */
export function grantRecords(
  accountId: string,
  amounts: Readonly<Record<string, number>>,
): readonly GrantRecord[] {
  return Object.entries(amounts).map(([avantage, amount]) => {
    const { spent: _, revoked: __, ...grant } = grantOf(avantage);
    return { ...grant, id: `${accountId}/${avantage}`, accountId, amount };
  });
}

/** The decision in an answer. Anything else fails the test, with what it was. */
export function decisionOf(answer: Answer): Decision {
  if (answer.type === "decision") return answer;
  throw new Error(`not a decision but ${answer.type}`, {
    cause: "error" in answer ? answer.error : undefined,
  });
}

/** The precise code of a decision, or the kind of what is none. */
export function codeOf(answer: Answer): string {
  return answer.type === "decision" ? answer.code : answer.type;
}
