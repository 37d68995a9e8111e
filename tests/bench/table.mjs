// @ts-check
// The figures as a table for people.

const COLUMNS = /** @type {const} */ ([
  ["perSecond", "per second"],
  ["p50Ms", "p50 ms"],
  ["p99Ms", "p99 ms"],
  ["p999Ms", "p99.9 ms"],
  ["ratioToEcho", "ratio to echo"],
]);

/** @param {{ machine: Record<string, unknown>, runs: import("./figures.mjs").Run[] }} result */
export function table({ machine, runs }) {
  const head = ["name", "connections", ...COLUMNS.map(([, title]) => title)];
  const rows = runs.map((run) => [
    run.name,
    String(run.connections),
    ...COLUMNS.map(([field]) => String(run[field])),
  ]);
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (/** @type {string[]} */ cells) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join("  ");
  const about = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  return [...about, "", line(head), ...rows.map(line), ""].join("\n");
}
