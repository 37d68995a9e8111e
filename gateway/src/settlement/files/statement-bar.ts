// The bar on a partner's statement: what is paid, on its way, held and carried over, seen before it is read.

import type { LineState } from "../../core/settlement/model.js";
import { escaped } from "./escape.js";
import { eurosWords } from "./french-words.js";
import { type Statement, sumCents } from "./statement.js";

interface Share {
  readonly words: string;
  readonly states: readonly LineState[];
  /** Each lighter than, or far from, its neighbour: told apart in black and white as well. */
  readonly fill: string;
}

const sharesOf = (isCarried: boolean): readonly Share[] => [
  { words: "Payé", states: ["PAID"], fill: "#1b5e3f" },
  { words: "Virement en cours", states: ["BATCHED"], fill: "#5aa27c" },
  { words: "En attente", states: ["HELD"], fill: "#e0a526" },
  {
    words: isCarried ? "Reporté" : "Au prochain remboursement",
    states: ["RELEASED", "REJECTED", "ACCRUED"],
    fill: "#c9ced3",
  },
];

const WIDTH = 1_000;
const HEIGHT = 40;

/** An SVG with a legend in HTML; empty where nothing is above zero. */
export function statementBar({ lines, isCarried }: Statement): string {
  const shares = sharesOf(isCarried)
    .map((share) => ({
      ...share,
      cents: sumCents(lines.filter((line) => share.states.includes(line.state))),
    }))
    .filter(({ cents }) => cents > 0);
  if (shares.length === 0) return "";
  const words = shares.map((share) => `${share.words} : ${eurosWords(share.cents)}`);
  const legend = shares.map(
    ({ fill }, index) =>
      `<li><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="${fill}"/></svg> ${escaped(words[index] ?? "")}</li>`,
  );
  return `<figure>
<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(words.join(" ; "))}">${rectangles(shares)}</svg>
<figcaption><ul>${legend.join("")}</ul></figcaption>
</figure>`;
}

function rectangles(shares: readonly { readonly fill: string; readonly cents: number }[]): string {
  const total = shares.reduce((sum, { cents }) => sum + cents, 0);
  let before = 0;
  return shares
    .map(({ fill, cents }) => {
      const x = Math.round((before * WIDTH) / total);
      before += cents;
      const width = Math.round((before * WIDTH) / total) - x;
      return `<rect x="${x}" width="${width}" height="${HEIGHT}" fill="${fill}"/>`;
    })
    .join("");
}
