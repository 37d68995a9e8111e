// Shows that the runners know operations and not the published values: other templates, keys, lengths and random bytes.
import {
  buildNdefUriFile,
  cardNumberField,
  deriveInitialKey,
  deriveWorkingKey,
  encryptPinBlock,
  hex,
  parseKsn,
} from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { runVector } from "./run-vectors.js";
import type { Fields } from "./vector-file.js";

const run = (op: string, input: Fields, expected: Fields = {}) =>
  runVector({ id: "other", op, input, expected });

describe("ndef_offsets", () => {
  const zeros = (count: number) => "0".repeat(count);
  const offsets = (file: Buffer) => {
    const { piccDataOffset, sdmMacOffset } = run("ndef_offsets", { ndefFileHex: hex(file) });
    return [piccDataOffset, sdmMacOffset];
  };

  it.each([
    ["other names", `https://www.a.fr/t?picc_data=${zeros(32)}&cmac=${zeros(16)}`],
    ["no names", `http://a.fr/${zeros(32)}/${zeros(16)}`],
    ["encrypted data between", `https://a.fr/?p=${zeros(32)}&enc=${zeros(32)}&m=${zeros(16)}`],
    ["a separator", `https://a.fr/?p=${zeros(32)}x${zeros(16)}`],
    ["no separator", `https://a.fr/?p=${zeros(32)}${zeros(16)}`],
    ["something behind", `https://a.fr/?p=${zeros(32)}&m=${zeros(16)}&k=0123456789abcdef`],
    ["no beginning", `gopher://a.fr/?p=${zeros(32)}&m=${zeros(16)}`],
    ["a card's own values", `https://a.fr/?c=${"1b".repeat(16)}&s=${"7E".repeat(8)}`],
  ])("with %s", (_what, uri) => {
    const file = buildNdefUriFile(uri);
    const text = file.toString("latin1");
    const piccData = text.search(/0{32}|(1b){16}/);
    const mac = piccData + 32 + text.slice(piccData + 32).search(/(?<!0)0{16}(?!0)|(7E){8}/);
    expect(offsets(Buffer.concat([file, Buffer.alloc(5)]))).toEqual([piccData, mac]);
  });

  it("with a beginning that is shortened by less than it could be", () => {
    const rest = Buffer.from(`www.a.fr/?p=${zeros(32)}&m=${zeros(16)}`);
    const head = [0, 5 + rest.length, 0xd1, 1, 1 + rest.length, 0x55, 4];
    const file = Buffer.concat([Buffer.from(head), rest]);
    expect(run("ndef_offsets", { ndefFileHex: hex(file) })).toEqual({
      nlen: 5 + rest.length,
      recordHeader: `d101${hex(Buffer.of(1 + rest.length))}55`,
      uriPrefixCode: 4,
      uri: rest.toString(),
      piccDataOffset: 19,
      sdmMacOffset: 54,
    });
  });

  it("with a code and no encrypted identity", () => {
    expect(offsets(buildNdefUriFile(`https://a.fr/?u=${zeros(14)}&m=${zeros(16)}`))).toEqual([
      null,
      7 + "a.fr/?u=".length + 14 + "&m=".length,
    ]);
  });
});

it("dukpt_pinblock4 under a long base key, and without the random bytes", () => {
  const ksn = "aabbccddeeff001100000010";
  const baseKey = Buffer.alloc(32, 0x5a);
  const position = parseKsn(ksn);
  if (!position) throw new Error("no serial number");
  const initialKey = deriveInitialKey({ baseKey, ...position });
  const key = deriveWorkingKey({ initialKey, ...position, usage: "pinEncryption" });
  const asked = { pin: "123456789012", cardNumber: "6331101999990016123" };
  const block = encryptPinBlock({ key, ...asked, random8: Buffer.from("randoms!") });
  const input = { bdk: hex(baseKey), ksn, pin: asked.pin, pan: asked.cardNumber };
  const expected = { encryptedPinBlock: hex(block) };
  expect(run("dukpt_pinblock4", input, expected)).toMatchObject({
    ...expected,
    panField: hex(cardNumberField(asked.cardNumber)),
  });
});

it("scan_line of a scanner that sends no line end", () => {
  const bytes = Buffer.from("]Q3PR1.xyz").toString("hex");
  expect(run("scan_line", { bytes })).toMatchObject({ aim: "]Q3", payload: "PR1.xyz" });
});

it("vpcd_frame of no body, and of a command of one byte", () => {
  expect(run("vpcd_frame", { frame: "0000" })).toEqual({ length: 0, body: "" });
  expect(run("vpcd_frame", { frame: "000103" })).toEqual({ length: 1, body: "03" });
  expect(() => run("vpcd_frame", { frame: "000501" })).toThrow();
});
