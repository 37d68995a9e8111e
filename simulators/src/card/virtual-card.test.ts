// Checks that software cards answer as the chips they stand for.

import {
  decryptPiccData,
  fromHex,
  hex,
  parseCardMessage,
  parseNdefUriFile,
  sdmMac,
} from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { createVirtualCard, type VirtualCard, virtualCardKeys } from "./virtual-card.js";

const UID = fromHex("04a1b2c3d4e5f1");
const KEYS = { metaReadKey: Buffer.alloc(16, 1), fileReadKey: Buffer.alloc(16, 2) };
const SELECT_APPLICATION = "00A4040C07D276000085010100";
const SELECT_FILE = "00A4000C02E104";
const READ = "00B0000080";

const passCard = (options: { counter?: number; removeAfterApdus?: number } = {}) =>
  createVirtualCard({ profile: "sdm", uid: UID, keys: KEYS, ...options });

function send(card: VirtualCard, ...commands: string[]): (string | null)[] {
  return commands.map((command) => card.transmit(fromHex(command))?.toString("hex") ?? null);
}

function tap(card: VirtualCard): { message: string; uid: string; counter: number } {
  const answer = send(card, SELECT_APPLICATION, SELECT_FILE, READ)[2] ?? "";
  const file = parseNdefUriFile(fromHex(answer).subarray(0, -2));
  const message = file.ok ? parseCardMessage(file.uri) : null;
  if (!file.ok || message === null) throw new Error("no card message");
  const { encryptedPiccData: encrypted, mac, macInput } = message;
  const identity = decryptPiccData({ metaReadKey: KEYS.metaReadKey, encrypted });
  if (identity === null) throw new Error("not under the card's key");
  expect(sdmMac({ fileReadKey: KEYS.fileReadKey, ...identity, macInput })).toEqual(mac);
  return { message: file.uri, uid: hex(identity.uid), counter: identity.counter };
}

describe("a virtual Pass'Région", () => {
  it("makes a genuine message, with the next counter at each selection", () => {
    const card = passCard({ counter: 7 });
    expect(tap(card)).toMatchObject({ uid: hex(UID), counter: 8 });
    expect(tap(card)).toMatchObject({ counter: 9 });
  });

  it("makes one message for all reads of one selection", () => {
    const card = passCard();
    const answers = send(card, SELECT_APPLICATION, SELECT_FILE, READ, READ);
    expect(answers[3]).toBe(answers[2]);
    expect(card.counter).toBe(1);
  });

  it("does not move its counter for a selection without a read", () => {
    const card = passCard();
    send(card, SELECT_APPLICATION, SELECT_FILE, SELECT_FILE);
    expect(card.counter).toBe(0);
  });

  it("makes no message once its counter is worn out", () => {
    const card = passCard({ counter: 0xff_ff_ff });
    expect(send(card, SELECT_APPLICATION, SELECT_FILE, READ)[2]).toBe("6985");
  });

  it("makes the same message again where the random bytes are the same", () => {
    const fixed = () =>
      createVirtualCard({
        profile: "sdm",
        uid: UID,
        keys: KEYS,
        random: (bytes) => Buffer.alloc(bytes, 5),
      });
    expect(tap(fixed())).toEqual(tap(fixed()));
  });

  it.each([
    { what: "the file before the application", commands: [SELECT_FILE], status: "6a82" },
    { what: "a read before the file", commands: [SELECT_APPLICATION, READ], status: "6986" },
    {
      what: "a read past the end",
      commands: [SELECT_APPLICATION, SELECT_FILE, "00B000FF80"],
      status: "6700",
    },
    { what: "a foreign application", commands: ["00A4040007A0000000031010"], status: "6a82" },
    { what: "a command cut short", commands: ["00A4"], status: "6d00" },
    { what: "no bytes", commands: [""], status: "6d00" },
  ])("refuses $what with $status", ({ commands, status }) => {
    expect(send(passCard(), ...commands).at(-1)).toBe(status);
  });

  it.each([0, 1, 2, 3])("is gone after %i commands, until it is tapped anew", (commands) => {
    const card = passCard({ removeAfterApdus: commands });
    const answers = send(card, SELECT_APPLICATION, SELECT_FILE, READ, READ);
    expect(answers.filter((answer) => answer !== null)).toHaveLength(commands);
    expect(card.isRemoved).toBe(true);
    card.powerOn();
    expect(card.isRemoved).toBe(commands === 0);
  });
});

describe("another virtual card", () => {
  it("shows a static identifier and has no application", () => {
    const card = createVirtualCard({ profile: "identifier", uid: UID });
    expect(send(card, "FFCA000000", SELECT_APPLICATION)).toEqual([`${hex(UID)}9000`, "6a82"]);
  });

  it("is a phone with a new identifier at each tap", () => {
    let draws = 0;
    const random = (bytes: number) => {
      draws += 1;
      return Buffer.alloc(bytes, draws);
    };
    const card = createVirtualCard({ profile: "phone", random });
    const first = send(card, "FFCA000000");
    card.powerOn();
    expect(first).toEqual(["080101019000"]);
    expect(send(card, "FFCA000000")).toEqual(["080202029000"]);
  });

  it("falls silent without being taken away", () => {
    const card = createVirtualCard({ profile: "silent", silentAfterApdus: 1 });
    expect(send(card, SELECT_APPLICATION, SELECT_FILE)).toEqual(["9000", null]);
    expect(card.isRemoved).toBe(false);
  });
});

describe("virtualCardKeys", () => {
  it("gives each card its own file-read key", () => {
    const masters = {
      metaReadKey: Buffer.alloc(16, 1),
      fileReadMasterKey: Buffer.alloc(16, 2),
      applicationId: fromHex("d27600"),
      systemId: Buffer.from("pass"),
    };
    const one = virtualCardKeys({ ...masters, uid: UID });
    const other = virtualCardKeys({ ...masters, uid: fromHex("04a1b2c3d4e5f2") });
    expect(one.metaReadKey).toEqual(other.metaReadKey);
    expect(one.fileReadKey).not.toEqual(other.fileReadKey);
  });
});
