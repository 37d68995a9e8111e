// Runs the vectors of AES DUKPT: by the gateway's way, and where the terminal can get there, by its way too.
import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import {
  aesCmac,
  type DukptUsage,
  deriveInitialKey,
  deriveTransactionKey,
  deriveWorkingKey,
  formatKsn,
  hex,
  initialKeyDerivationData,
  isUsableCounter,
  loadInitialKey,
  parseKsn,
  takeKey,
} from "@pass-tpe/protocol/standards";
import { encryptBlocks } from "../../../gateway/protocol/src/standards/aes.js";
import { keyBitsOf } from "../../../gateway/protocol/src/standards/dukpt-derivation.js";
import { bytes, type Fields, type Runner, text, texts } from "../vector-file.js";
import { runPinBlock } from "./pin-block.js";

/** A terminal is taken along from its initial key up to this counter; the later ones would take long. */
const TERMINAL_COUNTER_MAX = 4_096;

export const dukptRunners: Readonly<Record<string, Runner>> = {
  dukpt_ik: runInitialKey,
  dukpt_keys: runDukptKeys,
  dukpt_macs: runDukptMacs,
  dukpt_pinblock4: (input, expected) => {
    const key = deriveWorkingKey({ ...dukptPosition(input), usage: "pinEncryption" });
    return runPinBlock({ ...input, key: hex(key) }, expected);
  },
  ksn_valid: (input) => ({
    valid: texts(input, "cases").map((counter) => isUsableCounter(Number.parseInt(counter, 16))),
  }),
};

function runInitialKey(input: Fields): Fields {
  const baseKey = bytes(input, "bdk");
  const initialKeyId = bytes(input, "ikid");
  const derivationData = initialKeyDerivationData({ keyBits: keyBitsOf(baseKey), initialKeyId });
  return {
    derivationData: hex(derivationData),
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
      const key = workingKey({ ...position, usage, keyBits });
      return [`${name}Aes${keyBits}`, hex(key)] as const;
    }),
  );
  return { transactionKey: hex(deriveTransactionKey(position)), ...Object.fromEntries(keys) };
}

type Position = ReturnType<typeof dukptPosition>;
type Kind = { usage: DukptUsage; keyBits?: 128 | 256; algorithm?: "aes" | "hmac" };

/** By both ways, which must agree. */
function workingKey(options: Position & Kind): Buffer {
  const { initialKey, initialKeyId, counter, ...kind } = options;
  const key = deriveWorkingKey(options);
  if (counter > TERMINAL_COUNTER_MAX) return key;
  let state = loadInitialKey({ initialKey, initialKeyId });
  for (;;) {
    const taken = takeKey(state, kind);
    assert(taken, "the terminal must get to the counter");
    state = taken.next;
    if (taken.counter < counter) continue;
    assert.equal(taken.counter, counter);
    assert.equal(hex(taken.workingKey), hex(key));
    return key;
  }
}

/** The codes and the encrypted data of a request (terminal to gateway) and of its response. */
function runDukptMacs(input: Fields): Fields {
  const position = dukptPosition(input);
  const data = Buffer.from(text(input, "dataAscii"), "ascii");
  const padded = Buffer.concat([data], Math.ceil(data.length / 16) * 16);
  const cmac = (usage: DukptUsage) =>
    hex(aesCmac({ key: workingKey({ ...position, usage }), message: data }));
  const hmac = (usage: DukptUsage) => {
    const key = workingKey({ ...position, usage, algorithm: "hmac" });
    return createHmac("sha256", key).update(data).digest("hex");
  };
  const encrypted = (usage: DukptUsage) =>
    hex(encryptBlocks({ key: workingKey({ ...position, usage }), data: padded }));
  return {
    cmacRequest: cmac("macGeneration"),
    cmacResponse: cmac("macVerification"),
    hmacRequest: hmac("macGeneration"),
    hmacResponse: hmac("macVerification"),
    dataRequestCbcZeroIv: encrypted("dataEncryption"),
    dataResponseCbcZeroIv: encrypted("dataDecryption"),
  };
}
