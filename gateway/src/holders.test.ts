// What the accounts keep of a birth date, where strangers' tries are counted, and how much may wait at once.

import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HolderStore, PasswordHash, Tried } from "./core/holders.js";
import type { Passwords } from "./crypto/passwords.js";
import { createHolders } from "./holders.js";
import type { EventRow } from "./store/driver.js";
import { IN_PROCESS } from "./trail.js";
import { BusyError } from "./turns.js";

const PIN_DIGEST_BYTES = 16;
const WAITING_AND_RUNNING = 130;

/** Accounts over a store that keeps nothing and knows nobody, and passwords that are looked at for ever. */
function accounts(matches: Passwords["matches"] = () => new Promise<boolean>(() => undefined)) {
  const tried: Tried[] = [];
  const openings: Parameters<HolderStore<EventRow>["keepOpening"]>[0][] = [];
  const unused = () => Promise.reject(new Error("not asked for in these tests"));
  const holders = createHolders({
    store: {
      keepOpening: async (opening) => openings.push(opening) > 0,
      tryPassword: async (it) => {
        tried.push(it);
        return { type: "look", password: null };
      },
      tryOpening: async (it) => {
        tried.push(it);
        return { type: "wrong" };
      },
      open: unused,
      enter: unused,
      setPin: unused,
    },
    keys: {
      indexes: {
        number: () => Buffer.alloc(32),
        identifier: () => Buffer.alloc(32),
        request: () => Buffer.alloc(32),
        digest: (domain, value) => createHmac("sha256", domain).update(value).digest(),
      },
      pins: {
        check: () => {
          throw new Error("no PIN block comes here");
        },
        isSame: () => false,
        define: () => ({
          pinSalt: randomBytes(16),
          pinVerifier: randomBytes(32),
          pinKeyVersion: 1,
        }),
        defineFor: () => ({
          pinSalt: randomBytes(16),
          pinVerifier: randomBytes(32),
          pinKeyVersion: 1,
        }),
        drawInitialKeyId: () => "",
        baseVersionOf: () => 1,
        wrapInitialKey: () => "",
      },
    },
    passwords: { hash: unused, matches },
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    random: { bytes: (count) => randomBytes(count) },
  });
  return { holders, tried, openings };
}

/** The digests that an account keeps for a birth date, in their order. */
async function digestsFor(birthDay: string, beneficiary = "D-1"): Promise<readonly string[]> {
  const { holders, openings } = accounts();
  await holders.openAccount({ beneficiary, birthDay }, IN_PROCESS);
  const all = Buffer.from(openings[0]?.refusedPins ?? []);
  const count = all.length / PIN_DIGEST_BYTES;
  return Array.from({ length: count }, (_, index) =>
    all.subarray(index * PIN_DIGEST_BYTES, (index + 1) * PIN_DIGEST_BYTES).toString("hex"),
  );
}

describe("a birth date", () => {
  it.each(["2006-12-31", "2005-04-03", "2006-06-06"])(
    "%s is kept as nine digests in no order of its own",
    async (birthDay) => {
      const digests = await digestsFor(birthDay);
      expect(new Set(digests).size).toBe(9);
      expect(digests).toEqual([...digests].sort());
    },
  );

  it("has other digests for another holder", async () => {
    const [one, other] = [await digestsFor("2005-04-03"), await digestsFor("2005-04-03", "D-2")];
    expect(one.filter((digest) => other.includes(digest))).toEqual([]);
  });
});

it("so many requests wait their turn, and one more is refused before its try is counted", async () => {
  const { holders, tried } = accounts();
  const ask = (dossier: string) => holders.accounts.pinState({ dossier, password: "p" });
  for (let index = 0; index < WAITING_AND_RUNNING; index += 1) void ask(`D-${index}`);
  await expect(ask("D-LAST")).rejects.toThrow(BusyError);
  expect(tried.map(({ dossier }) => dossier)).toEqual(["D-0", "D-1"]);
  for (const { slot } of tried) expect(slot).toBeLessThan(2 ** 20);
  expect(tried[0]?.slot).not.toBe(tried[1]?.slot);
});

it("a wrong opening code costs the slow hash that a wrong password costs, in the same turns", async () => {
  const hashed: [string, PasswordHash | null][] = [];
  const { holders, tried } = accounts(async (password, kept) => {
    hashed.push([password, kept]);
    return false;
  });
  const login = { dossier: "D-1", password: "douze signes" };
  const { open, pinState } = holders.accounts;
  const told = [await pinState(login), await open({ ...login, openingCode: "0000" })];
  expect(told).toEqual([{ type: "wrong" }, { type: "wrong" }]);
  expect(hashed).toEqual([
    ["douze signes", null],
    ["douze signes", null],
  ]);
  const slow = accounts();
  const flood = Array.from({ length: WAITING_AND_RUNNING }, () =>
    slow.holders.accounts.open({ ...login, openingCode: "0000" }),
  );
  await expect(slow.holders.accounts.pinState(login)).rejects.toThrow(BusyError);
  expect([flood.length, slow.tried.length, tried.length]).toEqual([WAITING_AND_RUNNING, 2, 2]);
});
