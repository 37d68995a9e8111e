// @ts-check
// `npm run bench:copy`: sells, moves the ledger into PostgreSQL and back, and holds each side to what the first one says.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestServer } from "../support/postgres/test-server.mjs";
import { moveLedger } from "./copy/move.mjs";
import { readOptions } from "./copy/options.mjs";
import { sell } from "./copy/past.mjs";
import { differences, lookAt } from "./copy/sides.mjs";
import { describeMachine } from "./machine.mjs";
import { killAll } from "./processes.mjs";
import { makeShop } from "./shop.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../.pass-tpe", import.meta.url));

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`copy: ${line}\n`);

/** @param {string} folder empty @param {import("./copy/options.mjs").CopyOptions} options */
async function bench(folder, { sales, repeats, verify }) {
  const server = await startTestServer({ isDurable: true });
  try {
    const url = server.url(server.maintenance);
    const [data, back] = [join(folder, "data"), join(folder, "back")];
    mkdirSync(data);
    const shop = await makeShop(data);
    say(`selling ${sales} times`);
    const { samples, ...sold } = await sell({ data, shop, sales, repeats });
    const look = (
      /** @type {string} */ name,
      /** @type {{ path: string, url?: string }} */ place,
    ) => {
      say(`looking at ${name}`);
      return lookAt({ ...place, shop, samples, verify });
    };
    const first = await look("the file", { path: data });
    say("moving it into PostgreSQL");
    const there = await moveLedger("to-database", { path: data, url });
    const database = await look("the database", { path: data, url });
    mkdirSync(back);
    for (const name of ["keys.json", "heads.ndjson"]) cpSync(join(data, name), join(back, name));
    say("moving it back");
    const home = await moveLedger("to-file", { path: back, url });
    const last = await look("the file that it came back to", { path: back });
    const findings = [
      ...differences("the database", first, database),
      ...differences("the file that it came back to", first, last),
    ];
    const { replayed, ...what } = first;
    const checked = { ...what, repeated: replayed.length };
    return { machine: describeMachine(folder), sold, there, back: home, checked, findings };
  } finally {
    await server.stop();
  }
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "copy-"));
  try {
    const result = await bench(folder, options);
    const { there, back, findings } = result;
    const line = (/** @type {string} */ way, /** @type {typeof there} */ it) =>
      `${way}  ${it.rows} rows in ${it.seconds.toFixed(1)} s, ${Math.round(it.peakResidentBytes / 1e6)} MB\n`;
    const text = line("SQLite → PostgreSQL", there) + line("PostgreSQL → SQLite", back);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : text);
    for (const finding of findings) say(`WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
