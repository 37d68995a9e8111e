// Feeds each published vector to the very functions that the gateway and the terminals call.
import { strict as assert } from "node:assert";
import { createDecipheriv } from "node:crypto";
import {
  aesCmac,
  buildNdefUriFile,
  cardNumberField,
  cmacSubkeys,
  createScanLineParser,
  decryptFileData,
  decryptPiccData,
  decryptPinBlock,
  deriveInitialKey,
  deriveTransactionKey,
  deriveWorkingKey,
  diversifyKey,
  ed25519KeysFromSeed,
  ed25519Sign,
  ed25519Verify,
  encryptPiccData,
  encryptPinBlock,
  equalConstantTime,
  formatKsn,
  hex,
  initialKeyDerivationData,
  isUsableCounter,
  parseKsn,
  parseNdefUriFile,
  sdmMac,
  sdmSessionKeys,
} from "@pass-tpe/protocol/standards";
import { bytes, type Fields, text, texts, type Vector, whole } from "./vector-file.js";

type Runner = (input: Fields, expected: Fields) => Fields;

const runners: Readonly<Record<string, Runner>> = {
  aes_cmac: (input) => ({
    cmac: hex(aesCmac({ key: bytes(input, "key"), message: bytes(input, "message") })),
  }),
  an10922_aes128: runDiversification,
  an10922_aes256: runDiversification,
  dukpt_ik: runInitialKey,
  dukpt_keys: runDukptKeys,
  dukpt_pinblock4: (input) => {
    const key = deriveWorkingKey({ ...dukptPosition(input), usage: "pinEncryption" });
    return runPinBlock({ ...input, key: hex(key) }, {});
  },
  ed25519: runEd25519,
  ksn_valid: (input) => ({
    valid: texts(input, "cases").map((counter) => isUsableCounter(Number.parseInt(counter, 16))),
  }),
  ndef_offsets: runNdefOffsets,
  ndef_parse_sun: (input) => ({ url: readUri(bytes(input, "ndefFileHex")) }),
  pinblock4: runPinBlock,
  reject_pinblock4: (input) => {
    const block = bytes(input, "encryptedPinBlock");
    const options = { key: bytes(input, "key"), block, cardNumber: text(input, "pan") };
    return { accept: decryptPinBlock(options) !== null };
  },
  reject_sdm_full: (input) => ({ accept: acceptsMac(input, openPiccData(input).reading) }),
  reject_sdm_plain: (input) => ({ accept: acceptsMac(input, plainReading(input)) }),
  scan_line: runScanLine,
  sdm_decrypt_file: (input) => fileData(input, plainReading(input)),
  sdm_full: runSdmFull,
  sdm_plain: (input) => ({ sdmmac: macOf(input, plainReading(input)) }),
  sdm_session_keys: (input) => sessionKeys(plainReading(input)),
};

/** The operations that {@link runVector} knows. */
export const runOps: readonly string[] = Object.keys(runners);

/** What the product's functions make of a vector: at least every field that the vector expects. */
export function runVector(vector: Vector): Fields {
  const run = runners[vector.op];
  assert(run, `no runner for ${vector.op}`);
  return run(vector.input, vector.expected);
}

type Reading = { fileReadKey: Buffer; uid: Buffer; counter: number };

function plainReading(input: Fields): Reading {
  return {
    fileReadKey: bytes(input, "sdmFileReadKey"),
    uid: bytes(input, "uid"),
    counter: whole(input, "readCtr"),
  };
}

function openPiccData(input: Fields): { reading: Reading; plain: Buffer } {
  const metaReadKey = bytes(input, "sdmMetaReadKey");
  const encrypted = bytes(input, "piccEncData");
  const opened = decryptPiccData({ metaReadKey, encrypted });
  assert(opened, "the card's data must open, whatever its code is worth");
  const plain = rawDecrypt(metaReadKey, encrypted);
  const random5 = plain.subarray(11);
  assert.deepEqual(encryptPiccData({ metaReadKey, ...opened, random5 }), encrypted);
  return { reading: { fileReadKey: bytes(input, "sdmFileReadKey"), ...opened }, plain };
}

function runSdmFull(input: Fields): Fields {
  const { reading, plain } = openPiccData(input);
  return {
    piccDataTag: hex(plain.subarray(0, 1)),
    piccDataPlain: hex(plain),
    uid: hex(reading.uid),
    readCtr: reading.counter,
    sdmmac: macOf(input, reading),
    ...sessionKeys(reading),
    ...("encFileData" in input ? fileData(input, reading) : {}),
  };
}

function macOf(input: Fields, reading: Reading): string {
  return hex(sdmMac({ ...reading, macInput: text(input, "macInputAscii") }));
}

function acceptsMac(input: Fields, reading: Reading): boolean {
  const mac = sdmMac({ ...reading, macInput: text(input, "macInputAscii") });
  return equalConstantTime(mac, bytes(input, "presentedSdmmac"));
}

function sessionKeys(reading: Reading): Fields {
  const { sv1, sv2, encKey, macKey } = sdmSessionKeys(reading);
  return { sv1: hex(sv1), sv2: hex(sv2), sesEncKey: hex(encKey), sesMacKey: hex(macKey) };
}

function fileData(input: Fields, reading: Reading): Fields {
  const opened = decryptFileData({ ...reading, encryptedFileData: bytes(input, "encFileData") });
  assert(opened);
  return { fileDataHex: hex(opened) };
}

function runDiversification(input: Fields): Fields {
  const masterKey = bytes(input, "masterKey");
  const { k1, k2 } = cmacSubkeys(masterKey);
  const diversified = diversifyKey({ masterKey, input: bytes(input, "divInput") });
  return { subkeyK1: hex(k1), subkeyK2: hex(k2), diversifiedKey: hex(diversified) };
}

function readUri(file: Buffer): string {
  const parsed = parseNdefUriFile(file);
  assert(parsed.ok, "the file must hold an address");
  return parsed.uri;
}

function runNdefOffsets(input: Fields): Fields {
  const uri = readUri(bytes(input, "ndefFileHex"));
  const built = buildNdefUriFile(uri);
  const beginning = "https://";
  assert(uri.startsWith(beginning));
  return {
    nlen: built.readUInt16BE(0),
    recordHeader: hex(built.subarray(2, 6)),
    uriPrefixCode: built[6],
    uri: uri.slice(beginning.length),
    piccDataOffset: built.indexOf("?e=") + 3,
    sdmMacOffset: built.indexOf("&c=") + 3,
  };
}

function runInitialKey(input: Fields): Fields {
  const baseKey = bytes(input, "bdk");
  const initialKeyId = bytes(input, "ikid");
  return {
    derivationData: hex(initialKeyDerivationData({ keyBits: 128, initialKeyId })),
    ik: hex(deriveInitialKey({ baseKey, initialKeyId })),
  };
}

function dukptPosition(input: Fields) {
  const ksn = parseKsn(text(input, "ksn"));
  assert(ksn, "the vector's serial number must be one");
  assert.equal(formatKsn(ksn), text(input, "ksn").toUpperCase());
  const { initialKeyId, counter } = ksn;
  const initialKey = deriveInitialKey({ baseKey: bytes(input, "bdk"), initialKeyId });
  return { initialKey, initialKeyId, counter };
}

function runDukptKeys(input: Fields): Fields {
  const position = dukptPosition(input);
  const names = {
    pinKey: "pinEncryption",
    macGenKey: "macGeneration",
    dataEncKey: "dataEncryption",
  } as const;
  const lengths = position.initialKey.length === 32 ? ([128, 256] as const) : ([128] as const);
  const keys = Object.entries(names).flatMap(([name, usage]) =>
    lengths.map((keyBits) => {
      const key = deriveWorkingKey({ ...position, usage, keyBits });
      return [`${name}Aes${keyBits}`, hex(key)] as const;
    }),
  );
  return { transactionKey: hex(deriveTransactionKey(position)), ...Object.fromEntries(keys) };
}

/** Where a vector gives no random bytes, those in its own block are used to make it again. */
function runPinBlock(input: Fields, expected: Fields): Fields {
  const key = bytes(input, "key");
  const pin = text(input, "pin");
  const cardNumber = text(input, "pan");
  const panField = cardNumberField(cardNumber);
  const random8 =
    "random" in input
      ? bytes(input, "random")
      : rawDecrypt(key, firstPass(key, bytes(expected, "encryptedPinBlock"), panField)).subarray(8);
  const block = encryptPinBlock({ key, pin, cardNumber, random8 });
  assert.equal(decryptPinBlock({ key, block, cardNumber }), pin);
  return {
    encryptedPinBlock: hex(block),
    intermediateA: hex(firstPass(key, block, panField)),
    panField: hex(panField),
  };
}

/** The PIN field after the first of the two encryptions ("intermediate block A"). */
function firstPass(key: Buffer, block: Buffer, panField: Buffer): Buffer {
  return Buffer.from(rawDecrypt(key, block).map((byte, at) => byte ^ (panField[at] ?? 0)));
}

function runEd25519(input: Fields): Fields {
  const { privateKey, publicKey } = ed25519KeysFromSeed(bytes(input, "seed"));
  const message = bytes(input, "message");
  const signature = ed25519Sign({ privateKey, message });
  assert(ed25519Verify({ publicKey, message, signature }));
  const rawPublicKey = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return { publicKey: hex(rawPublicKey), signature: hex(signature) };
}

function runScanLine(input: Fields): Fields {
  const lines = createScanLineParser({ maxLength: 64 }).push(bytes(input, "bytes"));
  assert.equal(lines.length, 1);
  return { ...lines[0] };
}

/** One block under plain AES, by the platform alone, to see what the product's functions hide. */
function rawDecrypt(key: Buffer, block: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
}
