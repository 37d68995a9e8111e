// What the operator does to a running gateway: terminals, cards and loads, until the operator API has its own listener.

import {
  cardFileReadKey,
  deriveInitialKey,
  type QrTokenContent,
  signQrToken,
} from "@pass-tpe/protocol/standards";
import { checkGrants } from "./catalogue/check-grants.js";
import type { Programme } from "./core/model.js";
import type { Clock, Random } from "./core/ports.js";
import { certificateFingerprint, type Identity, issueTerminal } from "./crypto/authority.js";
import { type NewCard, sealCard } from "./crypto/card-records.js";
import { CARD_APPLICATION_ID, CARD_SYSTEM_ID, type KeyRing } from "./crypto/keys.js";
import type { EmbeddedStore } from "./store/engine.js";
import type { LoadBatch } from "./store/records.js";
import type { VerifyReport } from "./store/verify.js";

/** Names the base derivation key in every initial key id (ANSI X9.24-3-2017: BDK id ‖ derivation id). */
const BASE_KEY_ID = "50415353";
const DERIVATION_ID_BYTES = 4;

/** What a terminal needs to speak to the gateway; the SDK reads exactly this. */
export interface TerminalCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly pinKey: { readonly initialKeyHex: string; readonly initialKeyIdHex: string };
}

/** The keys that a card of an SDM generation is personalized with. */
export interface CardKeys {
  readonly metaReadKey: Buffer;
  readonly fileReadKey: Buffer;
}

export interface OperatorLoad extends Omit<LoadBatch, "cards" | "terminals" | "revokedTerminals"> {
  readonly cards?: readonly NewCard[];
}

export interface Operator {
  /** @throws RangeError that names the grant which does not fit the programme; nothing is loaded then. */
  load(batch: OperatorLoad): Promise<void>;
  /**
   * Issues a certificate and a PIN key for a terminal and binds it to a point of sale. Issued again, the old
   * certificate is worth nothing and the PIN key is a new one. A revoked terminal stays revoked.
   */
  issueTerminal(terminal: {
    readonly id: string;
    readonly pointOfSaleId: string;
  }): Promise<TerminalCredentials>;
  /** Takes effect at the terminal's next request, and is not undone. */
  revokeTerminal(id: string): Promise<void>;
  cardKeys(uid: Uint8Array): CardKeys;
  qrToken(content: QrContent): string;
  /** Recomputes balances from entries and decides every attempt again. */
  verify(): Promise<VerifyReport>;
}

/** A QR token's content; the key id is the gateway's own. */
export type QrContent =
  | { readonly kind: "printed"; readonly cardNumber: string }
  | {
      readonly kind: "app";
      readonly cardNumber: string;
      readonly issuedAtSeconds: number;
      readonly nonce: Uint8Array;
    };

/** Builds the operator's side of a gateway. */
export function createOperator(parts: {
  readonly store: EmbeddedStore;
  readonly programme: Programme;
  readonly keys: KeyRing;
  readonly authority: Identity;
  readonly clock: Clock;
  readonly random: Random;
}): Operator {
  const { store, programme, keys, authority, clock, random } = parts;
  return {
    async load({ cards = [], ...batch }) {
      checkGrants(programme, batch.grants ?? []);
      await store.load({ ...batch, cards: cards.map((card) => sealCard(keys, random, card)) });
    },

    async issueTerminal({ id, pointOfSaleId }) {
      const made = { random, nowMs: clock.nowMs(), terminalId: id };
      const { certificate, privateKey } = issueTerminal(authority, made);
      const initialKeyId = newInitialKeyId(random);
      const initialKey = deriveInitialKey({ baseKey: keys.pinBaseKey, initialKeyId });
      const initialKeyIdHex = initialKeyId.toString("hex").toUpperCase();
      const terminal = {
        id,
        pointOfSaleId,
        status: "active",
        certificateFingerprint: certificateFingerprint(certificate),
        initialKeyId: initialKeyIdHex,
      } as const;
      await store.load({ terminals: [terminal] });
      const pinKey = { initialKeyHex: initialKey.toString("hex"), initialKeyIdHex };
      return { ca: authority.certificate, certificate, privateKey, pinKey };
    },

    revokeTerminal: (id) => store.load({ revokedTerminals: [id] }),

    cardKeys: (uid) => ({
      metaReadKey: keys.metaReadKey,
      fileReadKey: cardFileReadKey({
        masterKey: keys.cardMasterKey,
        uid,
        applicationId: CARD_APPLICATION_ID,
        systemId: CARD_SYSTEM_ID,
      }),
    }),

    qrToken(content) {
      const token: QrTokenContent = { ...content, keyId: keys.qr.keyId };
      return signQrToken({ privateKey: keys.qr.privateKey, token });
    },

    verify: () => store.verify(),
  };
}

/** A new initial key id: the base key's id, then four bytes that no other terminal has; the store refuses a second. */
function newInitialKeyId(random: Random): Buffer {
  return Buffer.concat([Buffer.from(BASE_KEY_ID, "hex"), random.bytes(DERIVATION_ID_BYTES)]);
}
