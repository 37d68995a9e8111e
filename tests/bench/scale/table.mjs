// @ts-check
// The result of a scale run as lines for people.

const MIB = 2 ** 20;
const MB = 1e6;

/** @param {number} bytes */
const mib = (bytes) => `${Math.round(bytes / MIB)} MiB`;
/** @param {number} bytes */
const mb = (bytes) => `${Math.round(bytes / MB)} MB`;
/** @param {number} value @param {number} [digits] */
const fixed = (value, digits = 2) => value.toFixed(digits);
/** @param {number} value */
const whole = (value) => Math.round(value).toLocaleString("en-US");

/** @param {import("./compare.mjs").Spread} spread */
const ratio = ({ median, min, max }) => `${fixed(median)} (${fixed(min)} to ${fixed(max)})`;

/** @param {boolean} holds */
const verdictOf = (holds) => (holds ? "ok" : "MISSED");

/** @param {import("./result.mjs").ScaleResult} result */
export function table({ machine, loads, past, sales, serving, verdict }) {
  const about = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  return [
    ...about,
    ...loads.flatMap(loadLines),
    ...(past ? pastLines(past) : []),
    "",
    "a sale, median of the rounds, small -> big; ratios big / small with their spread over the rounds",
    ...sales.flatMap(saleLines),
    `at most ${verdict.ratioMax} times the time and the processor time: ${verdictOf(verdict.holds)}`,
    "",
    "the gateways while they sold",
    servingLine("small", serving.small),
    servingLine("big", serving.big),
    `at most ${mb(verdict.residentMaxBytes)} resident in the big one: ${verdictOf(verdict.memoryHolds)}`,
    "",
  ].join("\n");
}

/** @param {string} name @param {import("./result.mjs").ServingResult} serving */
function servingLine(name, { readyMs, residentBytes, peakResidentBytes }) {
  const memory = `${mb(residentBytes)} resident afterwards, ${mb(peakResidentBytes)} at most`;
  return `  ${name}: ready after ${fixed(readyMs / 1_000)} s, ${memory}`;
}

/** @param {import("./past.mjs").PastFigures} past */
function pastLines({ sales, seconds, databaseBytes, indexBytes }) {
  const indexes = Object.entries(indexBytes).map(([name, bytes]) => `${name} ${mib(bytes)}`);
  return [
    "",
    `${whole(sales)} past sales in the big one: copies of real ones, filled in and sealed in ${fixed(seconds, 1)} s`,
    `  disk: ${mib(databaseBytes)} with them; ${indexes.join(", ")}`,
  ];
}

/** @param {import("./result.mjs").LoadResult} load */
function loadLines(load) {
  const { till } = load;
  return [
    "",
    `${whole(load.beneficiaries)} beneficiaries, ${whole(load.grants)} grants, ${whole(load.events)} events`,
    `  loaded in ${fixed(load.seconds, 1)} s: ${whole(load.eventsPerSecond)} events/s, ${whole(load.beneficiariesPerSecond)} beneficiaries/s, ${fixed(load.cpuMsPerEvent, 3)} ms of the gateway's processor an event`,
    `  memory of the gateway: ${mib(load.peakResidentBytes)} at most, ${mib(load.residentBytes)} afterwards`,
    `  disk: ${mib(load.databaseBytes)}, ${whole(load.databaseBytes / load.beneficiaries)} bytes a beneficiary; log at most ${mib(load.peakWalBytes)}`,
    `  a sale at a till meanwhile: p50 ${fixed(till.p50Ms)} ms, p99 ${fixed(till.p99Ms)} ms, at most ${fixed(till.maxMs)} ms (${till.approved} of ${till.sales} approved)`,
    `  verify: ${load.verifySeconds === null ? "left out" : `${fixed(load.verifySeconds, 1)} s`}`,
  ];
}

/** @param {import("./result.mjs").SaleResult} sale */
function saleLines({ connections, small, big, ratios }) {
  /** @param {"msPerSale" | "cpuMsPerSale" | "p50Ms" | "p99Ms"} figure */
  const change = (figure) => `${fixed(small[figure], 3)} -> ${fixed(big[figure], 3)} ms`;
  return [
    `  ${connections} connections`,
    `    time      ${change("msPerSale")}, ${ratio(ratios.time)}`,
    `    processor ${change("cpuMsPerSale")}, ${ratio(ratios.cpu)}`,
    `    p50       ${change("p50Ms")}, ${ratio(ratios.p50)}`,
    `    p99       ${change("p99Ms")}, ${ratio(ratios.p99)}`,
  ];
}
