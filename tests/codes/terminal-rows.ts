// How each code that the SDK gives by itself is reached, on the real gateway or on its way there.

import { createVirtualCard } from "@pass-tpe/simulators";
import type { SaleResult } from "@pass-tpe/terminal-sdk";
import { freePort } from "../../simulators/src/free-ports.js";
import { startTestGateway } from "../support/running-gateway.js";
import { latch } from "./fault-gate.js";
import { enrol } from "./pupils.js";
import type { Rig } from "./rig.js";
import type { SdkShown, TerminalRow } from "./row.js";
import { chipOf, type SdkOptions, type SdkTill } from "./sdk-till.js";

const by = "terminal";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };

/** Opens a till, sells, and closes it. `act` is what happens each time a card is asked for. */
async function sellAt(
  rig: Rig,
  act: (till: SdkTill) => void | Promise<void>,
  options: SdkOptions = {},
): Promise<SaleResult> {
  const till = await rig.sdk(options);
  till.whenAsked(() => void act(till));
  const result = await till.terminal.sell(SHOW);
  await till.close();
  return result;
}

type Present = (till: SdkTill) => void;

/** What the till hears when something is presented that is no card of the programme; the sale is then cancelled. */
async function refusedAtReader(rig: Rig, present: Present): Promise<SdkShown> {
  const till = await rig.sdk();
  till.whenAsked(() => present(till));
  const refused = new Promise<SdkShown>((resolve) => till.terminal.on("readRefused", resolve));
  const sale = till.terminal.sell(SHOW);
  const shown = await refused;
  await till.terminal.cancel();
  await sale;
  await till.close();
  return shown;
}

/** An address at which nothing listens. */
export async function deadAddress(): Promise<string> {
  return `https://127.0.0.1:${await freePort()}`;
}

/** A till that knows another gateway's authority, and not this one's. */
export async function strangersCredentials() {
  const elsewhere = await startTestGateway();
  const credentials = await elsewhere.terminal();
  await elsewhere.stop();
  return credentials;
}

/** The disk hangs until the till has given up; then the sale is decided, and the till takes it back. */
async function sellWhileDiskHangs(rig: Rig): Promise<SdkShown> {
  const disk = latch();
  const chip = chipOf(rig.gateway, await enrol(rig.gateway));
  const till = await rig.sdk({ deadlines: { saleMs: 600, tryMs: 600, marginMs: 100 } });
  till.whenAsked(() => {
    rig.gate.beforeNextBegin(() => disk.opened);
    till.reader.tap(chip);
  });
  const result = await till.terminal.sell(SHOW);
  disk.open();
  if (result.outcome !== "unknown") throw new Error(`the sale came to ${result.code}`);
  const resolved = await result.resolved;
  await till.close();
  if (resolved.outcome !== "reversed") throw new Error(`it was not reversed: ${resolved.outcome}`);
  return result;
}

export const TERMINAL_ROWS: readonly TerminalRow[] = [
  {
    code: "READER_UNAVAILABLE",
    by,
    how: "a reader whose cable is pulled",
    async reach(rig) {
      const till = await rig.sdk();
      till.reader.unplug();
      const result = await till.terminal.sell(SHOW);
      await till.close();
      return result;
    },
  },
  {
    code: "SALE_CANCELLED",
    by,
    how: "a cashier who cancels while the card is awaited",
    reach: (rig) => sellAt(rig, async ({ terminal }) => void (await terminal.cancel())),
  },
  {
    code: "NO_CARD",
    by,
    how: "nobody who presents a card",
    reach: (rig) => sellAt(rig, () => undefined, { deadlines: { readMs: 50 } }),
  },
  {
    code: "NOT_A_PASS_CARD",
    by,
    how: "a bank card",
    reach: (rig) =>
      refusedAtReader(rig, ({ reader }) =>
        reader.tap(createVirtualCard({ profile: "wrongApplication" })),
      ),
  },
  {
    code: "CARD_UNREADABLE",
    by,
    how: "a card that is torn off in mid-read",
    async reach(rig) {
      const { uid } = await enrol(rig.gateway);
      const keys = rig.gateway.operator.cardKeys(uid);
      const card = createVirtualCard({ profile: "sdm", uid, keys, removeAfterApdus: 2 });
      return refusedAtReader(rig, ({ reader }) => reader.tap(card));
    },
  },
  {
    code: "QR_INVALID",
    by,
    how: "another programme's code, before any code secret is asked for",
    reach: (rig) =>
      refusedAtReader(rig, ({ reader }) => reader.scan("https://example.org/loyalty/4711")),
  },
  {
    code: "PIN_CANCELLED",
    by,
    how: "a holder who presses the cancel key",
    async reach(rig) {
      const { cardNumber } = await enrol(rig.gateway);
      const code = rig.gateway.operator.qrToken({ kind: "printed", cardNumber });
      return sellAt(rig, ({ reader }) => reader.scan(code));
    },
  },
  {
    code: "UNREACHABLE",
    by,
    how: "a gateway that is not there",
    reach: async (rig) => sellAt(rig, () => undefined, { gateway: await deadAddress() }),
  },
  {
    code: "TERMINAL_AUTH_FAILED",
    by,
    how: "a gateway whose authority the till does not know",
    reach: async (rig) =>
      sellAt(rig, () => undefined, { credentials: await strangersCredentials() }),
  },
  {
    code: "TIMEOUT",
    by,
    how: "a sale without an answer, which is then reversed",
    reach: sellWhileDiskHangs,
  },
];
