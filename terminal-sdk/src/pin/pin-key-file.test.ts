// Checks the PIN key file: what it keeps, what it no longer leads to, and when it is refused.

import { createHash } from "node:crypto";
import { chmod, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type DukptRegisters,
  deriveInitialKey,
  deriveWorkingKey,
  fromHex,
  hex,
  loadInitialKey,
  MAX_DUKPT_COUNTER,
  takeKey,
} from "@pass-tpe/protocol/standards";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../disk.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { installPinKey, takePinKey } from "./pin-key-file.js";

const initialKeyId = fromHex("1234567890123456");
const initialKey = deriveInitialKey({ baseKey: Buffer.alloc(16, 0x42), initialKeyId });
const pinKey = { initialKeyHex: hex(initialKey), initialKeyIdHex: hex(initialKeyId) };
const anotherKey = { initialKeyHex: "5a".repeat(16), initialKeyIdHex: "AB".repeat(8) };
const path = "pin.key";

async function installed() {
  const disk = new MemoryDisk();
  await installPinKey({ path, pinKey, disk });
  return disk;
}

const workingKey = (counter: number) =>
  hex(deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" }));

/** Every 16 bytes that are written as hex in a text. */
function keysIn(content: string): Buffer[] {
  const runs = content.match(/[0-9A-Fa-f]{32,}/g) ?? [];
  return runs.flatMap((run) =>
    Array.from({ length: run.length - 31 }, (_, at) => fromHex(run.slice(at, at + 32))),
  );
}

/** The counters whose working key follows when a key is put into each register in turn and keys are taken. */
function waysBack(content: string, counters: readonly number[]): number[] {
  const wanted = new Map(counters.map((counter) => [workingKey(counter), counter]));
  const found = new Set<number>();
  const look = (key: Uint8Array) => {
    const counter = wanted.get(hex(key));
    if (counter !== undefined) found.add(counter);
  };
  for (const key of keysIn(content)) {
    look(key);
    const fresh = loadInitialKey({ initialKey: key, initialKeyId });
    const starts = counters.map((counter): DukptRegisters => {
      const register = 31 - Math.clz32(counter & -counter);
      const keys = new Map([...Array(32).keys()].map((other) => [other, key]));
      return { initialKeyId, counter: counter - 1, keys: keys.set(register, key) };
    });
    for (const start of [fresh, ...starts]) {
      let state: DukptRegisters | null = start;
      for (let step = 0; state !== null && step < counters.length; step += 1) {
        const taken = takeKey(state, { usage: "pinEncryption" });
        if (taken !== null) look(taken.workingKey);
        state = taken?.next ?? null;
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}

describe("a PIN key file", () => {
  it("gives each key of its initial key once, also after a restart", async () => {
    const disk = await installed();
    for (let counter = 1; counter <= 20; counter += 1) {
      const taken = await takePinKey({ path, disk: disk.afterPowerCut() });
      expect([taken.counter, hex(taken.workingKey)]).toEqual([counter, workingKey(counter)]);
      await takePinKey({ path, disk });
    }
  });

  it("leads to no key that was taken, and to every one that was not", async () => {
    const disk = await installed();
    const counters = [1, 2, 3, 4, 5, 6];
    expect(waysBack(disk.durable(path), counters)).toEqual(counters);
    expect(disk.durable(path)).not.toContain(pinKey.initialKeyHex);
    for (const counter of counters) {
      expect((await takePinKey({ path, disk })).counter).toBe(counter);
      expect(waysBack(disk.durable(path), counters)).toEqual(counters.slice(counter));
    }
  });

  it("gives two that ask at once two keys, or one of them none", async () => {
    const onDisk = join(temporaryFolder(), "pin.key");
    await installPinKey({ path: onDisk, pinKey });
    const asked = Array.from({ length: 8 }, () => takePinKey({ path: onDisk, disk: nodeDisk }));
    const results = await Promise.allSettled(asked);
    const counters = results.flatMap((one) =>
      one.status === "fulfilled" ? [one.value.counter] : [],
    );
    expect(counters.length).toBeGreaterThan(0);
    expect(new Set(counters).size).toBe(counters.length);
  });

  it("keeps its place when the same initial key is installed again", async () => {
    const disk = await installed();
    await takePinKey({ path, disk });
    await installPinKey({ path, pinKey, disk });
    expect((await takePinKey({ path, disk })).counter).toBe(2);
  });

  it("begins anew with another initial key", async () => {
    const disk = await installed();
    await takePinKey({ path, disk });
    await installPinKey({ path, pinKey: anotherKey, disk });
    const { counter, initialKeyId: found } = await takePinKey({ path, disk });
    expect([counter, hex(found)]).toEqual([1, "ab".repeat(8)]);
  });

  it.each([
    ["is cut", (text: string) => text.slice(0, -40)],
    ["is empty", () => ""],
    ["has a changed counter", (text: string) => text.replace(/\n0\n/, "\n1\n")],
    ["has a changed key", (text: string) => `${text.slice(0, -3)}00\n`],
  ])("that %s is refused with what to do, by both", async (_case, damage) => {
    const disk = await installed();
    const damaged = damage(disk.durable(path));
    expect(damaged).not.toBe(disk.durable(path));
    disk.put(path, damaged);
    const words = "is damaged; remove it and enrol the terminal again";
    await expect(takePinKey({ path, disk })).rejects.toThrow(words);
    await expect(installPinKey({ path, pinKey: anotherKey, disk })).rejects.toThrow(words);
    expect(disk.durable(path)).toBe(damaged);
  });

  it("that is missing is refused with what to do", async () => {
    await expect(takePinKey({ path, disk: new MemoryDisk() })).rejects.toMatchObject({
      code: "CREDENTIALS_UNREADABLE",
      message: `${path} has no PIN key; enrol the terminal`,
    });
  });

  it("that is used up is refused with what to do", async () => {
    const disk = new MemoryDisk();
    const body = `pass-tpe pin key 1\n${pinKey.initialKeyIdHex}\n${MAX_DUKPT_COUNTER}\n`;
    disk.put(path, `${createHash("sha256").update(body).digest("hex")}\n${body}`);
    const words = "all keys in pin.key are used; enrol the terminal again for a new PIN key";
    await expect(takePinKey({ path, disk })).rejects.toThrow(words);
  });

  it("lies on the disk readable by its owner alone, with nothing beside it", async () => {
    const folder = temporaryFolder();
    const onDisk = join(folder, "pin.key");
    await installPinKey({ path: onDisk, pinKey });
    await takePinKey({ path: onDisk, disk: nodeDisk });
    expect((await stat(onDisk)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["pin.key"]);
    expect((await readFile(onDisk)).length).toBeLessThan(4_096);
  });

  it("that other users can read is refused, with what to do", async () => {
    const onDisk = join(temporaryFolder(), "pin.key");
    await installPinKey({ path: onDisk, pinKey });
    await chmod(onDisk, 0o640);
    await expect(takePinKey({ path: onDisk, disk: nodeDisk })).rejects.toThrow("run chmod 600");
    await expect(installPinKey({ path: onDisk, pinKey: anotherKey })).rejects.toThrow("chmod 600");
  });

  it.each([
    { ...pinKey, initialKeyHex: "00" },
    { ...pinKey, initialKeyIdHex: "xyz" },
  ])("takes no malformed key, and does not quote it", async (malformed) => {
    const disk = new MemoryDisk();
    const refused = installPinKey({ path, pinKey: malformed, disk });
    await expect(refused).rejects.toThrow(/^pinKey\.initialKey(Id)?Hex is not the hex digits/);
    expect(disk.durable(path)).toBe("");
  });
});
