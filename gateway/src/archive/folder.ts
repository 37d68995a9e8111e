// The archive's folder: made or recognised at the start, and whose it is.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { OWNER_ONLY_FOLDER, writeWhole } from "./files.js";
import {
  ARCHIVE_FORMAT,
  ArchiveError,
  type ArchivePaths,
  ArchiveSchema,
  type Base,
  BaseSchema,
  numbersOf,
  pathsOfArchive,
} from "./paths.js";

const REASON = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Makes what is missing of an archive, its owner's alone, and takes it over from whoever wrote it before.
 *
 * @param input.ledger says whose archive it is, hex.
 * @param input.writer names this process, and no other.
 * @throws ArchiveError where nothing can be written there, or another ledger is archived there.
 */
export async function openArchive(input: {
  readonly folder: string;
  readonly ledger: string;
  readonly writer: string;
}): Promise<ArchivePaths> {
  const { folder, ledger, writer } = input;
  const paths = pathsOfArchive(folder);
  try {
    for (const path of [folder, paths.bases, paths.log]) {
      // Not the folders above it: where they are missing, a disk is not mounted.
      if (!existsSync(path)) mkdirSync(path, { mode: OWNER_ONLY_FOLDER });
    }
    chmodSync(folder, OWNER_ONLY_FOLDER);
    if (existsSync(paths.archive)) checkOwner(paths, ledger);
    else await writeWhole(paths.archive, JSON.stringify({ format: ARCHIVE_FORMAT, ledger }));
    await writeWhole(paths.writer, writer);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(
      `the archive ${folder} cannot be written (${REASON(error)}). Mount its disk, make it writable for the gateway, or name another with --archive`,
      { cause: error },
    );
  }
  return paths;
}

function checkOwner(paths: ArchivePaths, ledger: string): void {
  if (readArchive(paths).ledger === ledger) return;
  throw new ArchiveError(
    `${paths.folder} is the archive of another gateway's ledger: name a folder of this one's own with --archive`,
  );
}

/** @throws ArchiveError where the folder is no archive, or a newer program's. */
export function readArchive(paths: ArchivePaths) {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(paths.archive, "utf8"));
  } catch (error) {
    throw new ArchiveError(
      `${paths.folder} is no archive of a gateway (${REASON(error)}): name the folder that \`serve --archive\` was given`,
      { cause: error },
    );
  }
  const parsed = ArchiveSchema.safeParse(content);
  if (!parsed.success) throw new ArchiveError(`${paths.archive} is damaged: restore another copy`);
  if (parsed.data.format > ARCHIVE_FORMAT) {
    throw new ArchiveError(
      `${paths.folder} is an archive of format ${parsed.data.format}, this program knows ${ARCHIVE_FORMAT}: use a newer gateway`,
    );
  }
  return parsed.data;
}

/** Of two gateways on one archive the one that started last goes on. @throws ArchiveError for the other. */
export async function checkWriter(paths: ArchivePaths, writer: string): Promise<void> {
  if ((await readFile(paths.writer, "utf8")) === writer) return;
  throw new ArchiveError(
    `${paths.folder} was taken over by another gateway: nothing of this one is archived any more. Stop the one of the two that is not to serve`,
  );
}

/** The copies of the database that are whole, ascending. What a crash left of others is not among them. */
export function basesIn(paths: ArchivePaths): readonly Base[] {
  return numbersOf(readdirSync(paths.bases), "json").flatMap((no) => {
    const parsed = BaseSchema.safeParse(jsonIn(paths.baseRecord(no)));
    return parsed.success ? [parsed.data] : [];
  });
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** The numbers of the fillings that have an index, ascending. */
export function fillingsIn(paths: ArchivePaths): readonly number[] {
  return numbersOf(readdirSync(paths.log), "index");
}

/**
 * Removes what no instant since `keepFromMs` needs; the newest base always stays.
 *
 * @param limits.apartMs where the base that would be the first is followed by one that is so much later, nothing is
 * removed yet: the clock may be ahead, and what seems old is not.
 */
export async function prune(
  paths: ArchivePaths,
  { keepFromMs, apartMs }: { readonly keepFromMs: number; readonly apartMs: number },
): Promise<void> {
  const bases = basesIn(paths);
  const index = bases.findLastIndex(({ atMs }) => atMs <= keepFromMs);
  const [first, next] = [bases[index], bases[index + 1]];
  if (first === undefined) return;
  if (next !== undefined && next.atMs - first.atMs > apartMs) return;
  for (const { no } of bases.slice(0, index)) {
    // The record first: a base without one is none.
    await rm(paths.baseRecord(no));
    await rm(paths.base(no), { force: true });
  }
  for (const no of fillingsIn(paths).filter((filling) => filling < first.filling)) {
    await rm(paths.index(no));
    await rm(paths.wal(no), { force: true });
  }
}
