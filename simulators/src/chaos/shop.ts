// Makes the world of a run on disk: a gateway's folder with a programme, a partner, terminals, cards and grants.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger, type Gateway, startGateway, windowOfDays } from "@pass-tpe/gateway";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { installPinKey, saveCredentials } from "@pass-tpe/terminal-sdk";
import type { World } from "../checker/facts.js";
import {
  DEMO_CAMPAIGN,
  DEMO_PIN,
  DEMO_POINT_OF_SALE,
  demoProgramme,
  loadDemoPartner,
  openDays,
} from "../demo/data.js";
import { CHAOS_AVANTAGES } from "./purchase.js";
import type { Customers, HeldCard } from "./till-config.js";

const OWN_CARDS = 3;
const SHARED_CARDS = 6;
const ATTACKED_CARDS = 12;
const PIN_TRIES_MAX = 3;
const STORE_KEY_BYTES = 32;
/** Short, so that holds lapse within a run. */
const HOLD_MINUTES = 2;
const MINUTE_MS = 60_000;

/** What each kind of card was granted: enough for a run, or little, so that it runs out. */
const PLENTY = { SPECTACLE: 90_000_000, LIVRES_LOISIR: 90_000_000, CINEMA: 90_000 };
const LITTLE = { SPECTACLE: 20_000, LIVRES_LOISIR: 8_000, CINEMA: 12 };

export interface Shop {
  readonly world: World;
  /** What `pass-tpe` is given to open the folder. */
  readonly dataFolder: string;
  readonly databaseUrl?: string;
  readonly storeKeyFile: string;
  readonly programmeFile: string;
  readonly tills: readonly ShopTill[];
}

export interface ShopTill {
  readonly terminal: string;
  /** Holds its credentials, its PIN key, and later its journal. */
  readonly folder: string;
  readonly credentials: string;
  readonly pinKeyFile: string;
  readonly customers: Customers;
}

/**
 * Makes everything with a gateway in this process, which is closed again when this resolves.
 *
 * @throws the signal's reason where it fires meanwhile.
 */
export async function makeShop(options: {
  /** Files of the run. */
  readonly folder: string;
  readonly dataFolder: string;
  /** Where the ledger is, when it is in no file of the gateway's folder. */
  readonly databaseUrl?: string;
  readonly terminals: number;
  readonly signal?: AbortSignal;
}): Promise<Shop> {
  const { folder, dataFolder, databaseUrl, terminals, signal } = options;
  const nowMs = Date.now();
  const storeKey = randomBytes(STORE_KEY_BYTES);
  const storeKeyFile = join(folder, "store.key");
  writeFileSync(storeKeyFile, `${storeKey.toString("hex")}\n`, { mode: 0o600 });
  const programmeFile = join(folder, "programme.json");
  const programme = await chaosProgramme(nowMs);
  writeFileSync(programmeFile, JSON.stringify(programme));
  const gateway = await startGateway({
    dataFolder,
    database: databaseUrl === undefined ? null : { url: databaseUrl },
    storeKey,
    programme,
    port: 0,
    healthPort: 0,
    log: createLogger({ level: "silent" }),
  });
  try {
    signal?.throwIfAborted();
    await loadDemoPartner(gateway, nowMs);
    const cards = cardMaker({ gateway, nowMs });
    const shared = await cards.make("SHARED", SHARED_CARDS, LITTLE);
    const attacked = await cards.make("ATTACKED", ATTACKED_CARDS, PLENTY);
    const tills: ShopTill[] = [];
    for (let index = 1; index <= terminals; index += 1) {
      signal?.throwIfAborted();
      const own = await cards.make(`OWN-${index}`, OWN_CARDS, PLENTY);
      tills.push(await makeTill({ gateway, folder, index, customers: { own, shared, attacked } }));
    }
    const place = { dataFolder, ...(databaseUrl !== undefined && { databaseUrl }) };
    return { world: cards.world(), ...place, storeKeyFile, programmeFile, tills };
  } finally {
    await gateway.close();
  }
}

async function chaosProgramme(nowMs: number): Promise<object> {
  const programme: object & { settings?: object } = await demoProgramme(nowMs);
  return { ...programme, settings: { ...programme.settings, holdMinutes: HOLD_MINUTES } };
}

async function makeTill(options: {
  readonly gateway: Gateway;
  readonly folder: string;
  readonly index: number;
  readonly customers: Customers;
}): Promise<ShopTill> {
  const { gateway, index, customers } = options;
  const terminal = `T-${String(index).padStart(3, "0")}`;
  const folder = join(options.folder, terminal);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const issued = await gateway.operator.issueTerminal({
    id: terminal,
    pointOfSaleId: DEMO_POINT_OF_SALE,
  });
  const credentials = join(folder, "credentials.json");
  await saveCredentials({ path: credentials, credentials: issued });
  const pinKeyFile = join(folder, "pin.key");
  await installPinKey({ path: pinKeyFile, pinKey: issued.pinKey });
  return { terminal, folder, credentials, pinKeyFile, customers };
}

type Amounts = Readonly<Record<keyof typeof PLENTY, number>>;

/** Makes cards, each with an account of its own, and remembers them for the checker. */
function cardMaker({ gateway, nowMs }: { readonly gateway: Gateway; readonly nowMs: number }) {
  const accounts: World["accounts"][number][] = [];
  const cards: World["cards"][number][] = [];
  const { firstDay, lastDay } = openDays(nowMs);
  const window = windowOfDays(firstDay, lastDay);

  async function makeOne(name: string, amounts: Amounts): Promise<HeldCard> {
    const tag = randomBytes(6);
    const uid = Buffer.concat([Buffer.from([0x04]), tag]);
    const cardNumber = withLuhn(String(tag.readUIntBE(0, 6)).padStart(15, "9").slice(-15));
    const account = `ACCOUNT-${name}`;
    await gateway.operator.load({
      accounts: [{ id: account, holder: "Inès M." }],
      cards: [
        {
          id: name,
          accountId: account,
          status: "ACTIVE",
          generation: "SDM-1",
          cardNumber,
          uid,
          pin: DEMO_PIN,
        },
      ],
      grants: CHAOS_AVANTAGES.map(({ code, unit }) => ({
        id: `${account}/${code}`,
        accountId: account,
        campaign: DEMO_CAMPAIGN,
        window,
        avantage: code,
        unit: unit === "cents" ? "EUR_CENT" : "SEAT",
        amount: amounts[code],
      })),
    });
    accounts.push({ account, grants: amounts });
    cards.push({ card: name, account });
    const { metaReadKey, fileReadKey } = gateway.operator.cardKeys(uid);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    return {
      name,
      cardNumber,
      qr: gateway.operator.qrToken({ kind: "printed", cardNumber }),
      pin: DEMO_PIN,
      uidHex: hex(uid),
      metaReadKeyHex: hex(metaReadKey),
      fileReadKeyHex: hex(fileReadKey),
    };
  }

  return {
    async make(kind: string, count: number, amounts: Amounts): Promise<readonly HeldCard[]> {
      const made: HeldCard[] = [];
      for (let index = 1; index <= count; index += 1) {
        made.push(await makeOne(`${kind}-${index}`, amounts));
      }
      return made;
    },
    world: (): World => ({
      avantages: CHAOS_AVANTAGES,
      accounts,
      cards,
      pinTriesMax: PIN_TRIES_MAX,
      holdMs: HOLD_MINUTES * MINUTE_MS,
    }),
  };
}
