// The keys of a gateway beside others: what another one rotated is read from the folder, and what it retired is dropped.

import { ClosedError } from "./core/closed-error.js";
import type { Closed, Random } from "./core/ports.js";
import type { Identity } from "./crypto/authority.js";
import type { KeyMaterial } from "./crypto/key-file.js";
import { KEY_KINDS, type KeyKind, type KeyStore } from "./crypto/key-store.js";
import { narrowTo } from "./crypto/rotation.js";
import { softwareKeys } from "./crypto/software-keys.js";
import type { Logger } from "./http/observe.js";
import { checkLedgerKeys, ledgerKeysOf } from "./ledger-keys.js";
import type { KeyWords } from "./ledger-place.js";
import type { LedgerKeys } from "./store/key-use/driver.js";

/** Until the operator has copied a file: a till need not ask more often. */
const RETRY_AFTER_MS = 5_000;

type FileOfKeys = KeyMaterial & { readonly authority: Identity };

export interface FollowedKeys {
  /** Stays the same object, whatever file its keys are from. */
  readonly keys: KeyStore;
  /** Hears what the ledger is written under by now, and reads the folder's file again where that is ahead of the keys. */
  hear(kept: LedgerKeys, log: Pick<Logger, "fatal" | "warn">): void;
  /** Why nothing may be decided with these keys; null where it may. */
  closed(): Closed | null;
  /** Why the gateway is not ready, for the operator; null where it is. */
  unfit(): string | null;
}

/**
 * Follows the versions that a ledger is written under. A gateway that lacks the newest serves on: what it cannot judge
 * without them it refuses for a while (ClosedError), so that nobody's PIN is wrong for it, and is not ready from then on.
 *
 * @param parts.read reads the folder's file. @throws DataFolderError where it cannot be read.
 * @param parts.path where that is, for messages.
 */
export function followKeys(parts: {
  readonly file: FileOfKeys;
  readonly read: () => FileOfKeys;
  readonly path: string;
  readonly words: KeyWords;
  readonly random: Random;
}): FollowedKeys {
  const { read, path, words, random } = parts;
  let file = parts.file;
  let now = softwareKeys({ file, random });
  /** By kind, the newest version of the ledger where these keys have not got it. */
  let lacking: Partial<Record<KeyKind, number>> = {};
  /** Kinds of which nothing is left that counts. */
  let spent: readonly KeyKind[] = [];
  /** Whether something came that could not be judged. */
  let hasMet = false;
  /** Why the file was not taken; it is told once. */
  let told = "";

  const newestOf = (kind: KeyKind): number =>
    Math.max(0, ...now.versions().flatMap((it) => (it.kind === kind ? [it.version] : [])));

  function take(found: FileOfKeys): void {
    file = found;
    now = softwareKeys({ file, random });
  }

  /** @returns why the file cannot be taken; null where it was. */
  function readAgain(kept: LedgerKeys): string | null {
    try {
      const found = read();
      const foundKeys = ledgerKeysOf(softwareKeys({ file: found, random }));
      checkLedgerKeys({ kept, found: foundKeys, path, words });
      take(found);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** What is retired is accepted no longer, whatever the file says. */
  function drop(kept: LedgerKeys): void {
    const counts = (kind: KeyKind, version: number) => {
      const known = kept.versions[kind] ?? [];
      return known.includes(version) || version > Math.max(0, ...known);
    };
    const narrowed = narrowTo(file, counts);
    take(narrowed.keys);
    spent = narrowed.spent;
  }

  function isBehind(kept: LedgerKeys): boolean {
    try {
      checkLedgerKeys({ kept, found: ledgerKeysOf(now), path, words });
      return false;
    } catch {
      return true;
    }
  }

  function hear(kept: LedgerKeys, log: Pick<Logger, "fatal" | "warn">): void {
    const wasBehind = told !== "";
    if (!wasBehind && !isBehind(kept)) {
      hasMet = false;
      return;
    }
    const why = readAgain(kept);
    if (why === null) {
      lacking = {};
      spent = [];
      hasMet = false;
      told = "";
      log.warn(
        { versions: kept.versions },
        "another gateway rotated or retired keys: they were read again",
      );
      return;
    }
    drop(kept);
    lacking = Object.fromEntries(
      KEY_KINDS.flatMap((kind) => {
        const newest = Math.max(0, ...(kept.versions[kind] ?? []));
        return newest > newestOf(kind) ? [[kind, newest]] : [];
      }),
    );
    if (why !== told) log.fatal({ path, why, versions: kept.versions }, NOT_READ);
    told = why;
  }

  const whatIsLacking = () =>
    Object.entries(lacking)
      .map(([kind, version]) => `${kind} ${version}`)
      .join(", ");

  /** @throws ClosedError where a newer version of a kind might tell more of what came. */
  function refuseIfLacking(kind: KeyKind, version = lacking[kind] ?? 0): void {
    if (version <= newestOf(kind)) return;
    hasMet = true;
    throw new ClosedError(closedFor(`${kind} ${version}`));
  }

  const closed = (): Closed | null =>
    spent.length === 0 ? null : closedFor(whatIsLacking() || spent.join(", "));

  const keys: KeyStore = {
    cards: {
      open(message) {
        const opened = now.cards.open(message);
        if (!opened.genuine && message !== null) refuseIfLacking("cards");
        return opened;
      },
      personalize: (uid) => now.cards.personalize(uid),
      sealNumber: (cardNumber) => now.cards.sealNumber(cardNumber),
    },
    pins: {
      check(input) {
        refuseIfLacking("pepper", input.credential?.pinKeyVersion ?? 0);
        const found = now.pins.check(input);
        if (!found.opened) refuseIfLacking("pinBase");
        return found;
      },
      isSame(input) {
        refuseIfLacking("pepper", input.credential.pinKeyVersion);
        return now.pins.isSame(input);
      },
      define: (input) => now.pins.define(input),
      defineFor: (input) => now.pins.defineFor(input),
      drawInitialKeyId: () => now.pins.drawInitialKeyId(),
      baseVersionOf(initialKeyId) {
        const version = now.pins.baseVersionOf(initialKeyId);
        if (version === null) refuseIfLacking("pinBase");
        return version;
      },
      wrapInitialKey: (input) => now.pins.wrapInitialKey(input),
    },
    indexes: now.indexes,
    qr: {
      sign: (content) => now.qr.sign(content),
      get keys() {
        return now.qr.keys;
      },
      named(keyId) {
        const named = now.qr.named(keyId);
        if (named === null) refuseIfLacking("qr");
        return named;
      },
    },
    audit: now.audit,
    authority: now.authority,
    versions: () => now.versions(),
  };

  return {
    keys,
    hear,
    closed,
    unfit: () =>
      closed()?.detail ?? (hasMet ? closedFor(whatIsLacking() || "other versions").detail : null),
  };
}

function closedFor(what: string): Closed {
  return {
    detail: `Another gateway rotated or retired keys, and this one has not got them (${what}). Operator: copy the newest keys.json into this gateway's data folder; it is read within a second, and nothing has to be started again.`,
    retryAfterMs: RETRY_AFTER_MS,
  };
}

const NOT_READ =
  "another gateway rotated or retired keys, and the file in this folder is of before: what is under newer ones cannot be judged, and what was retired counts no longer. Operator: copy the newest keys.json here; it is read within a second";
