// Runs the vectors of the card's message and of the keys under it.
import { strict as assert } from "node:assert";
import {
  aesCmac,
  cmacSubkeys,
  decryptFileData,
  decryptPiccData,
  diversifyKey,
  encryptPiccData,
  equalConstantTime,
  hex,
  sdmMac,
  sdmSessionKeys,
} from "@pass-tpe/protocol/standards";
import { bytes, type Fields, type Runner, text, whole } from "../vector-file.js";
import { rawDecrypt } from "./platform-aes.js";

export const cardRunners: Readonly<Record<string, Runner>> = {
  aes_cmac: (input) => ({
    cmac: hex(aesCmac({ key: bytes(input, "key"), message: bytes(input, "message") })),
  }),
  an10922_aes128: runDiversification,
  an10922_aes256: runDiversification,
  reject_sdm_full: (input) => ({
    accept: acceptsMac(input, openPiccData(input)?.reading ?? null),
  }),
  reject_sdm_plain: (input) => ({ accept: acceptsMac(input, plainReading(input)) }),
  sdm_decrypt_file: (input) => fileData(input, plainReading(input)),
  sdm_full: runSdmFull,
  sdm_plain: (input) => ({ sdmmac: macOf(input, plainReading(input)) }),
  sdm_session_keys: (input) => sessionKeys(plainReading(input)),
};

type Reading = { fileReadKey: Buffer; uid: Buffer; counter: number };

function plainReading(input: Fields): Reading {
  return {
    fileReadKey: bytes(input, "sdmFileReadKey"),
    uid: bytes(input, "uid"),
    counter: whole(input, "readCtr"),
  };
}

function openPiccData(input: Fields): { reading: Reading; plain: Buffer } | null {
  const metaReadKey = bytes(input, "sdmMetaReadKey");
  const encrypted = bytes(input, "piccEncData");
  const opened = decryptPiccData({ metaReadKey, encrypted });
  if (opened === null) return null;
  const plain = rawDecrypt(metaReadKey, encrypted);
  const random5 = plain.subarray(11);
  assert.deepEqual(encryptPiccData({ metaReadKey, ...opened, random5 }), encrypted);
  return { reading: { fileReadKey: bytes(input, "sdmFileReadKey"), ...opened }, plain };
}

function runSdmFull(input: Fields): Fields {
  const opened = openPiccData(input);
  assert(opened, "the card's data must open");
  const { reading, plain } = opened;
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

function acceptsMac(input: Fields, reading: Reading | null): boolean {
  if (reading === null) return false;
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
