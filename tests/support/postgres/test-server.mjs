// @ts-check
// A PostgreSQL server for tests, up in some hundred milliseconds: its data folder is a copy, and it waits for no disk.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DATABASE, findPostgres, makeData, USER } from "./programs.mjs";
import { PORT, startServer } from "./server.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** As no machine of ours would be set up: a schema that leaves the order of its text to the server is found out. */
const FRENCH = ["--locale-provider=icu", "--icu-locale=fr-FR", "--locale=C.UTF-8"];
const INITDB = [...FRENCH, "--encoding=UTF8", "--wal-segsize=1"];

/** A file system in memory: a new database is three hundred files, for which a busy disk takes ten times as long. */
const MEMORY = "/dev/shm";
/** Elsewhere than in a container that has hardly any. */
const MEMORY_BYTES_MIN = 1024 ** 3;

/** It may forget everything in a crash of the machine, and has little to do. */
const QUICK = {
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  min_wal_size: "2MB",
  shared_buffers: "32MB",
};

/** @typedef {import("./programs.mjs").RunAs} RunAs */
/**
 * @typedef {object} TestServer
 * @property {(database: string) => string} url of a database; every one has the superuser
 * @property {string} maintenance the name of the database that is always there
 * @property {string} socketPath
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} [options]
 * @param {boolean} [options.isDurable] what was committed is on disk, as the package has it
 * @param {Readonly<Record<string, string>>} [options.settings] more of them
 * @returns {Promise<TestServer>}
 */
export async function startTestServer({ isDurable = false, settings = {} } = {}) {
  const found = findPostgres();
  if ("missing" in found)
    throw new Error(`${found.missing}; as root: apt-get install -y postgresql-15`);
  const { runAs } = found;
  const { sockets, pid, stop } = await startServer({
    runAs,
    under: isDurable ? tmpdir() : quickFolder(),
    make: (data) => makeFromTemplate(data, runAs),
    settings: { ...(isDurable ? {} : QUICK), ...settings },
  });
  const query = new URLSearchParams({ host: sockets });
  return {
    url: (database) => `postgresql://${USER}@localhost:${PORT}/${database}?${query}`,
    maintenance: DATABASE,
    socketPath: join(sockets, `.s.PGSQL.${PORT}`),
    pid,
    stop,
  };
}

/** Where files are made quickly, as long as there is room. */
function quickFolder() {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize < MEMORY_BYTES_MIN ? tmpdir() : MEMORY;
}

/** initdb takes a second: it runs once in a checkout. @param {string} data @param {RunAs} runAs */
function makeFromTemplate(data, runAs) {
  // Its owner is whom alone it serves.
  const template = join(ROOT, ".pass-tpe", `postgres-15-${runAs.uid ?? process.getuid?.()}`);
  if (existsSync(template)) return copy(template, data);
  const failure = makeData(data, { runAs, args: INITDB });
  if (failure !== null) throw new Error(failure);
  keepTemplate(data, template);
}

/** Another process may do the same: whoever is first has made it. @param {string} data @param {string} template */
function keepTemplate(data, template) {
  const made = `${template}-${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  copy(data, made);
  try {
    renameSync(made, template);
  } catch (error) {
    rmSync(made, { recursive: true });
    if (!existsSync(template)) throw error;
  }
}

/** With owners and rights. @param {string} from @param {string} to */
function copy(from, to) {
  const { status, stderr } = spawnSync("cp", ["-a", from, to], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cp -a ${from} ${to}: ${stderr}`);
}
