// @ts-check
// The kinds of young people that the population is made of, and how many grants the checked-in catalogue gives each.

/**
 * @typedef {object} Attributes what an établissement says
 * @property {string} level
 * @property {string} track
 * @property {string | null} formation
 */
/**
 * @typedef {object} Kind
 * @property {number} share of the population, in percent
 * @property {string} status
 * @property {Attributes} now
 * @property {number} grants that this year's validation gives: counted by hand in the catalogue, not by its code
 * @property {{ attributes: Attributes, grants: number } | null} before last year's validation; null where there was none
 */

/** @param {string} level */
const general = (level) => ({ level, track: "GENERALE", formation: null });
/** @param {string} level @param {string} formation */
const professional = (level, formation) => ({ level, track: "PROFESSIONNELLE", formation });
/** @param {string} level */
const hairdresser = (level) => ({ level, track: "CAP", formation: "CAP_COIFFURE" });
const apprentice = { level: "AUTRE", track: "AUTRE", formation: null };
const electrician = "BACPRO_ELECTRICITE";
const cook = "BACPRO_CUISINE";

/**
 * Everybody has licence, cinéma, spectacle, livres, musée, santé and PSC1; with the books lent or an apprentice's
 * equipment that is 8. Whoever learns a trade has 50 € of booklets too, 9; and where a versement falls due, 10.
 *
 * @type {readonly Kind[]}
 */
export const KINDS = [
  { share: 18, status: "LYCEEN", now: general("SECONDE"), grants: 8, before: null },
  {
    share: 17,
    status: "LYCEEN",
    now: general("PREMIERE"),
    grants: 8,
    before: { attributes: general("SECONDE"), grants: 8 },
  },
  {
    share: 17,
    status: "LYCEEN",
    now: general("TERMINALE"),
    grants: 8,
    before: { attributes: general("PREMIERE"), grants: 8 },
  },
  { share: 9, status: "LYCEEN", now: professional("SECONDE", cook), grants: 10, before: null },
  {
    share: 9,
    status: "LYCEEN",
    now: professional("PREMIERE", cook),
    grants: 10,
    before: { attributes: professional("SECONDE", cook), grants: 10 },
  },
  {
    share: 8,
    status: "LYCEEN",
    now: professional("TERMINALE", electrician),
    grants: 9,
    before: { attributes: professional("PREMIERE", electrician), grants: 9 },
  },
  { share: 5, status: "LYCEEN", now: hairdresser("CAP_1"), grants: 10, before: null },
  {
    share: 5,
    status: "LYCEEN",
    now: hairdresser("CAP_2"),
    grants: 9,
    before: { attributes: hairdresser("CAP_1"), grants: 10 },
  },
  {
    share: 12,
    status: "APPRENTI",
    now: apprentice,
    grants: 8,
    before: { attributes: apprentice, grants: 8 },
  },
];

/** @param {number} share from 0 to 1 @returns {Kind} */
export function kindAt(share) {
  let upTo = 0;
  for (const kind of KINDS) {
    upTo += kind.share / 100;
    if (share < upTo) return kind;
  }
  throw new RangeError("the shares of all kinds are 100 percent");
}
