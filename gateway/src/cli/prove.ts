// `pass-tpe verify` and `pass-tpe replay`: prove what gateways keep, from a stopped one's data folder or from their database.

import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { windowOfMonths } from "../catalogue/civil-dates.js";
import { loadProgramme } from "../catalogue/programme.js";
import type { Programme } from "../core/programme.js";
import { readAuditPublicKey } from "../crypto/audit-key.js";
import { type FoundLedger, findLedger, readDataFolder } from "../data-folder.js";
import { nameOf, openLedger } from "../ledger-place.js";
import { systemRandom } from "../main.js";
import { schoolYearOf } from "../settlement/calendar.js";
import { readTransfers } from "../settlement/files/transfers.js";
import { type ChainReport, verifyChain } from "../store/chain/verify-chain.js";
import type { Driver } from "../store/driver.js";
import { verifyGaps } from "../store/gap/verify-gaps.js";
import type { PostgresOptions } from "../store/postgres/options.js";
import { replayLedger } from "../store/replay.js";
import { type VerifyOptions, verifyLedger } from "../store/verify.js";
import { type Command, EXIT_FAILED, EXIT_OK, needed, reasonOf, UsageError } from "./command.js";
import { headsPathsOf, readHeadsFiles } from "./heads-option.js";
import { databaseFrom, LEDGER_HELP, LEDGER_OPTION } from "./ledger-option.js";
import { STORE_KEY_HELP, storeKeyFrom } from "./store-key.js";

const readProgramme = (json: string): Programme => loadProgramme(JSON.parse(json));

export const VERIFY_OPTIONS: VerifyOptions = {
  readProgramme,
  calendar: { windowOfMonths },
  books: { schoolYearOf, readTransfers },
};

const OPTIONS = {
  ...LEDGER_OPTION,
  data: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const OPTIONS_HELP = `  --data FOLDER        the gateway's data folder; the gateway must be stopped where its ledger is a file there
${LEDGER_HELP}
  --json               the whole report as JSON on stdout`;

const ENDING_HELP = `  --help               this text

Each fault is one line on stdout and names its row. It ends with 0 when there is none, and with 1 otherwise.
`;

export const verify: Command = {
  name: "verify",
  summary: "recompute every balance from its entries, every payment, and the chain from its rows",
  help: `Usage: pass-tpe verify --data FOLDER (--store-key FILE | --heads-key FILE) [--heads FILE]... [--json]

Recomputes every balance from its entries, and holds every entry to the answer that it was made for; every grant to the
rule that gave it; every revoked grant and every suspension to the audit trail. Makes what is owed for every movement of
a sale again, and holds every payment to what it was made of and every payment file to its payments. Makes every link of
the chain again from the row that it stands for, and holds the chain to its signed heads. What is sealed by no link or
guarded by no exported head is told on stderr, and is no fault; so is every restore, with who answers for it and the heads
of links that it lost. The heads must be signed by the gateway's audit key: either
the store key opens it, or its public half is given.

${OPTIONS_HELP}
${STORE_KEY_HELP}
  --heads FILE         exported heads, from where they are out of reach (heads.ndjson in the data folder, if it is there);
                       repeated for each of several gateways on one PostgreSQL, who seal in turns
  --heads-key FILE     the public key that must have signed, SPKI as PEM or in base64, in the place of the store key
${ENDING_HELP}`,
  run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...OPTIONS,
        "store-key": { type: "string" },
        heads: { type: "string", multiple: true },
        "heads-key": { type: "string" },
      },
    });
    const path = needed(values.data, "--data");
    const database = databaseFrom(values.database);
    const folder = findLedger(path, database);
    const publicKey = publicKeyOf({ path, database }, values);
    const headsPaths = headsPathsOf(folder, values.heads);
    return prove(folder, values.json, async (driver) => {
      const atOneInstant = instantsOf(driver);
      const ledger = await atOneInstant(() => verifyLedger(driver.ledger(), VERIFY_OPTIONS));
      const exported = headsPaths.length === 0 ? null : readHeadsFiles(headsPaths);
      const publicKeys = [publicKey];
      const events = driver.ledger().events({ subject: null });
      const restores = await verifyGaps({ gaps: await driver.gaps.all(), events, publicKeys });
      const { gaps } = restores;
      const chain = await verifyChain(driver.chain, { publicKeys, exported, gaps, atOneInstant });
      const { attempts, entries, grants, grantsWithoutRule, lines, payments } = ledger;
      const { faults: chainFaults, ...figures } = chain;
      const missing = headsPaths.length === 0 ? missingHeads(folder, chain) : [];
      const faults = [...ledger.faults, ...restores.faults, ...chainFaults, ...missing];
      return {
        report: { ...ledger, chain: figures, faults },
        faults,
        notes: [...restores.notes, ...notesOn(chain)],
        looked: `${attempts} attempts, ${entries} entries, ${grants} grants (${grantsWithoutRule} without a rule), ${lines} lines, ${payments} payments, ${chain.links} links, ${chain.heads.count} heads, ${chain.exportedHeads?.count ?? 0} exported heads`,
      };
    });
  },
};

export const replay: Command = {
  name: "replay",
  summary: "make every stored decision again",
  help: `Usage: pass-tpe replay --data FOLDER [--json]

Makes every stored decision again from its stored facts, under the rules and the programme of its day, and compares code,
the whole answer, effects and reversals. What this program cannot decide again, because it does not know those rules any more, is a fault. Texts that this
program would word otherwise are noted on stderr, and are none.

${OPTIONS_HELP}
${ENDING_HELP}`,
  run(args) {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const folder = findLedger(needed(values.data, "--data"), databaseFrom(values.database));
    return prove(folder, values.json, async (driver) => {
      const report = await instantsOf(driver)(() => replayLedger(driver.ledger(), readProgramme));
      const { attempts, decidedAgain, differences, unknown, reworded } = report;
      return {
        report,
        faults: [...differences, ...unknown],
        notes: reworded,
        looked: `${attempts} attempts, ${decidedAgain} decided again`,
      };
    });
  },
};

interface Proof {
  readonly report: object;
  readonly faults: readonly string[];
  /** Worth knowing, and no fault. */
  readonly notes: readonly string[];
  /** What was looked at, in words. */
  readonly looked: string;
}

/** Reads as nobody else's writing changes it meanwhile, where somebody else may write. */
const instantsOf =
  ({ atOneInstant }: Driver) =>
  <T>(work: () => Promise<T>): Promise<T> =>
    atOneInstant ? atOneInstant(work) : work();

async function prove(
  { place }: FoundLedger,
  asJson: boolean,
  look: (driver: Driver) => Promise<Proof>,
): Promise<number> {
  process.stderr.write(`reading ${nameOf(place)}\n`);
  const driver = await openLedger(place);
  try {
    const { report, faults, notes, looked } = await look(driver);
    const lines = asJson ? [JSON.stringify(report)] : faults;
    for (const line of lines) process.stdout.write(`${line}\n`);
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
    process.stderr.write(`${looked}: ${faults.length === 0 ? "sound" : "NOT sound"}\n`);
    return faults.length === 0 ? EXIT_OK : EXIT_FAILED;
  } finally {
    await driver.close();
  }
}

/** @throws UsageError when neither key is given, or the file holds none. */
function publicKeyOf(
  folder: { readonly path: string; readonly database: PostgresOptions | null },
  values: {
    readonly "store-key"?: string | undefined;
    readonly "heads-key"?: string | undefined;
  },
): KeyObject {
  const headsKeyPath = values["heads-key"];
  if (headsKeyPath === undefined) {
    const storeKey = storeKeyFrom(values["store-key"]);
    return readDataFolder({ ...folder, storeKey, random: systemRandom }).keys.audit.publicKey;
  }
  try {
    return readAuditPublicKey(readFileSync(headsKeyPath, "utf8"));
  } catch (error) {
    throw new UsageError(`--heads-key ${headsKeyPath}: ${reasonOf(error)}`);
  }
}

/** A gateway that sealed something exported its heads: where they are not, somebody took them, or they are elsewhere. */
function missingHeads(
  { headsPath }: FoundLedger,
  { links, heads }: ChainReport,
): readonly string[] {
  if (links === 0 && heads.count === 0) return [];
  return [
    `exported heads: ${headsPath} is missing, and nothing outside guards the chain; where the gateway exports elsewhere, name that file with --heads`,
  ];
}

/** What the chain does not cover, and what nothing outside guards. */
function notesOn({ links, unsealed, exportedHeads }: ChainReport): readonly string[] {
  const tails = unsealed.map(
    ({ source, rows, sinceMs }) =>
      `unsealed: ${rows} ${source}, the oldest of ${new Date(sinceMs).toISOString()}`,
  );
  const { upTo = 0, torn = 0, lost = {} } = exportedHeads ?? {};
  const unguarded = links > upTo ? [`no exported head guards the links after ${upTo}`] : [];
  const cut = torn > 0 ? [`${torn} lines of the exported heads were cut off`] : [];
  const cutOff = Object.entries(lost).map(
    ([gap, heads]) => `${heads} exported heads stand for links that the restore of gap ${gap} lost`,
  );
  return [...tails, ...unguarded, ...cut, ...cutOff];
}
