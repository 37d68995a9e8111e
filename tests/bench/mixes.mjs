// @ts-check
// What is sold in a run: by which cards, at which terminals, and what of it is to be declined.
import { priceIn, requestOf, scanned, tapped, USUAL_PURCHASE } from "./requests.mjs";
import { HOT_POINT_OF_SALE } from "./terminals.mjs";

/** @typedef {import("./requests.mjs").BenchCard} BenchCard */
/** @typedef {import("./terminals.mjs").BenchTerminal} BenchTerminal */
/** @typedef {{ cards: BenchCard[], terminals: BenchTerminal[] }} MixSupplies */
/** @typedef {"spread" | "hot-merchant" | "hot-card" | "declines" | "qr-pin"} Mix */

/** Every so many requests one is declined: a tenth. */
const DECLINED_EVERY = 10;
/** Above the 15 euros that a card of the bench has for it, and to be covered whole: all is read and nothing is taken. */
const TOO_DEAR = { avantage: "LIVRES_LOISIR", purchaseCents: 5_000, exact: true };
/** Every so many requests one is a scanned code with a PIN: a fifth. */
const SCANNED_EVERY = 5;
/** So little that the one card's balance outlasts every run. */
const HOT_CARD_PURCHASE = { minCents: 10, maxCents: 50 };

/**
 * @param {object} options
 * @param {MixSupplies} options.supplies its cards' and pads' counters move on
 * @param {Mix} options.mix
 * @param {boolean} options.namesTerminal whether a request says which terminal it comes from
 * @param {import("./requests.mjs").Purchase} [options.purchase]
 * @returns {() => string} makes the next request
 */
export function requestMaker({ supplies, mix, namesTerminal, purchase = USUAL_PURCHASE }) {
  const { cards, terminals } = supplies;
  const used = mix === "hot-card" ? cards.slice(0, 1) : cards;
  const counters = namesTerminal ? terminalsOf(mix, terminals) : [];
  const price = mix === "hot-card" ? HOT_CARD_PURCHASE : purchase;
  let made = 0;
  return () => {
    const card = used[made % used.length];
    if (card === undefined) throw new Error("there are no cards");
    const at = counters[made % counters.length];
    made += 1;
    const usual = { avantage: "SPECTACLE", purchaseCents: priceIn(price) };
    const isDeclined = mix === "declines" && made % DECLINED_EVERY === 0;
    const pad = mix === "qr-pin" && made % SCANNED_EVERY === 0 && at ? at.terminal : null;
    const evidence = pad ? scanned(card, pad) : tapped(card);
    return requestOf({ evidence, ...(isDeclined ? TOO_DEAR : usual) }, at?.place);
  };
}

/** @param {Mix} mix @param {BenchTerminal[]} terminals one a partner, or all of the one partner */
function terminalsOf(mix, terminals) {
  /** @type {Set<string>} */
  const seen = new Set();
  const placed = terminals.map((terminal, place) => ({ terminal, place }));
  return placed.filter(({ terminal: { pointOfSaleId } }) => {
    if (mix === "hot-merchant") return pointOfSaleId === HOT_POINT_OF_SALE;
    const isFirst = !seen.has(pointOfSaleId);
    seen.add(pointOfSaleId);
    return isFirst;
  });
}
