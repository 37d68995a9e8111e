// `pass-tpe copy`: moves a ledger from the file in a data folder into PostgreSQL, or back, and shuts the one that it left.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { findLedger } from "../data-folder.js";
import { DataFolderError, pathsIn } from "../data-folder-files.js";
import { checkLog } from "../log-damage.js";
import type { TableDigest } from "../store/copy/digest.js";
import type { CopyEnd } from "../store/copy/end.js";
import { type MoveOptions, moveLedger } from "../store/copy/move.js";
import { TransactionLostError } from "../store/driver.js";
import { postgresCopyEnd } from "../store/postgres/copy-end.js";
import { DatabaseSetupError } from "../store/setup-error.js";
import { sqliteCopyEnd } from "../store/sqlite/copy-end.js";
import { type Command, EXIT_OK, needed, takesWords, UsageError } from "./command.js";
import { startCopyMeter } from "./copy-meter.js";
import { databaseFrom, LEDGER_OPTION } from "./ledger-option.js";

type Direction = "to-database" | "to-file";

export const copy: Command = {
  name: "copy",
  summary: "move a ledger into PostgreSQL, or back into a file",
  help: `Usage: pass-tpe copy to-database --data FOLDER [--database URL] [--require-sync] [--take-back] [--json]
       pass-tpe copy to-file --data FOLDER [--database URL] [--require-sync] [--take-back] [--json]

Moves everything between the file in a data folder (gateway.db) and a PostgreSQL database: every row of every table as it
is, chain and heads too, so that balances, proofs and the answers to repeated ids are the same. Every gateway of the ledger
is stopped first, and started again on the other side. The side that is moved to must be empty. It is all of it or nothing:
every table is read back and compared before anything is committed.

The side that was left keeps its rows and is not served again, so that no two ledgers go on. While both hold the same,
neither is served. A copy that was interrupted is run again, the same way: it finds out how far it came. Who decides to
stay where the ledger was copies the other way with --take-back, as long as the copy was not served.

  to-database          from the file into the database
  to-file              from the database into the file. The folder has the keys.json of a gateway of this ledger, and no
                       gateway.db
  --data FOLDER        the data folder
  --database URL       the PostgreSQL database, as postgres://user@host:5432/database. Where it is left out, the
                       environment's DATABASE_URL says so, and may hold a password as well
  --require-sync       refuse a PostgreSQL that answers a commit before a standby has it
  --take-back          serve the side again that the ledger left: only from where it went, and only if nothing was written
                       there since, a gateway's start included. What has gone on is copied into an empty side instead
  --json               each table with its rows and their SHA-256, as JSON on stdout
  --help               this text

How far it is goes to stderr. Keys are not copied: each gateway has keys.json in its own data folder. Nor are exported heads.
It ends with 0 when the ledger has moved, and with 1 when it could not.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...LEDGER_OPTION,
        data: { type: "string" },
        json: { type: "boolean", default: false },
        "require-sync": { type: "boolean", default: false },
        "take-back": { type: "boolean", default: false },
      },
    });
    takesWords(positionals, 1);
    const direction = directionOf(positionals[0]);
    const folder = needed(values.data, "--data");
    const database = databaseFrom(values.database);
    if (database === null) throw new UsageError("--database or DATABASE_URL is needed");
    const path = pathIn(folder, direction);
    const { "require-sync": requiresStandby, "take-back": takesBack } = values;
    const ends = {
      file: () => sqliteCopyEnd(path),
      database: () => postgresCopyEnd({ ...database, requiresStandby }),
    };
    const moved = await move(ends, { direction, takesBack });
    process.stdout.write(values.json ? `${JSON.stringify(moved)}\n` : summaryOf(moved));
    return EXIT_OK;
  },
};

function directionOf(word: string | undefined): Direction {
  if (word === "to-database" || word === "to-file") return word;
  throw new UsageError("copy does one of to-database and to-file");
}

/** @throws DataFolderError where the folder is not one that the ledger can leave, or come to. */
function pathIn(folder: string, direction: Direction): string {
  const { databasePath, keysPath } = pathsIn(folder);
  if (direction === "to-database") findLedger(folder);
  else if (!existsSync(keysPath)) {
    throw new DataFolderError(
      `${keysPath} is missing: without it no card of this ledger is known. Operator: put a copy of the keys.json of one of its gateways there first`,
    );
  }
  checkLog(databasePath);
  return databasePath;
}

/** What came of a move. */
interface Moved {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly rows: number;
  readonly tables: readonly TableDigest[];
}

interface Ends {
  readonly file: () => CopyEnd;
  readonly database: () => Promise<CopyEnd>;
}

interface Way {
  readonly direction: Direction;
  readonly takesBack: boolean;
}

/** Opens both, moves, and closes both: the file first, which is the quicker to be refused. */
async function move(ends: Ends, { direction, takesBack }: Way): Promise<Moved> {
  const file = ends.file();
  try {
    const database = await ends.database();
    try {
      const [source, target] = direction === "to-file" ? [database, file] : [file, database];
      return await timed({ source, target, takesBack });
    } finally {
      await database.close();
    }
  } finally {
    await file.close();
  }
}

async function timed(ends: Pick<MoveOptions, "source" | "target" | "takesBack">): Promise<Moved> {
  const { source, target } = ends;
  const startedMs = performance.now();
  const nowMs = () => performance.now();
  const tell = startCopyMeter({ nowMs, out: process.stderr });
  try {
    const tables = await moveLedger({ ...ends, nowMs: Date.now, tell });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const seconds = (performance.now() - startedMs) / 1_000;
    return { from: source.place, to: target.place, seconds, rows, tables };
  } catch (error) {
    if (!(error instanceof TransactionLostError)) throw error;
    const { message, cause } = error;
    throw new DatabaseSetupError(`${message}. Operator: run the same command again`, { cause });
  }
}

function summaryOf({ from, to, seconds, rows, tables }: Moved): string {
  const lines = [
    `moved  ${rows} rows of ${tables.length} tables in ${seconds.toFixed(1)} s, each read back and equal`,
    `from   ${from}: kept as it was, and not served again`,
    `to     ${to}: start the gateways on it`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
