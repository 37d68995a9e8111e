// The holders' accounts over a driver: each step stands alone, in one transaction between two commits of sales.

import type {
  Entered,
  HolderRefusal,
  HolderStore,
  PasswordHash,
  PasswordTry,
  PinAct,
  PinState,
  Tried,
} from "../../core/holders.js";
import { NO_TRIES, type Tries, waitMs, withTry } from "../../core/login-throttle.js";
import type { Clock } from "../../core/ports.js";
import type { Driver } from "../driver.js";
import type { Awaitable, EventRow } from "../rows.js";
import type { HolderCard, HolderRow } from "./driver.js";

interface HolderOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  /** Wrong PINs in a row that lock a card. */
  readonly pinTriesMax: number;
  /** Runs work in a transaction of its own, and settles once it is durable. */
  readonly transact: <T>(work: () => Awaitable<T>) => Promise<T>;
}

type SetPin = Parameters<HolderStore<EventRow>["setPin"]>[0];

/** Builds the steps. */
export function createHolderSteps(options: HolderOptions): HolderStore<EventRow> {
  const { driver, clock, pinTriesMax, transact } = options;
  const { holders } = driver;
  const stateOf = (card: HolderCard | undefined) => pinState(card, pinTriesMax);

  /** What is counted for a dossier, and how one try more is kept. */
  async function counted({ dossier, slot }: Tried) {
    const row = await holders.find(dossier);
    const tries = row?.tries ?? (await holders.strangerTries(slot));
    const keep = (after: Tries) =>
      row ? holders.put({ ...row, tries: after }) : holders.putStrangerTries(slot, after);
    return { row, tries, keep };
  }

  async function tryPassword(tried: Tried): Promise<PasswordTry> {
    const nowMs = clock.nowMs();
    const { row, tries, keep } = await counted(tried);
    const wait = waitMs(tries, nowMs);
    if (wait > 0) return { type: "throttled", waitMs: wait };
    await keep(withTry(tries, nowMs));
    return { type: "look", password: row?.password ?? null };
  }

  async function tryOpening(
    tried: Tried & { readonly codeHash: Uint8Array },
  ): Promise<Extract<HolderRefusal, { type: "wrong" | "throttled" }> | { type: "right" }> {
    const nowMs = clock.nowMs();
    const { row, tries, keep } = await counted(tried);
    if (row && isOpenedBy(row, tried.codeHash, nowMs)) return { type: "right" };
    const wait = waitMs(tries, nowMs);
    if (wait > 0) return { type: "throttled", waitMs: wait };
    await keep(withTry(tries, nowMs));
    return { type: "wrong" };
  }

  /** The row of an account whose password is still the one that was found right. */
  async function entered(dossier: string, password: PasswordHash): Promise<HolderRow | null> {
    const row = await holders.find(dossier);
    return row?.password && isEqual(row.password.hash, password.hash) ? row : null;
  }

  async function enter(dossier: string, password: PasswordHash): Promise<Entered | null> {
    const row = await entered(dossier, password);
    if (!row) return null;
    await holders.put({ ...row, tries: NO_TRIES });
    return { refusedPins: row.refusedPins, ...stateOf(cardOf(await holders.cards(dossier))) };
  }

  async function setPin({ dossier, password, isSame, define, trailOf }: SetPin) {
    if (!(await entered(dossier, password))) return null;
    const card = cardOf(await holders.cards(dossier));
    if (card?.status !== "ACTIVE") {
      return { type: "noActiveCard", status: card?.status ?? null } as const;
    }
    const { sealedNumber, credential } = card;
    if (credential && isSame({ sealedNumber, credential })) {
      return { type: "pinRefused", fault: "same" } as const;
    }
    const defined = define(sealedNumber);
    await holders.setPin(card.id, defined);
    await driver.applyEvent(trailOf(actOn(stateOf(card))), []);
    return { type: "set", ...stateOf({ ...card, credential: defined, pinFailures: 0 }) } as const;
  }

  return {
    keepOpening: ({ beneficiary, refusedPins, codeHash, expiresAtMs }, trail) =>
      transact(async () => {
        if (!(await holders.isBeneficiary(beneficiary))) return false;
        const password = (await holders.find(beneficiary))?.password ?? null;
        const opening = { codeHash, expiresAtMs };
        await holders.put({ beneficiary, refusedPins, opening, password, tries: NO_TRIES });
        await driver.applyEvent(trail, []);
        return true;
      }),
    tryPassword: (tried) => transact(() => tryPassword(tried)),
    tryOpening: (tried) => transact(() => tryOpening(tried)),
    open: ({ dossier, codeHash, password }, trail) =>
      transact(async () => {
        const row = await holders.find(dossier);
        if (!row || !isOpenedBy(row, codeHash, clock.nowMs())) return false;
        await holders.put({ ...row, opening: null, password, tries: NO_TRIES });
        await driver.applyEvent(trail, []);
        return true;
      }),
    enter: ({ dossier, password }) => transact(() => enter(dossier, password)),
    setPin: (set) => transact(() => setPin(set)),
  };
}

/** A keyed digest of 80 random bits: how long the comparison takes tells nothing that leads to another. */
function isOpenedBy({ opening }: HolderRow, codeHash: Uint8Array, nowMs: number): boolean {
  return opening !== null && isEqual(opening.codeHash, codeHash) && nowMs < opening.expiresAtMs;
}

const isEqual = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** The newest active card counts (T-58); where none is active, the newest says why. */
function cardOf(cards: readonly HolderCard[]): HolderCard | undefined {
  return cards.find(({ status }) => status === "ACTIVE") ?? cards[0];
}

function pinState(card: HolderCard | undefined, pinTriesMax: number): PinState {
  if (!card) return { card: null, pin: null };
  const { status, lastFour, credential, pinFailures } = card;
  const told = { card: { status, lastFour } };
  if (status !== "ACTIVE") return { ...told, pin: null };
  if (!credential) return { ...told, pin: "NOT_SET" };
  return { ...told, pin: pinFailures >= pinTriesMax ? "LOCKED" : "SET" };
}

function actOn({ pin }: PinState): PinAct {
  if (pin === "NOT_SET") return "pin.defined";
  return pin === "LOCKED" ? "pin.unlocked" : "pin.changed";
}
