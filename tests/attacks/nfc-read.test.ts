// Cards that lie to the reader of a till on a running gateway: oversized or cut files, and hands that are too quick.

import {
  createVirtualCard,
  type SimulatedReader,
  simulatedReader,
  type VirtualCard,
} from "@pass-tpe/simulators";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { TestCard } from "../support/running-gateway.js";
import { openTill, type TestTill } from "../support/till.js";
import { type AttackedGateway, SOLD, startAttacked } from "./rig.js";

/** Hundreds of reads, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const READ_BINARY = 0xb0;
const STATUS_BYTES = 2;
const NLEN_BYTES = 2;
/** In the file: NLEN, the record's header, its type's length, then this. */
const PAYLOAD_LENGTH_AT = 4;
const DONE = Buffer.of(0x90, 0x00);

let running: AttackedGateway;
let reader: SimulatedReader;
let till: TestTill;
let card: TestCard;
beforeAll(async () => {
  running = await startAttacked();
  reader = simulatedReader();
  till = await openTill(running, [reader]);
  card = await running.card({ grants: { [SOLD]: 10_000 } });
});
afterAll(async () => {
  await till.close();
  await running.stop();
});

let counter = 0;
/** The true chip, which has made no message that was not read. */
function chip(removeAfterApdus = Number.POSITIVE_INFINITY): VirtualCard {
  const { uid } = card;
  const keys = running.gateway.operator.cardKeys(uid);
  return createVirtualCard({ profile: "sdm", uid, keys, counter, removeAfterApdus });
}

/** A card that answers what a test makes of the true chip's answer; null where it is gone by then. */
function lying(change: (answer: Buffer, apdu: Uint8Array) => Buffer | null): VirtualCard {
  const inside = chip();
  let isGone = false;
  return {
    profile: "sdm",
    get counter() {
      return inside.counter;
    },
    get isRemoved() {
      return isGone;
    },
    transmit(apdu) {
      const answer = isGone ? null : inside.transmit(apdu);
      const said = answer && change(answer, apdu);
      if (said === null) isGone = true;
      return said;
    },
    powerOn() {
      isGone = false;
      inside.powerOn();
    },
  };
}

/** A card whose file is what a test makes of the true one; it answers nothing past its end. */
const withFile = (change: (file: Buffer) => Buffer): VirtualCard => {
  let file: Buffer | null = null;
  return lying((answer, apdu) => {
    if (apdu[1] !== READ_BINARY) return answer;
    file ??= change(answer.subarray(0, -STATUS_BYTES));
    const from = ((apdu[2] ?? 0) << 8) | (apdu[3] ?? 0);
    return Buffer.concat([file.subarray(from, from + (apdu[4] ?? 0)), DONE]);
  });
};

/** The file of a true card, as a terminal reads it. */
function trueFile(): Buffer {
  const one = chip();
  one.powerOn();
  one.transmit(Buffer.from("00A4040C07D276000085010100", "hex"));
  one.transmit(Buffer.from("00A4000C02E104", "hex"));
  const answer = one.transmit(Buffer.from("00B0000080", "hex"));
  if (answer === null) throw new Error("the software chip did not answer");
  return answer.subarray(0, -STATUS_BYTES);
}

/** One sale during which every bad card is refused; then the true one is tapped, and it pays once. */
async function refusesAll(bad: readonly VirtualCard[]): Promise<void> {
  const [attempts, spent] = [await running.attempts(), await running.spent(card)];
  const waiting = till.next("waitingForCard");
  const sale = till.terminal.sell({ avantage: SOLD, purchaseCents: 100 });
  await waiting;
  for (const one of bad) {
    const refused = till.next("readRefused");
    reader.tap(one);
    expect(["CARD_UNREADABLE", "NOT_A_PASS_CARD"]).toContain((await refused).code);
    counter = Math.max(counter, one.counter);
    reader.remove();
  }
  expect(await running.attempts()).toBe(attempts);
  const good = chip();
  reader.tap(good);
  expect(await sale).toMatchObject({ outcome: "approved", amountCents: 100 });
  counter = good.counter;
  reader.remove();
  expect(await running.attempts()).toBe(attempts + 1);
  expect(await running.spent(card)).toBe(spent + 100);
}

test("an NDEF file cut at every byte is refused, and nothing of it is sent", async () => {
  const bytes = NLEN_BYTES + trueFile().readUInt16BE(0);
  const cut = Array.from({ length: bytes }, (_, length) =>
    withFile((file) => file.subarray(0, length)),
  );
  await refusesAll(cut);
});

test("an oversized NDEF file is refused, whatever length it names that is not its own", async () => {
  const own = trueFile();
  const [nlen, payload] = [own.readUInt16BE(0), own.readUInt8(PAYLOAD_LENGTH_AT)];
  const lengths = Array.from({ length: 0x200 }, (_, length) => length).concat(0x7fff, 0xffff);
  const wrongNlen = lengths
    .filter((length) => length !== nlen)
    .map((length) =>
      withFile((file) => {
        const changed = Buffer.concat([file], 0x200);
        changed.writeUInt16BE(length);
        return changed;
      }),
    );
  const wrongPayload = Array.from({ length: 0x100 }, (_, length) => length)
    .filter((length) => length !== payload)
    .map((length) =>
      withFile((file) => {
        const changed = Buffer.from(file);
        changed.writeUInt8(length, PAYLOAD_LENGTH_AT);
        return changed;
      }),
    );
  await refusesAll([...wrongNlen, ...wrongPayload]);
});

test("a card removed before each command of the read, or in the middle of any answer, is refused and pays once after", async () => {
  const gone = [0, 1, 2].map((commands) => chip(commands));
  const answerBytes = [STATUS_BYTES, STATUS_BYTES, trueFile().length + STATUS_BYTES];
  const cut = answerBytes.flatMap((bytes, command) =>
    Array.from({ length: bytes }, (_, length) => {
      let answered = 0;
      return lying((answer) => {
        answered += 1;
        return answered === command + 1 ? answer.subarray(0, length) : answer;
      });
    }),
  );
  await refusesAll([...gone, ...cut]);
});
