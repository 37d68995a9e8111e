// Moves a ledger to another place, so that at every instant, whatever is killed when, one of the two at most can be served.
//
// Three commits: the copy, marked as arriving; the one that it was copied from, marked as having left; the copy without its
// mark. What is marked is not served. Whoever is interrupted runs the same again: a copy that is still what it was made
// from is not made again. What has left is taken back in the same way, from where it went, as long as that is the same.

import { randomUUID } from "node:crypto";
import { type LedgerMove, whyMarked } from "../ledger-move.js";
import { DatabaseSetupError } from "../setup-error.js";
import { prepareMove } from "../sql/ledger-move.js";
import { assertEmpty, copyTables, digestsOf, type TellProgress, tablesOf } from "./copy-tables.js";
import { firstDifference, type TableDigest } from "./digest.js";
import type { CopyEnd } from "./end.js";
import type { Columned } from "./pages.js";

export interface MoveOptions {
  readonly source: CopyEnd;
  readonly target: CopyEnd;
  readonly nowMs: () => number;
  readonly tell: TellProgress;
  /** The target is what the source was copied from: it is to be served again, if the source is still the same. */
  readonly takesBack?: boolean;
}

/**
 * Moves all of a ledger into one that is empty, or back into the one that it left. The caller closes both, whatever becomes of it.
 *
 * @returns what each table is, in both.
 * @throws DatabaseSetupError where nothing was done because one of the two is in use, not empty, or of another schema.
 */
export async function moveLedger(options: MoveOptions): Promise<readonly TableDigest[]> {
  const { source, target, nowMs } = options;
  await source.begin();
  await target.begin();
  const tables = await tablesOf(source, target);
  const [from, to] = [prepareMove(source.sql), prepareMove(target.sql)];
  const found = { tables, left: await from.find(), before: await to.find() };
  const { left, before } = found;
  const isGoingOn = await isInterrupted(options, found);
  const digests = isGoingOn ? await compared(options, tables) : await copied(options, tables);
  const id = before?.id ?? randomUUID();
  if (before?.state !== "arriving") {
    await to.mark({ state: "arriving", id, place: source.place, atMs: nowMs() });
  }
  await target.commit();
  if (left?.state !== "left") {
    await from.mark({ state: "left", id, place: target.place, atMs: nowMs() });
    await source.shut();
  }
  await source.commit();
  await target.begin();
  await to.unmark();
  await target.reopen();
  await target.commit();
  return digests;
}

interface Found {
  readonly tables: readonly Columned[];
  /** What the source is marked with, and the target. */
  readonly left: LedgerMove | null;
  readonly before: LedgerMove | null;
}

/**
 * Whether the target is what an earlier run has left behind.
 *
 * @throws DatabaseSetupError where the source has left for elsewhere, or the target has anything else in it.
 */
async function isInterrupted(
  { source, target, takesBack = false }: MoveOptions,
  { tables, left, before }: Found,
): Promise<boolean> {
  if (takesBack) {
    assertTakenBack(source.place, { left, before });
    return true;
  }
  const isTheirs = before?.state === "arriving" && (left === null || left.id === before.id);
  // Where it went may sell since then: there must be no second one.
  if (left?.state === "arriving" || (left !== null && !isTheirs)) {
    throw new DatabaseSetupError(`${source.place} ${whyMarked(left)}`);
  }
  if (isTheirs) return true;
  if (before !== null) throw new DatabaseSetupError(`${target.place} ${whyMarked(before)}`);
  await assertEmpty(target, tables);
  return false;
}

/**
 * What has left comes back from where it went, and from nowhere else: another copy of the same rows may sell.
 *
 * @throws DatabaseSetupError where the target did not leave for the source, or the source is not served itself.
 */
function assertTakenBack(place: string, { left, before }: Pick<Found, "left" | "before">): void {
  if (before === null || before.place !== place) {
    const went = before === null ? "has not left" : `has left for ${before.place}`;
    throw new DatabaseSetupError(
      `there is nothing to take back from ${place}: the other ledger ${went}. Operator: name both as they were named when it left`,
    );
  }
  if (left !== null && left.id !== before.id) {
    throw new DatabaseSetupError(`${place} ${whyMarked(left)}`);
  }
}

function copied(
  options: MoveOptions,
  tables: readonly Columned[],
): Promise<readonly TableDigest[]> {
  return copyTables({ ...options, tables });
}

/** @throws DatabaseSetupError where the source has gone on since it was copied. */
async function compared(
  { source, target, takesBack = false }: MoveOptions,
  tables: readonly Columned[],
): Promise<readonly TableDigest[]> {
  const digests = await digestsOf(source, tables);
  const differs = firstDifference(digests, await digestsOf(target, tables));
  if (differs === null) return digests;
  if (takesBack) {
    throw new DatabaseSetupError(
      `${source.place} has gone on since ${target.place} left for it (${differs}). Operator: copy it into an empty ledger, without --take-back`,
    );
  }
  throw new DatabaseSetupError(
    `${target.place} holds a copy that was interrupted, and ${source.place} has gone on since (${differs}). Operator: make that database anew, or put that file aside, and copy again`,
  );
}
