// A card that the double accepts, so that a till can be tested with nothing on the counter.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { TerminalProfile } from "@pass-tpe/protocol";
import { hex, signQrToken, withLuhn } from "@pass-tpe/protocol/standards";
import { createVirtualCard, type VirtualCard } from "../card/index.js";

export interface DemoCard {
  /** To tap on a simulated reader. */
  readonly nfc: VirtualCard;
  /** To scan: a printed code, signed by the issuer that the double's terminal profile names. */
  readonly qrText: string;
  /** To type. Any four digits are its PIN. */
  readonly cardNumber: string;
  /** The initial key for a software PIN pad. The double opens no PIN block. */
  readonly pinKey: { readonly initialKeyHex: string; readonly initialKeyIdHex: string };
  /** The issuer's public key as the terminal profile gives it. */
  readonly issuerKey: TerminalProfile["qrKeys"][number];
}

const KEY_ID = "TEST";
const CARD_NUMBER = withLuhn("925000000000000");
const UID = Uint8Array.of(0x04, 0xde, 0x5f, 0x1e, 0xac, 0x4d, 0x80);

/** Makes the card with new keys: no key of a double is worth anything anywhere else. */
export function createDemoCard(): DemoCard {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const token = { kind: "printed", keyId: KEY_ID, cardNumber: CARD_NUMBER } as const;
  return {
    nfc: createVirtualCard({
      profile: "sdm",
      uid: UID,
      keys: { metaReadKey: randomBytes(16), fileReadKey: randomBytes(16) },
    }),
    qrText: signQrToken({ privateKey, token }),
    cardNumber: CARD_NUMBER,
    pinKey: { initialKeyHex: hex(randomBytes(16)), initialKeyIdHex: hex(randomBytes(8)) },
    issuerKey: {
      keyId: KEY_ID,
      publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    },
  };
}
