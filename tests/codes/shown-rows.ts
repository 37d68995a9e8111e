// How a Terminal is shown the codes whose rows of the gateway's table it never sends itself.

import { join } from "node:path";
import type { PublicCode } from "@pass-tpe/protocol";
import { expect } from "vitest";
import { WAITING_PER_TERMINAL_MAX } from "../../gateway/src/store/turnstile.js";
import { latch } from "./fault-gate.js";
import { startOrphan } from "./orphan.js";
import { enrol } from "./pupils.js";
import { rawTill } from "./raw-till.js";
import type { Rig } from "./rig.js";
import type { SdkShown, TerminalRow } from "./row.js";
import { chipOf, openSdk, type SdkTill } from "./sdk-till.js";

const by = "terminal";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };
/** The longest message that a card can make has 256 characters. */
const TOO_LONG_MESSAGE = "x".repeat(257);

/** More requests of one terminal than may wait, and then its sale, which has no time to be sent again. */
async function sellInACrowd(rig: Rig): Promise<SdkShown> {
  const credentials = await rig.running.terminal("T-CROWD");
  const chip = chipOf(rig.gateway, await enrol(rig.gateway));
  const till = await rig.sdk({ credentials, deadlines: { saleMs: 1_200, marginMs: 100 } });
  const crowd = rawTill(rig.gateway.url, credentials);
  const disk = latch();
  rig.gate.beforeNextBegin(() => disk.opened);
  // Sales like the one to come: a terminal's reversals are counted apart.
  const evidence = { type: "nfc", message: "no card made this" } as const;
  const waiting = Array.from({ length: WAITING_PER_TERMINAL_MAX + 1 }, () =>
    crowd.sell({ evidence, ...SHOW }),
  );
  // One of them is refused: the others are all there.
  await Promise.race(waiting);
  till.whenAsked(() => till.reader.tap(chip));
  const result = await till.terminal.sell(SHOW);
  disk.open();
  await Promise.all(waiting);
  crowd.close();
  await till.close();
  return result;
}

async function sold(rig: Rig, till: SdkTill): Promise<string> {
  const chip = chipOf(rig.gateway, await enrol(rig.gateway));
  till.whenAsked(() => till.reader.tap(chip));
  const { id = "" } = await till.terminal.sell(SHOW);
  return id;
}

/** A cashier who asks for a refund again while the first waits for the disk. */
async function refundAgain(rig: Rig): Promise<SdkShown> {
  const till = await rig.sdk();
  const of = await sold(rig, till);
  const disk = latch();
  rig.gate.beforeNextBegin(() => disk.opened);
  const first = till.terminal.refund({ of });
  const again = await till.terminal.refund({ of });
  disk.open();
  await first;
  await till.close();
  return again;
}

/** A till that had its profile before the partner was deleted: without one it asks nobody for a card. */
async function sellWithoutPartner(rig: Rig): Promise<SdkShown> {
  const { running, credentials, card, losePartner } = await startOrphan(rig);
  const chip = chipOf(running.gateway, card);
  const till = await openSdk({
    gateway: running.gateway.url,
    credentials,
    pinKeyFile: join(running.dataFolder, "pin-key"),
  });
  await losePartner();
  till.whenAsked(() => till.reader.tap(chip));
  const result = await till.terminal.sell(SHOW);
  await till.close();
  await running.stop();
  return result;
}

/** A disk that begins no transaction while a sale is reversed: the debt stays, and the till is told why. */
async function reverseWithoutDisk(rig: Rig): Promise<string> {
  const till = await rig.sdk({ deadlines: { saleMs: 600, marginMs: 100 } });
  const id = await sold(rig, till);
  const refuse = () => {
    rig.gate.beforeNextBegin(refuse);
    throw new Error("disk I/O error");
  };
  rig.gate.beforeNextBegin(refuse);
  const refused = new Promise<string>((resolve) => {
    till.terminal.on("reversalRefused", ({ code, final }) => {
      if (!final) resolve(code);
    });
  });
  const done = new Promise((resolve) => till.terminal.on("reversalDone", resolve));
  expect(await till.terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
  const code = await refused;
  rig.gate.beforeNextBegin(() => undefined);
  await done;
  await till.close();
  return code;
}

interface ToldRow {
  readonly code: PublicCode;
  readonly how: string;
  /** The code of the event that told it. */
  readonly reach: (rig: Rig) => Promise<string>;
}

/** Codes that no sale ends with: the same id is sent again, or the sale is reversed. */
export const TOLD_ROWS: readonly ToldRow[] = [
  {
    code: "SYSTEM_ERROR",
    how: "a reversal while the disk begins no transaction",
    reach: reverseWithoutDisk,
  },
];

export const SHOWN_ROWS: readonly TerminalRow[] = [
  {
    code: "RATE_LIMITED",
    by,
    how: "a sale behind more requests of this terminal than may wait, until its time is up",
    reach: sellInACrowd,
  },
  {
    code: "FORMAT_ERROR",
    by,
    how: "a card whose message is longer than any card's",
    async reach({ till }) {
      const evidence = { type: "nfc", message: TOO_LONG_MESSAGE } as const;
      const { shown } = await till.sell({ evidence, ...SHOW });
      if (shown === undefined) throw new Error("no Terminal was asked");
      return shown;
    },
  },
  {
    code: "IN_PROGRESS",
    by,
    how: "a refund that is asked for again before it is answered",
    reach: refundAgain,
  },
  {
    code: "PARTNER_UNKNOWN",
    by,
    how: "a database from which the partner was deleted by hand while the till was open",
    reach: sellWithoutPartner,
  },
];
