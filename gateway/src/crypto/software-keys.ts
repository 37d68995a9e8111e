// The key store in software: every operation of the port, over the keys of a file that was opened.

import { ed25519KeysFromSeed, signQrToken } from "@pass-tpe/protocol/standards";
import type { Random } from "../core/ports.js";
import { auditKeyOf } from "./audit-key.js";
import { certificateAuthority, type Identity } from "./authority.js";
import { softwareIndexes } from "./indexes.js";
import type { KeyMaterial } from "./key-file.js";
import type { KeyStore, QrKeyStore } from "./key-store.js";
import { versionsOf } from "./rotation.js";
import { softwareCards } from "./software-cards.js";
import { softwarePins } from "./software-pins.js";
import { currentOf, inOrder } from "./versions.js";

/** Builds the key store over keys, and the authority over its certificate and key. */
export function softwareKeys(parts: {
  readonly file: KeyMaterial & { readonly authority: Identity };
  readonly random: Random;
}): KeyStore {
  const { file, random } = parts;
  return {
    cards: softwareCards(file, random),
    pins: softwarePins(file, random),
    indexes: softwareIndexes(Buffer.from(file.indexKey, "hex")),
    qr: softwareQr(file.qr),
    audit: auditKeyOf(file.auditSeed),
    authority: certificateAuthority({ identity: file.authority, random }),
    versions: () => versionsOf(file),
  };
}

function softwareQr(qr: KeyMaterial["qr"]): QrKeyStore {
  const pairOf = ({ seed }: KeyMaterial["qr"][number]) =>
    ed25519KeysFromSeed(Buffer.from(seed, "hex"));
  const current = currentOf(qr);
  const { privateKey } = pairOf(current);
  const keys = inOrder(qr).map((it) => ({ keyId: it.keyId, publicKey: pairOf(it).publicKey }));
  return {
    sign: (content) => signQrToken({ privateKey, token: { ...content, keyId: current.keyId } }),
    keys,
    named: (named) => keys.find(({ keyId }) => keyId === named) ?? null,
  };
}
