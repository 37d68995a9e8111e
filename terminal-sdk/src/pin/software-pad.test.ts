import type { PinBlock } from "@pass-tpe/protocol";
import {
  decryptPinBlock,
  deriveInitialKey,
  deriveWorkingKey,
  fromHex,
  hex,
  parseKsn,
} from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { CARD_NUMBER } from "../test-kit/fixtures.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import type { PinResult } from "./pad.js";
import { installPinKey } from "./pin-key-file.js";
import { PIN_ENTRIES_MAX, softwarePinPad } from "./software-pad.js";

const INITIAL_KEY_ID = fromHex("1234567890123456");
const INITIAL_KEY = deriveInitialKey({
  baseKey: Buffer.alloc(16, 0x42),
  initialKeyId: INITIAL_KEY_ID,
});
const PIN_KEY = { initialKeyHex: hex(INITIAL_KEY), initialKeyIdHex: hex(INITIAL_KEY_ID) };
const FILE = "pin.key";

function padWith(entries: readonly (string | null)[], disk = new MemoryDisk()) {
  let asked = 0;
  const pad = softwarePinPad({
    pinKey: PIN_KEY,
    keyFile: FILE,
    disk,
    digits: async () => entries[asked++] ?? null,
  });
  const request = (signal = new AbortController().signal) =>
    pad.requestPin({ cardNumber: CARD_NUMBER, prompt: ["TAPER LE CODE", ""], signal });
  return { request, disk, asked: () => asked };
}

function blockOf(result: PinResult): PinBlock {
  if (!result.ok) throw new Error(`expected a block, got ${result.reason}`);
  return result.pinBlock;
}

/** What the gateway does with a block. */
function open({ ksn, block }: PinBlock): { counter: number; pin: string | null } {
  const parsed = parseKsn(ksn);
  if (parsed === null) throw new Error("no key serial number");
  const { initialKeyId, counter } = parsed;
  const key = deriveWorkingKey({
    initialKey: INITIAL_KEY,
    initialKeyId,
    counter,
    usage: "pinEncryption",
  });
  return { counter, pin: decryptPinBlock({ key, block: fromHex(block), cardNumber: CARD_NUMBER }) };
}

describe("the software PIN pad", () => {
  it("makes blocks that open under the key of each next counter, also after a restart", async () => {
    const first = padWith(["1470", "2581"]);
    expect(open(blockOf(await first.request()))).toEqual({ counter: 1, pin: "1470" });
    expect(open(blockOf(await first.request()))).toEqual({ counter: 2, pin: "2581" });
    const restarted = padWith(["3692"], first.disk);
    expect(open(blockOf(await restarted.request()))).toEqual({ counter: 3, pin: "3692" });
  });

  it("has let go of the key durably before it gives a block", async () => {
    const { request, disk } = padWith(["1470", "2581"]);
    await request();
    const kept: string[] = [];
    const { replace } = disk;
    disk.replace = async (options) => {
      await replace.call(disk, options);
      kept.push(disk.durable(FILE));
    };
    expect(open(blockOf(await request())).counter).toBe(2);
    expect(kept).toEqual([disk.durable(FILE)]);
    expect(disk.durable(FILE).split("\n")[3]).toBe("2");
  });

  it("gives no block when the key file cannot be replaced", async () => {
    const { request, disk } = padWith(["1470"]);
    disk.replace = () => Promise.reject(new Error("ENOSPC"));
    expect(await request()).toEqual({
      ok: false,
      reason: "failed",
      detail: `PIN key file ${FILE}: ENOSPC`,
    });
  });

  it("asks again for anything but four digits, and gives up after a few times", async () => {
    const forgiving = padWith(["12", "abcd", "1470"]);
    expect(open(blockOf(await forgiving.request())).pin).toBe("1470");
    const stubborn = padWith(["1", "12", "12345", "1470"]);
    expect(await stubborn.request()).toEqual({ ok: false, reason: "cancelled" });
    expect(stubborn.asked()).toBe(PIN_ENTRIES_MAX);
  });

  it("uses no key when the holder cancels, or when the sale is over by the time they have typed", async () => {
    const given = padWith([null]);
    expect(await given.request()).toEqual({ ok: false, reason: "cancelled" });
    const late = padWith(["1470"]);
    expect(await late.request(AbortSignal.abort())).toEqual({ ok: false, reason: "cancelled" });
    expect([given.disk.durable(FILE), late.disk.durable(FILE)]).toEqual(["", ""]);
  });

  it("passes on nothing of what a keyboard throws, which may hold what was typed", async () => {
    const pad = softwarePinPad({
      pinKey: PIN_KEY,
      keyFile: FILE,
      disk: new MemoryDisk(),
      digits: () => Promise.reject(new Error("unexpected key after 1470")),
    });
    const { signal } = new AbortController();
    const result = await pad.requestPin({ cardNumber: CARD_NUMBER, prompt: ["", ""], signal });
    expect(result).toMatchObject({ ok: false, reason: "failed" });
    expect(JSON.stringify(result)).not.toContain("1470");
  });

  it("goes on with a file that was filled before, and needs no initial key for it", async () => {
    const { request, disk } = padWith(["1470"]);
    await request();
    const pad = softwarePinPad({ keyFile: FILE, disk, digits: async () => "2581" });
    const { signal } = new AbortController();
    const result = await pad.requestPin({ cardNumber: CARD_NUMBER, prompt: ["", ""], signal });
    expect(open(blockOf(result))).toEqual({ counter: 2, pin: "2581" });
  });

  it("puts its initial key into the file once, and leaves alone what comes there later", async () => {
    const { request, disk } = padWith(["1470", "2581"]);
    await request();
    const initialKeyIdHex = "AB".repeat(8);
    await installPinKey({ path: FILE, pinKey: { ...PIN_KEY, initialKeyIdHex }, disk });
    expect(blockOf(await request()).ksn).toBe(`${initialKeyIdHex}00000001`);
  });
});
