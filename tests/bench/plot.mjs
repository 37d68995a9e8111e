// @ts-check
// Draws a run as SVG, readable on light and on dark ground: rates as bars, percentiles beside them on a logarithmic axis.

const ROW = 20;
const TOP = 64;
const BOTTOM = 34;
const LABELS = 190;
const BARS = 330;
const GAP = 90;
const TIMES = 420;
const RIGHT = 24;
const WIDTH = LABELS + BARS + GAP + TIMES + RIGHT;
const TIMES_FROM = LABELS + BARS + GAP;
const BAR = 12;
const DOT = 3.5;
const PERCENTILES = /** @type {const} */ ([
  ["p50Ms", "p50", "p50"],
  ["p99Ms", "p99", "p99"],
  ["p999Ms", "p99.9", "p999"],
  ["maxMs", "max", "most"],
]);

const STYLE = `
svg { font-family: sans-serif; font-size: 11px; }
.ground { fill: #ffffff; } text { fill: #24292f; } .grid { stroke: #d0d7de; } .bar { fill: #4f8fba; }
.sustained { stroke: #24292f; stroke-width: 2; } .reach { stroke: #8c959f; }
.p50 { fill: #2f7d4f; } .p99 { fill: #b7791f; } .p999 { fill: #c2410c; } .most { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; } .bar { fill: #3b78a4; }
.sustained { stroke: #e6edf3; } .reach { stroke: #6e7681; }
.p50 { fill: #56b37f; } .p99 { fill: #e3b341; } .p999 { fill: #f0883e; } .most { fill: #8b949e; }
}`;

/** @typedef {import("./figures.mjs").Run} Run */

/** @param {{ machine: Record<string, unknown>, runs: readonly Run[] }} result @returns {string} the text of an SVG file */
export function plot({ machine, runs }) {
  const height = TOP + runs.length * ROW + BOTTOM;
  const most = Math.max(1, ...runs.map(({ perSecond }) => perSecond));
  const decades = decadesOf(runs);
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  const about = `${machine["cpu"]}, ${machine["cores"]} cores, Node ${machine["node"]}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    "<title>Sales a second, and how long each took, by part and connections</title>",
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="100%" height="100%"/>`,
    text({ x: 8, y: 20, content: about }),
    text({ x: LABELS, y: 42, content: "a second (line: with what is done behind the sales)" }),
    legend(),
    axis(decades, height),
    ...runs.map((run, index) => row({ run, y: TOP + index * ROW, most, decades })),
    "</svg>\n",
  ].join("\n");
}

/** @param {readonly Run[]} runs @returns {{ from: number, to: number }} powers of ten, of milliseconds */
function decadesOf(runs) {
  const times = runs.flatMap(({ p50Ms, maxMs }) => [p50Ms, maxMs]).filter((ms) => ms > 0);
  const logs = times.map(Math.log10);
  return { from: Math.floor(Math.min(0, ...logs)), to: Math.ceil(Math.max(1, ...logs)) };
}

/** @param {number} ms @param {{ from: number, to: number }} decades */
function across(ms, { from, to }) {
  const share = (Math.log10(Math.max(ms, 10 ** from)) - from) / (to - from);
  return (TIMES_FROM + share * TIMES).toFixed(1);
}

function legend() {
  return PERCENTILES.map(([, title, style], index) => {
    const x = TIMES_FROM + index * 62;
    const dot = `<circle class="${style}" cx="${x}" cy="38" r="${DOT}"/>`;
    return dot + text({ x: x + 8, y: 42, content: index === 3 ? `${title}, ms` : title });
  }).join("");
}

/** @param {{ from: number, to: number }} decades @param {number} height */
function axis(decades, height) {
  const { from, to } = decades;
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const ms = 10 ** (from + index);
    const x = across(ms, decades);
    const line = `<path class="grid" d="M${x} ${TOP - 8}V${height - BOTTOM}"/>`;
    const label = Number(ms.toPrecision(1)).toLocaleString("en");
    return line + text({ x: Number(x), y: height - BOTTOM + 16, content: label, anchor: "middle" });
  }).join("");
}

/** @param {{ run: Run, y: number, most: number, decades: { from: number, to: number } }} options */
function row({ run, y, most, decades }) {
  const { name, connections, perSecond, sustainedPerSecond } = run;
  const middle = y + ROW / 2;
  const end = LABELS + (perSecond / most) * BARS;
  const rate = Math.round(perSecond).toLocaleString("en");
  const [first, last] = [across(run.p50Ms, decades), across(run.maxMs, decades)];
  return [
    text({ x: LABELS - 8, y: middle + 4, content: `${name} · ${connections}`, anchor: "end" }),
    `<rect class="bar" x="${LABELS}" y="${middle - BAR / 2}" width="${(end - LABELS).toFixed(1)}" height="${BAR}"/>`,
    sustainedPerSecond === undefined ? "" : mark((sustainedPerSecond / most) * BARS, middle),
    text({ x: end + 6, y: middle + 4, content: rate }),
    `<path class="reach" d="M${first} ${middle}H${last}"/>`,
    ...PERCENTILES.map(
      ([field, , style]) =>
        `<circle class="${style}" cx="${across(run[field], decades)}" cy="${middle}" r="${DOT}"/>`,
    ),
  ].join("");
}

/** @param {number} length @param {number} middle */
function mark(length, middle) {
  return `<path class="sustained" d="M${(LABELS + length).toFixed(1)} ${middle - BAR / 2}v${BAR}"/>`;
}

/** @param {{ x: number, y: number, content: string, anchor?: "middle" | "end" }} options */
function text({ x, y, content, anchor }) {
  const at = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}"${at}>${safe}</text>`;
}
