// Draws what tills do in a day: in gatherings, so that tills meet on one account, with all deeds and all mishaps.

import type { Act, Deed, SaleDeed } from "../plan.js";
import type { Stream } from "../world/random.js";
import type { StockPlan } from "../world/stock.js";

const ACTS = { min: 15, max: 45 };
/** How far apart the acts of a gathering begin. */
const GATHERING_MS = [0, 0, 3, 50, 400, 2_500] as const;
/** What begins so close together goes on at once. */
const AT_ONCE_MS = 60;
/** A longer day can see a hold that is over. */
const HOLDS_LAST_MS = 30 * 60_000;
/** No act begins sooner: tills have to open first. */
const OPENS_MS = 1_000;

interface Draw {
  readonly stream: Stream;
  readonly stock: StockPlan;
  /** Holds can be over before the day is: then there are more of them, and of captures. */
  readonly isLong: boolean;
}

/** A deed before its place is known: `of` is the very act that it is about. */
interface Sketch {
  readonly atMs: number;
  readonly terminal: number;
  readonly card: number;
  deed: Deed;
  /** The act that the deed or its mishap is about. */
  about: Sketch | null;
}

/** The acts of a day, in the order of their time. */
export function drawActs(
  options: Omit<Draw, "isLong"> & { readonly lengthMs: number },
): readonly Act[] {
  const { stream, lengthMs } = options;
  const isLong = lengthMs > HOLDS_LAST_MS;
  const count = stream.integer(ACTS.min, ACTS.max);
  const sketches: Sketch[] = [];
  while (sketches.length < count) {
    const fromMs = OPENS_MS + stream.integer(0, lengthMs);
    sketches.push(...gathering({ ...options, isLong, fromMs }));
  }
  sketches.sort((a, b) => a.atMs - b.atMs);
  for (const [place, sketch] of sketches.entries()) {
    const isLate = isLong && stream.chance(0.6);
    resolveDeed(sketch, { stream, earlier: sketches.slice(0, place), isLate });
  }
  const places = new Map(sketches.map((sketch, place) => [sketch, place]));
  return sketches.map((sketch) => placed(sketch, places));
}

/** A few acts close together, mostly about one account. */
function gathering(options: Draw & { readonly fromMs: number }): Sketch[] {
  const { stream, stock, fromMs } = options;
  const account = stream.integer(0, stock.accounts.length - 1);
  const apartMs = stream.pick(GATHERING_MS);
  const first = stream.integer(0, stock.terminals - 1);
  return Array.from({ length: stream.integer(1, 5) }, (_, index) => {
    const card = stream.chance(0.8)
      ? cardOf(stock, account, stream)
      : stream.integer(0, stock.cards.length - 1);
    const terminal = stream.chance(0.85)
      ? (first + index) % stock.terminals
      : stream.integer(0, stock.terminals - 1);
    const isOnTwoTills = index > 0 && apartMs < AT_ONCE_MS;
    const deed = drawDeed(options, { card, isOnTwoTills });
    return { atMs: fromMs + index * apartMs, terminal, card, deed, about: null };
  });
}

function cardOf({ cards }: StockPlan, account: number, stream: Stream): number {
  const own = [...cards.keys()].filter((card) => cards[card] === account);
  return own[stream.integer(0, own.length - 1)] ?? 0;
}

/** What comes after a sale gets its sale once all acts have their order. */
const UNKNOWN_ACT = -1;

interface Presented {
  readonly card: number;
  /** A card lies on one reader at a time, mostly: on another till its number or its code stands for it. */
  readonly isOnTwoTills: boolean;
}

function drawDeed(draw: Draw, presented: Presented): Deed {
  const { stream, isLong } = draw;
  if (isLong && stream.chance(0.2)) return { type: "capture", of: UNKNOWN_ACT, units: null };
  const luck = stream.fraction();
  const units = stream.pick([null, null, 1, 300, 700, 5_000]);
  if (luck < 0.11) return { type: "capture", of: UNKNOWN_ACT, units };
  if (luck < 0.22) return { type: "refund", of: UNKNOWN_ACT, units };
  if (luck < 0.3) return { type: "reverse", of: UNKNOWN_ACT };
  if (luck < 0.33) return { type: "inquire", card: presented.card };
  return drawSale(draw, presented);
}

function drawSale(draw: Draw, { card, isOnTwoTills }: Presented): SaleDeed {
  const { stream, isLong } = draw;
  const avantage = stream.pick(["SPECTACLE", "SPECTACLE", "LIVRES_LOISIR", "CINEMA"]);
  const taps = isOnTwoTills && stream.chance(0.8) ? [] : (["tap", "tap", "tap"] as const);
  const how = stream.pick<SaleDeed["how"]>(["code", "number", ...taps]);
  const quantity = avantage === "CINEMA" ? stream.pick([1, 1, 2, 6]) : null;
  return {
    type: "sale",
    card,
    how,
    pin: stream.chance(0.8) ? "right" : "wrong",
    avantage,
    purchaseCents:
      quantity === null ? stream.pick([150, 700, 1_000, 2_200, 4_800]) : 650 * quantity,
    quantity,
    exact: stream.chance(0.25),
    holds: stream.chance(isLong ? 0.7 : 0.35),
    mishap: stream.chance(0.3) ? drawMishap(draw, { card, how }) : null,
  };
}

/** While the journal is written, the request is on its way, or it is sent again; and when all seems over. */
const SENT_MS = [0, 3, 10, 20, 35, 60, 900, 2_200, 4_900] as const;
const BEGUN_MS = [0, 100, 405, 440, 470, 900, 2_400] as const;

function drawMishap(
  { stream, stock }: Draw,
  { card, how }: Pick<SaleDeed, "card" | "how">,
): SaleDeed["mishap"] {
  const cancel = stream.chance(0.7)
    ? ({ type: "cancel", since: "sent", afterMs: stream.pick(SENT_MS) } as const)
    : ({ type: "cancel", since: "begun", afterMs: stream.pick(BEGUN_MS) } as const);
  if (how !== "tap") return cancel;
  const others = stock.cards.length - 1;
  return stream.pick<NonNullable<SaleDeed["mishap"]>>([
    { type: "torn", afterApdus: stream.integer(0, 4) },
    { type: "doubleTap", afterMs: stream.pick([1, 20, 70, 300, 1_500]) },
    {
      type: "twoCards",
      other: (card + stream.integer(1, others)) % stock.cards.length,
      beforeMs: stream.pick([1, 10, 25, 200]),
    },
    cancel,
    { type: "replay", of: UNKNOWN_ACT },
  ]);
}

/** Nothing that is known beforehand speaks against its approval. */
function isLikelyApproved({ deed }: Sketch): boolean {
  if (deed.type !== "sale" || deed.exact) return false;
  const { how, pin, mishap } = deed;
  return (how === "tap" || pin === "right") && (mishap === null || mishap.type === "doubleTap");
}

/** Finds the sale that a deed is about, mostly one that is likely approved; one without any becomes an inquiry or a sale without a mishap. */
function resolveDeed(
  sketch: Sketch,
  at: { stream: Stream; earlier: readonly Sketch[]; isLate: boolean },
): void {
  const { stream, earlier, isLate } = at;
  if (
    sketch.deed.type === "capture" &&
    !earlier.some((one) => one.terminal === sketch.terminal && isHold(one))
  ) {
    sketch.deed = { ...sketch.deed, type: "refund" };
  }
  const { deed } = sketch;
  if (deed.type === "inquire") return;
  const isReplay = deed.type === "sale" && deed.mishap?.type === "replay";
  if (deed.type === "sale" && !isReplay) return;
  const all = earlier.filter((one) => {
    if (one.deed.type !== "sale") return false;
    if (isReplay) return one.deed.how === "tap";
    const isOwn = one.terminal === sketch.terminal;
    return isOwn && (deed.type !== "capture" || one.deed.holds || stream.chance(0.1));
  });
  const likely = stream.chance(0.9)
    ? all.filter((one) => isLikelyApproved(one) && !(deed.type === "refund" && isHold(one)))
    : [];
  const sales = isReplay || likely.length === 0 ? all : likely;
  // Lately made ones mostly: what they held is still held, and something may still be on its way.
  const back =
    !isLate && stream.chance(0.7) ? stream.integer(1, 3) : stream.integer(1, sales.length || 1);
  const overdue =
    isLate && deed.type === "capture"
      ? sales.findLast((one) => isHold(one) && sketch.atMs - one.atMs > HOLDS_LAST_MS)
      : undefined;
  sketch.about = overdue ?? sales.at(-Math.min(back, sales.length || 1)) ?? null;
  if (sketch.about !== null) return;
  sketch.deed =
    deed.type === "sale" ? { ...deed, mishap: null } : { type: "inquire", card: sketch.card };
}

const isHold = ({ deed }: Sketch) => deed.type === "sale" && deed.holds;

function placed({ atMs, terminal, deed, about }: Sketch, places: Map<Sketch, number>): Act {
  const of = about === null ? UNKNOWN_ACT : (places.get(about) ?? UNKNOWN_ACT);
  if (deed.type === "inquire") return { atMs, terminal, deed };
  if (deed.type !== "sale") return { atMs, terminal, deed: { ...deed, of } };
  const { mishap } = deed;
  if (mishap?.type !== "replay") return { atMs, terminal, deed };
  return { atMs, terminal, deed: { ...deed, mishap: { type: "replay", of } } };
}
