// Makes the QR tokens of many cards at once, and tells the audit trail how many.

import { setImmediate as nextTurn } from "node:timers/promises";
import { QR_NONCE_BYTES } from "@pass-tpe/protocol/standards";
import { assert } from "./core/assert.js";
import type { Agent } from "./core/loading/event.js";
import type { Clock, Random } from "./core/ports.js";
import type { KeyStore } from "./crypto/key-store.js";
import type { IssuedQrCodes, QrCodesAsked } from "./http/operators/ports.js";
import type { EmbeddedStore } from "./store/engine.js";
import { trailRow } from "./trail.js";

/** Signed in one turn: a few milliseconds, between which sales are decided. */
const SIGNED_TOGETHER_MAX = 16;

/** Builds what signs codes. They leave once the audit trail has their row. */
export function createQrCodes(parts: {
  readonly store: Pick<EmbeddedStore, "load">;
  readonly keys: Pick<KeyStore, "qr">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: Random;
}): (asked: QrCodesAsked, by: Agent) => Promise<IssuedQrCodes> {
  const { store, keys, clock, random } = parts;
  /** One issue time for all: the gateway's, which is the one that it is compared with. */
  function signerOf(kind: QrCodesAsked["kind"], nowMs: number) {
    if (kind === "printed") return (cardNumber: string) => keys.qr.sign({ kind, cardNumber });
    const issuedAtSeconds = Math.floor(nowMs / 1_000);
    return (cardNumber: string) => {
      const nonce = random.bytes(QR_NONCE_BYTES);
      return keys.qr.sign({ kind, cardNumber, issuedAtSeconds, nonce });
    };
  }

  return async ({ kind, cardNumbers }, by) => {
    const nowMs = clock.nowMs();
    const [current] = keys.qr.keys;
    assert(current, "a key store has a current QR key");
    const { keyId } = current;
    const sign = signerOf(kind, nowMs);
    const tokens: string[] = [];
    for (const cardNumber of cardNumbers) {
      if (tokens.length % SIGNED_TOGETHER_MAX === 0) await nextTurn();
      tokens.push(sign(cardNumber));
    }
    const notes = [`count ${tokens.length}`, `key ${keyId}`];
    const act = { type: "qr.issued", subject: kind, by, nowMs } as const;
    await store.load({}, [trailRow({ ...act, came: { outcome: "applied" }, notes }, random)]);
    return { keyId, tokens };
  };
}
