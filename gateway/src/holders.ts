// What holders do in their own accounts, and how an account is opened: passwords, digests and the store put together.

import type {
  Entered,
  HolderAccounts,
  HolderLogin,
  HolderRefusal,
  HolderStore,
  PasswordHash,
  PinState,
  Tried,
} from "./core/holders.js";
import type { Agent } from "./core/loading/event.js";
import { passwordFault } from "./core/password-rules.js";
import { BIRTH_DAY_PINS_MAX, pinFault, pinsOfBirthDay } from "./core/pin-rules.js";
import type { Clock, Random } from "./core/ports.js";
import type { KeyStore } from "./crypto/key-store.js";
import { drawOpeningCode, plainOpeningCode } from "./crypto/opening-code.js";
import type { Passwords } from "./crypto/passwords.js";
import type { EventRow } from "./store/driver.js";
import { type Act, HOLDER, trailRow } from "./trail.js";
import { createTurns } from "./turns.js";

const OPENING_CODE_LIFE_MS = 7 * 24 * 3_600_000;
/** Of a digest, as much as keeps ten thousand PINs of one account apart. */
const PIN_DIGEST_BYTES = 16;
/**
 * Where tries of dossiers without an account are counted: two to the power of twenty slots, some 30 MB at most. Each try
 * costs a slow hash, so that five for each of them take longer than a count lives.
 */
const STRANGER_SLOT_BITS = 20;
/** Passwords are hashed two at once on a thread pool of four, and what waits is answered within some seconds. */
const TURNS = { atOnce: 2, waiting: 128 };

/** What opens an account, told once. */
interface OpenedAccount {
  readonly openingCode: string;
  readonly expiresAtMs: number;
}

export interface Holders {
  /**
   * Makes the code that opens a young person's account, or that gives a new password where one was forgotten. An
   * earlier code is worth nothing from then on, tries that were counted are forgotten, and the old password holds until
   * another is set.
   *
   * @param birthDay `YYYY-MM-DD`. Only digests of the PINs that it makes are kept.
   * @returns null where there is no such beneficiary.
   */
  openAccount(
    account: { readonly beneficiary: string; readonly birthDay: string },
    by: Agent,
  ): Promise<OpenedAccount | null>;
  /** @throws BusyError where too many ask at once. */
  readonly accounts: HolderAccounts;
}

/** Builds the accounts. */
export function createHolders(parts: {
  readonly store: HolderStore<EventRow>;
  readonly keys: Pick<KeyStore, "indexes" | "pins">;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly random: Random;
}): Holders {
  const { store, passwords, clock, random } = parts;
  const { indexes, pins } = parts.keys;
  const inTurn = createTurns(TURNS);
  const done = (act: Pick<Act, "type" | "subject" | "by">) =>
    trailRow({ ...act, nowMs: clock.nowMs(), came: { outcome: "applied" } }, random);
  const ofAccount = (domain: string, dossier: string, value: string): Buffer =>
    indexes.digest(domain, `${dossier}\0${value}`);
  const codeHashOf = (dossier: string, code: string): Buffer =>
    ofAccount("openingCode", dossier, plainOpeningCode(code));
  const pinDigest = (dossier: string, pin: string): Buffer =>
    ofAccount("refusedPin", dossier, pin).subarray(0, PIN_DIGEST_BYTES);

  function tried(dossier: string): Tried {
    const slot =
      indexes.digest("strangerTries", dossier).readUInt32BE(0) >>> (32 - STRANGER_SLOT_BITS);
    return { dossier, slot };
  }

  /** As many for every birth date and in no order of theirs, so that their number and place tell nothing of it. */
  function refusedPins(dossier: string, birthDay: string): Buffer {
    const digests = pinsOfBirthDay(birthDay).map((pin) => pinDigest(dossier, pin));
    while (digests.length < BIRTH_DAY_PINS_MAX) {
      digests.push(Buffer.from(random.bytes(PIN_DIGEST_BYTES)));
    }
    return Buffer.concat(digests.sort(Buffer.compare));
  }

  async function logIn({
    dossier,
    password,
  }: HolderLogin): Promise<
    | { readonly type: "entered"; readonly account: Entered; readonly kept: PasswordHash }
    | HolderRefusal
  > {
    const looked = await store.tryPassword(tried(dossier));
    if (looked.type === "throttled") return looked;
    const kept = looked.password;
    const isRight = await passwords.matches(password, kept);
    const account = isRight && kept ? await store.enter({ dossier, password: kept }) : null;
    return account && kept ? { type: "entered", account, kept } : { type: "wrong" };
  }

  const accounts: HolderAccounts = {
    async open({ dossier, openingCode, password }) {
      // Of the request alone: whoever sends it learns nothing, and no try is used up.
      const fault = passwordFault(password, dossier);
      if (fault) return { type: "passwordRefused", fault };
      return inTurn(async () => {
        const codeHash = codeHashOf(dossier, openingCode);
        const looked = await store.tryOpening({ ...tried(dossier), codeHash });
        // As slow as a wrong password, and as a right code: codes cannot be tried faster than passwords.
        if (looked.type === "wrong") await passwords.matches(password, null);
        if (looked.type !== "right") return looked;
        const opened = { dossier, codeHash, password: await passwords.hash(password) };
        const trail = done({ type: "account.opened", subject: dossier, by: HOLDER });
        return (await store.open(opened, trail)) ? { type: "opened" } : { type: "wrong" };
      });
    },

    pinState: (login) =>
      inTurn(async () => {
        const entered = await logIn(login);
        return entered.type === "entered" ? stateOf(entered.account) : entered;
      }),

    async setPin({ pin, ...login }) {
      const weak = pinFault(pin, () => false);
      if (weak) return { type: "pinRefused", fault: weak };
      return inTurn(async () => {
        const entered = await logIn(login);
        if (entered.type !== "entered") return entered;
        const { dossier } = login;
        const { account, kept } = entered;
        const digest = pinDigest(dossier, pin);
        const fault = pinFault(pin, () => holds(account.refusedPins, digest));
        if (fault) return { type: "pinRefused", fault };
        const set = await store.setPin({
          dossier,
          password: kept,
          isSame: (card) => pins.isSame({ ...card, pin }),
          define: (sealedNumber) => pins.define({ sealedNumber, pin }),
          trailOf: (act) => done({ type: act, subject: dossier, by: HOLDER }),
        });
        return set ?? { type: "wrong" };
      });
    },
  };

  return {
    accounts,
    async openAccount({ beneficiary, birthDay }, by) {
      const openingCode = drawOpeningCode(random);
      const expiresAtMs = clock.nowMs() + OPENING_CODE_LIFE_MS;
      const opening = {
        beneficiary,
        refusedPins: refusedPins(beneficiary, birthDay),
        codeHash: codeHashOf(beneficiary, openingCode),
        expiresAtMs,
      };
      const trail = done({ type: "account.invited", subject: beneficiary, by });
      return (await store.keepOpening(opening, trail)) ? { openingCode, expiresAtMs } : null;
    },
  };
}

function stateOf({ card, pin }: PinState): { readonly type: "state" } & PinState {
  return { type: "state", card, pin };
}

function holds(digests: Uint8Array, digest: Uint8Array): boolean {
  for (let at = 0; at < digests.length; at += PIN_DIGEST_BYTES) {
    if (Buffer.compare(digests.subarray(at, at + PIN_DIGEST_BYTES), digest) === 0) return true;
  }
  return false;
}
