// Draws what is there before a day: a few tills, accounts that soon run out, and cards of which some share an account.

import type { Stream } from "../world/random.js";
import type { StockPlan } from "../world/stock.js";

/** So little that a few sales use it up, mostly. */
const BOOKS_CENTS = [500, 1_500, 2_000, 3_500] as const;
const SHOWS_CENTS = [1_000, 3_000, 6_000, 20_000] as const;
const SEATS = [1, 3, 5, 12] as const;

/** A stock of 2 to 4 terminals, 2 to 4 accounts, and 2 to 6 cards. */
export function drawStock(stream: Stream): StockPlan {
  const accounts = Array.from({ length: stream.integer(2, 4) }, () => ({
    SPECTACLE: stream.pick(SHOWS_CENTS),
    ...(stream.chance(0.85) ? { LIVRES_LOISIR: stream.pick(BOOKS_CENTS) } : {}),
    ...(stream.chance(0.85) ? { CINEMA: stream.pick(SEATS) } : {}),
  }));
  const seconds = Array.from({ length: stream.integer(0, 2) }, () =>
    stream.integer(0, accounts.length - 1),
  );
  return {
    terminals: stream.integer(2, 4),
    accounts,
    cards: [...accounts.keys(), ...seconds],
  };
}
