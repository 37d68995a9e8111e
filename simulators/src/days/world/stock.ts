// What a simulated world is furnished with: one partner, its terminals, and young people with cards and something to use.

import {
  currentOf,
  type KeyMaterial,
  type KeyStore,
  type LoadBatch,
  sealCard,
  windowOfDays,
} from "@pass-tpe/gateway/parts";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { createVirtualCard, type VirtualCard } from "../../card/virtual-card.js";
import { PadDevice } from "./pin-pad.js";
import type { Stream } from "./random.js";

export const RIGHT_PIN = "4821";
export const WRONG_PIN = "1111";

const PARTNER = "partner";
const POINT_OF_SALE = "point-of-sale";
const CAMPAIGN = "2022/2023";
/** All the year of the checked-in programme's campaign. */
const WINDOW = windowOfDays("2022-06-01", "2023-05-31");
const CONVENTION_YEARS_MS = 10 * 365 * 86_400_000;

export interface StockPlan {
  readonly terminals: number;
  /** Of each account, its grants by avantage, in the avantage's unit. */
  readonly accounts: readonly Readonly<Record<string, number>>[];
  /** For each card the place of its account. */
  readonly cards: readonly number[];
}

export interface WorldCard {
  readonly name: string;
  readonly account: string;
  readonly number: string;
  readonly chip: VirtualCard;
  /** The text of its printed code. */
  readonly code: string;
}

export interface WorldTerminal {
  readonly name: string;
  readonly fingerprint: string;
  readonly pad: PadDevice;
}

export interface Stock {
  readonly batch: LoadBatch;
  readonly cards: readonly WorldCard[];
  readonly terminals: readonly WorldTerminal[];
  readonly accounts: readonly string[];
}

/** Makes everything that is there before the first sale. */
export function furnish(
  plan: StockPlan,
  options: {
    readonly keys: KeyStore;
    readonly material: KeyMaterial;
    /** The unit of an avantage, by the programme. */
    readonly unitOf: (avantage: string) => NonNullable<LoadBatch["grants"]>[number]["unit"];
    readonly random: (name: string) => Stream;
    readonly nowMs: number;
  },
): Stock {
  const { keys, material, unitOf, random, nowMs } = options;
  const accounts = plan.accounts.map((_, index) => `account-${index}`);
  const cards = plan.cards.map((of, index): WorldCard => {
    const number = withLuhn(`9${String(index).padStart(14, "0")}`);
    const uid = uidOf(index);
    const stream = random(`chip ${index}`);
    const chip = createVirtualCard({
      profile: "sdm",
      uid,
      keys: keys.cards.personalize(uid),
      random: (count) => stream.bytes(count),
    });
    const code = keys.qr.sign({ kind: "printed", cardNumber: number });
    return { name: `card-${index}`, account: accounts[of] ?? "", number, chip, code };
  });
  const terminals = Array.from({ length: plan.terminals }, (_, index): WorldTerminal => {
    const name = `terminal-${index}`;
    const baseKey = currentOf(material.pinBaseKeys);
    const pad = new PadDevice({ baseKey, number: index, random: random(`pad ${index}`) });
    return { name, fingerprint: index.toString(16).padStart(64, "0"), pad };
  });
  const batch: LoadBatch = {
    partners: [
      {
        id: PARTNER,
        name: "Le Petit Théâtre",
        status: "active",
        types: ["SPECTACLE", "CINEMA", "LIBRAIRIE"],
        flags: [],
        conventions: [
          {
            reference: "convention",
            state: "IN_FORCE",
            fromMs: nowMs - CONVENTION_YEARS_MS,
            toMs: nowMs + CONVENTION_YEARS_MS,
            signature: { reference: "signature", atMs: nowMs - CONVENTION_YEARS_MS },
          },
        ],
        agrements: ["SPECTACLE", "CINEMA", "LIVRES_LOISIR"],
      },
    ],
    pointsOfSale: [
      { id: POINT_OF_SALE, partnerId: PARTNER, name: "Le Petit Théâtre", city: "Lyon" },
    ],
    terminals: terminals.map(({ name, fingerprint, pad }) => ({
      id: name,
      pointOfSaleId: POINT_OF_SALE,
      status: "active",
      certificateFingerprint: fingerprint,
      initialKeyId: pad.initialKeyId.toString("hex").toUpperCase(),
    })),
    accounts: accounts.map((id) => ({ id, holder: "Camille D." })),
    cards: cards.map(({ name, account, number }, index) =>
      sealCard(keys, {
        id: name,
        accountId: account,
        status: "ACTIVE",
        generation: "SDM-1",
        cardNumber: number,
        uid: uidOf(index),
        pin: RIGHT_PIN,
      }),
    ),
    grants: plan.accounts.flatMap((grants, index) =>
      Object.entries(grants).map(([avantage, amount]) => ({
        id: `account-${index}/${avantage}`,
        accountId: `account-${index}`,
        campaign: CAMPAIGN,
        avantage,
        unit: unitOf(avantage),
        amount,
        window: WINDOW,
      })),
    ),
  };
  return { batch, cards, terminals, accounts };
}

/** Seven bytes, of this chip alone. */
export function uidOf(index: number): Buffer {
  return Buffer.from(`04${index.toString(16).padStart(12, "0")}`, "hex");
}
