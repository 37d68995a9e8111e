// Follows the ledger's log into the archive, piece by piece, over the checkpoints that begin it anew.

import type { Clock } from "../core/ports.js";
import type { LedgerFiles } from "../store/ledger-files.js";
import { addPiece, type Filling, type Follows, readFilling } from "./filling.js";
import { basesIn, checkWriter, fillingsIn } from "./folder.js";
import { continuesAt, createLogReader, type Piece } from "./log-reader.js";
import type { ArchivePaths, Base, Line } from "./paths.js";
import { planFrom } from "./restore/plan.js";

/** What may be committed since the last piece and still be kept in memory over a checkpoint. */
export const TAIL_MAX_BYTES = 8 * 1_024 * 1_024;

/** A piece, and when it was read. */
type Read = Pick<Line, "atMs" | "completeMs"> & { readonly piece: Piece };

export interface LogArchive {
  /** How long the ledger's log is now, in bytes. */
  size(): number;
  /** Archives what is committed now: what is committed meanwhile may wait, or under load there would be no end of it. */
  catchUp(): Promise<void>;
  /**
   * Moves the log into the database between two commits. What was committed since the last piece is read before and
   * archived after, so no sale waits for the archive's disk; where that is too much, the log stays until the next time.
   */
  fold(): Promise<void>;
  /** Moves the log whatever of it is archived: what follows is another chain. Only where the ledger is idle. */
  cut(): void;
  /** What a base needs of the log that is begun now, right after {@link catchUp}. */
  baseStart(): Pick<Base, "filling" | "from" | "atMs">;
  /** Whether everything that is archived by now can be restored from a base. */
  isReachedFrom(base: Base): boolean;
}

/** Goes on where an earlier process stopped, if the log does; else a new chain begins, which needs a base. */
export function createLogArchive(input: {
  readonly paths: ArchivePaths;
  readonly files: LedgerFiles;
  readonly writer: string;
  readonly clock: Clock;
}): LogArchive {
  const { paths, files, writer, clock } = input;
  let filling = continued(paths, files);
  /** No number is used twice: a base that was made for a filling which never came must not meet another one. */
  let lastNo = Math.max(0, ...fillingsIn(paths), ...basesIn(paths).map((base) => base.filling));
  /** The filling that this chain begins with: each one since goes on where the one before it ended. */
  let chainFrom = filling === null ? lastNo + 1 : chainBegin(paths, filling);
  /** Where the filling before the next one ended, once that is sure. */
  let ended: Follows = null;
  const reader = createLogReader(files.logPath, filling?.place ?? null);
  /** Read, and not in the archive yet: they come first, in this order. `end`: there the filling was moved. */
  const pending: (Read | "end")[] = [];
  /** Everything that was committed by then has been read. */
  let completeMs = 0;

  async function catchUp(): Promise<void> {
    for (;;) {
      const next = pending[0] ?? read();
      if (next === null) return;
      if (pending.length === 0) pending.push(next);
      if (next === "end") markEnd();
      else await add(next);
      // The line may have been emptied meanwhile.
      if (pending[0] === next) pending.shift();
      if (pending.length === 0 && next !== "end" && next.piece.isLast) return;
    }
  }

  function read(): Read | null {
    const atMs = clock.nowMs();
    const piece = reader.next();
    if (piece === null || piece.isLast) completeMs = atMs;
    return piece && { piece, atMs, completeMs };
  }

  function markEnd(): void {
    if (filling === null) return;
    const { end: to, sums } = filling.place;
    ended = { filling: filling.no, to, sums: [...sums] };
  }

  async function add({ piece, ...stamps }: Read): Promise<void> {
    if (piece.from > 0 && filling !== null) {
      filling = await addPiece(paths, piece, { filling }, stamps);
      return;
    }
    await checkWriter(paths, writer);
    const no = lastNo + 1;
    if (ended === null) chainFrom = no;
    filling = await addPiece(paths, piece, { filling: null, no, follows: ended }, stamps);
    ended = null;
    // A cut meanwhile may have gone further.
    lastNo = Math.max(lastNo, no);
  }

  return {
    size: reader.size,
    catchUp,

    async fold() {
      let tailBytes = 0;
      while (tailBytes <= TAIL_MAX_BYTES) {
        const next = read();
        if (next === null) {
          files.checkpoint();
          if (reader.size() === 0) pending.push("end");
          break;
        }
        pending.push(next);
        tailBytes += next.piece.bytes.length;
      }
      await catchUp();
    },

    cut() {
      files.checkpoint();
      pending.length = 0;
      ended = null;
      lastNo += 1;
      chainFrom = lastNo + 1;
    },

    baseStart() {
      const isAhead = reader.size() === 0 || ended !== null;
      if (isAhead || filling === null || reader.place()?.salts !== filling.place.salts) {
        return { filling: lastNo + 1, from: 0, atMs: completeMs };
      }
      return { filling: filling.no, from: filling.place.end, atMs: completeMs };
    },

    isReachedFrom: (base) => base.filling >= chainFrom,
  };
}

/** What an earlier process archived, where the log on disk goes on from there; null where a new base is needed. */
function continued(paths: ArchivePaths, files: LedgerFiles): Filling | null {
  const no = fillingsIn(paths).at(-1);
  if (no === undefined) return null;
  const filling = readFilling(paths, no);
  if (filling === null || !continuesAt(files.logPath, filling.place)) return null;
  return filling;
}

/** The newest base from which a filling can be reached says which fillings are without a break. */
function chainBegin(paths: ArchivePaths, { no }: Filling): number {
  const reaching = basesIn(paths).findLast(
    (base) =>
      base.filling <= no && planFrom(paths, base, Number.POSITIVE_INFINITY).stopped === null,
  );
  return reaching?.filling ?? no;
}
