// What a gateway keeps secret, read from its sealed file under the store key that the test gave: real keys, not planted ones.

import { createPrivateKey } from "node:crypto";
import { join } from "node:path";
import {
  decryptPiccData,
  deriveInitialKey,
  deriveWorkingKey,
  parseActivationCode,
  parseCardMessage,
  parseKsn,
  parseQrToken,
  sdmSessionKeys,
} from "@pass-tpe/protocol/standards";
import type { KeyFile } from "../../gateway/src/crypto/key-file.js";
import { readKeyFile } from "../../gateway/src/data-folder-keys.js";
import { ofBytes, ofDigits, ofHex, ofText, type Secret } from "./forms.js";

/** Lines of a PEM text that are none of its public half: those in its middle. */
const PEM_LINES_FROM = 10;
const PEM_LINES_TO = 14;
/** As much of a long number as stands nowhere by chance, and as stands in one line of any dump. */
const PIECE_BYTES = 24;

/** The sealed keys in clear. */
export function openedKeys(dataFolder: string, storeKey: Uint8Array): KeyFile {
  return readKeyFile(join(dataFolder, "keys.json"), storeKey);
}

/** Every key of the sealed file, and the store key itself. */
export function secretsOfKeys(file: KeyFile, storeKey: Uint8Array): readonly Secret[] {
  return [
    ofBytes("store key", storeKey),
    ...file.cards.flatMap(({ version, metaReadKey, masterKey }) => [
      ofHex(`meta-read key ${version}`, metaReadKey),
      ofHex(`card master key ${version}`, masterKey),
    ]),
    ...file.pinBaseKeys.map(({ version, key }) => ofHex(`PIN base key ${version}`, key)),
    ...file.peppers.map(({ version, key }) => ofHex(`pepper ${version}`, key)),
    ...file.qr.map(({ version, seed }) => ofHex(`QR seed ${version}`, seed)),
    ofHex("index key", file.indexKey),
    ofHex("number key", file.numberKey),
    ofHex("audit seed", file.auditSeed),
    ...secretsOfPrivateKey("authority's private key", file.authority.privateKey),
    ...secretsOfPrivateKey("server's private key", file.server.privateKey),
  ];
}

/** An RSA key betrays itself by its exponent, by one of its primes, or by any line of its text. */
export function secretsOfPrivateKey(name: string, pem: string): readonly Secret[] {
  const { d, p, q } = createPrivateKey(pem).export({ format: "jwk" });
  const piece = (part = "") => Buffer.from(part, "base64url").subarray(0, PIECE_BYTES);
  const lines = pem.split("\n").slice(PEM_LINES_FROM, PEM_LINES_TO);
  return [
    ofBytes(`${name}, exponent`, piece(d)),
    ofBytes(`${name}, a prime`, piece(p)),
    ofBytes(`${name}, other prime`, piece(q)),
    ...lines.map((line, index) => ofText(`${name}, line ${PEM_LINES_FROM + index}`, line)),
  ];
}

/** The number is told from the card by its digits; the chip's identifier by its bytes. */
export function secretsOfCard(
  name: string,
  { cardNumber, uid }: { readonly cardNumber: string; readonly uid: Uint8Array },
): readonly Secret[] {
  return [ofDigits(`number of ${name}`, cardNumber), ofBytes(`chip of ${name}`, uid)];
}

/** What one tap sends, and the keys that it was made with. */
export function secretsOfTap(
  name: string,
  message: string,
  { metaReadKey, fileReadKey }: { readonly metaReadKey: Buffer; readonly fileReadKey: Buffer },
): readonly Secret[] {
  const parsed = parseCardMessage(message);
  const picc = parsed && decryptPiccData({ metaReadKey, encrypted: parsed.encryptedPiccData });
  if (!parsed || !picc) throw new Error("a card made a message that is none");
  const { macKey, encKey } = sdmSessionKeys({ fileReadKey, ...picc });
  return [
    ofText(`message of ${name}`, message),
    ofBytes(`encrypted identity of ${name}`, parsed.encryptedPiccData),
    ofBytes(`MAC of ${name}`, parsed.mac),
    ofBytes(`file-read key of ${name}`, fileReadKey),
    ofBytes(`session MAC key of ${name}`, macKey),
    ofBytes(`session encryption key of ${name}`, encKey),
  ];
}

/** A block as it went over the wire, the key that it was made under and the terminal's initial key. */
export function secretsOfPinBlock(
  name: string,
  { ksn: text, block }: { readonly ksn: string; readonly block: string },
  { pinBaseKeys }: KeyFile,
): readonly Secret[] {
  const ksn = parseKsn(text);
  if (ksn === null) throw new Error("a pad made a key serial number that is none");
  const { initialKeyId } = ksn;
  const all = pinBaseKeys.flatMap(({ version, key }) => {
    const initialKey = deriveInitialKey({ baseKey: Buffer.from(key, "hex"), initialKeyId });
    const workingKey = deriveWorkingKey({ initialKey, ...ksn, usage: "pinEncryption" });
    return [
      ofBytes(`initial key ${version} of ${name}`, initialKey),
      ofBytes(`working key ${version} of ${name}`, workingKey),
    ];
  });
  return [ofHex(`PIN block of ${name}`, block), ...all];
}

/**
 * What of a token is a secret: its signature, without which nobody makes one. An app code's nonce is none: the database
 * keeps it as the name of a code that was used, and it opens nothing.
 */
export function secretsOfToken(name: string, token: string): readonly Secret[] {
  const parsed = parseQrToken(token);
  if (!parsed.ok) throw new Error("the gateway signed a token that is none");
  const { signature, cardNumber } = parsed.token;
  return [
    ofDigits(`number in ${name}`, cardNumber),
    ofBytes(`signature of ${name}`, signature),
    ofText(`signature's text of ${name}`, token.slice(token.lastIndexOf(".") + 1)),
  ];
}

/** As it is handed over, and as it is sent. */
export function secretsOfActivationCode(name: string, code: string): readonly Secret[] {
  const parsed = parseActivationCode(code);
  if (parsed === null) throw new Error("the gateway made a code that is none");
  return [...spellings(name, code), ofText(`secret of ${name}`, parsed.secret)];
}

/** A code that people type: as it was told, without its dashes, in small letters. */
export function spellings(name: string, code: string): readonly Secret[] {
  const plain = code.replaceAll("-", "");
  return [code, plain, code.toLowerCase(), plain.toLowerCase()].map((spelled, index) =>
    ofText(`${name}, spelling ${index + 1}`, spelled),
  );
}

/** Of the answer that hands an agent its credentials over. */
export function secretsOfAgent({ privateKey }: Record<string, unknown>): readonly Secret[] {
  return secretsOfPrivateKey("an agent's private key", String(privateKey));
}
