// Draws a soak's measurements as SVG: one small picture for each, with axes and units.

import { BOUNDS, type Bound } from "./bounds.js";
import type { SoakSample } from "./samples.js";

const WIDTH = 460;
const HEIGHT = 190;
const LEFT = 64;
const RIGHT = 12;
const TOP = 26;
const BOTTOM = 38;
const COLUMNS = 2;
const MIB = 1024 ** 2;

/** @returns the text of an SVG file. */
export function drawSoak(samples: readonly SoakSample[], title: string): string {
  const rows = Math.ceil(BOUNDS.length / COLUMNS);
  const size = `width="${WIDTH * COLUMNS}" height="${HEIGHT * rows + TOP}"`;
  const pictures = BOUNDS.map((bound, index) => {
    const x = (index % COLUMNS) * WIDTH;
    const y = Math.floor(index / COLUMNS) * HEIGHT + TOP;
    return `<g transform="translate(${x} ${y})">${drawOne(samples, bound)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="${LEFT}" y="18" font-size="14">${title}</text>`,
    ...pictures,
    "</svg>\n",
  ].join("\n");
}

function drawOne(samples: readonly SoakSample[], { name, unit, of }: Bound): string {
  const scale = unit === "bytes" ? MIB : 1;
  const values = samples.map((sample) => of(sample) / scale);
  const most = niceAbove(Math.max(...values, unit === "bytes" ? 1 : 4));
  const salesMax = Math.max(1, samples.at(-1)?.sales ?? 1);
  const across = (sales: number) => LEFT + (sales / salesMax) * (WIDTH - LEFT - RIGHT);
  const up = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const line = samples.map(({ sales }, index) => {
    return `${across(sales).toFixed(1)},${up(values[index] ?? 0).toFixed(1)}`;
  });
  const steps = [0, 0.5, 1];
  const grid = steps.map((share) => {
    const y = up(share * most).toFixed(1);
    return `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 6}" y="${Number(y) + 4}" text-anchor="end">${round(share * most)}</text>`;
  });
  const ticks = steps.map((share) => {
    const sales = share * salesMax;
    const label = Math.round(sales).toLocaleString("en");
    return `<text x="${across(sales).toFixed(1)}" y="${HEIGHT - BOTTOM + 14}" text-anchor="middle">${label}</text>`;
  });
  return [
    `<text x="${LEFT}" y="${TOP - 10}" font-weight="bold">${name}, ${unit === "bytes" ? "MiB" : "count"}</text>`,
    ...grid,
    ...ticks,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">sales</text>`,
    `<polyline points="${line.join(" ")}" fill="none" stroke="#1f6f8b" stroke-width="1.5"/>`,
  ].join("");
}

/** The next of 1, 2, 5, 10, 20 … */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

const round = (value: number) => String(Math.round(value * 100) / 100);
