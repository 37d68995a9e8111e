// The way of one file from where it stopped to its end, with progress, rejected lines and notes kept as it goes.

import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import type { AgentCredentials } from "../../operator.js";
import { type BulkFile, bytesAfterLine } from "./bulk-file.js";
import { startMeter } from "./meter.js";
import {
  continued,
  dropProgress,
  type Left,
  type LoadIdentity,
  noProgress,
  type Progress,
  progressPathOf,
  readProgress,
  saveProgress,
} from "./progress.js";
import { type LineAnswer, UploadError, upload } from "./upload.js";
import {
  openWritten,
  refuseForeign,
  sizeOf,
  WriteError,
  type WrittenFile,
} from "./written-file.js";

/** How many lines may be answered before the progress is kept again; so many are sent twice after a kill. */
const SAVE_EVERY_LINES = 500;

export interface Loaded {
  readonly ended: "complete" | "interrupted" | "stopped";
  /** Why it stopped. */
  readonly reason: string | null;
  /** The line that this run began after. */
  readonly after: number;
  /** What is kept; the next run goes on there. */
  readonly progress: Progress;
}

/** Where the notes of applied lines are written. */
export function notesPathOf(path: string): string {
  return `${path}.notes.ndjson`;
}

/**
 * Loads a file from where an earlier run stopped.
 *
 * @throws UsageError when its progress is another load's, or a file to write to is not this load's own.
 */
export async function loadFile(input: {
  readonly url: string;
  readonly credentials: AgentCredentials;
  readonly credentialsPath: string;
  readonly file: BulkFile;
  readonly rejectedPath: string;
  readonly fromStart: boolean;
  readonly signal: AbortSignal;
}): Promise<Loaded> {
  const { file, credentials, signal } = input;
  const load: LoadIdentity = {
    file,
    url: new URL(input.url).href,
    authority: fingerprintOf(credentials.ca),
    rejectedPath: resolve(input.rejectedPath),
  };
  const start = startOf(load, input);
  const after = start.line;
  let progress = start;
  let saved = start;
  let files: Files | null = null;
  const save = () => {
    files?.rejected.sync();
    files?.notes.sync();
    saveProgress(file, progress);
    saved = progress;
  };
  const nowMs = () => performance.now();
  const meter = startMeter({ lines: file.lines, from: after, nowMs, out: process.stderr });
  try {
    // Before any of them is written to, the progress names the files that are this load's own.
    save();
    files = openFiles(load, start);
    for await (const answers of upload({ ...input, body: bytesAfterLine(file.path, after) })) {
      const numbered = answers.map((answer) => ({ ...answer, line: answer.line + after }));
      progress = written(files, advanced(progress, numbered), numbered);
      if (progress.line - saved.line >= SAVE_EVERY_LINES) save();
      meter.tick(progress);
    }
    save();
    refuseUnanswered(file, progress);
    dropProgress(file);
  } catch (error) {
    const failed = error instanceof WriteError ? error : failureOf(save);
    meter.end(saved);
    const ending = { after, progress: saved };
    if (failed) return { ended: "stopped", reason: failed.message, ...ending };
    if (signal.aborted) return { ended: "interrupted", reason: null, ...ending };
    if (!(error instanceof UploadError)) throw error;
    return { ended: "stopped", reason: error.message, ...ending };
  }
  // Blank lines at the end have no answer.
  progress = { ...progress, line: file.lines };
  meter.end(progress);
  return { ended: "complete", reason: null, after, progress };
}

/** SHA-256 of a certificate's DER, hex: tells one gateway's authority from another's. */
function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
}

function startOf(
  load: LoadIdentity,
  input: { readonly credentialsPath: string; readonly fromStart: boolean },
): Progress {
  const { file, rejectedPath } = load;
  const left = readProgress(file);
  const start = input.fromStart ? noProgress(load) : continued(left, load);
  refuseForeignFiles({ load, left, credentialsPath: input.credentialsPath });
  const isWhole =
    (sizeOf(rejectedPath) ?? 0) >= start.rejectedBytes &&
    (sizeOf(notesPathOf(resolve(file.path))) ?? 0) >= start.notesBytes;
  // Lines of them are lost: only the gateway can say again which they were.
  return isWhole ? start : noProgress(load);
}

function refuseForeignFiles(input: {
  readonly load: LoadIdentity;
  readonly left: Left;
  readonly credentialsPath: string;
}): void {
  const { load, left, credentialsPath } = input;
  const path = resolve(load.file.path);
  const notesPath = notesPathOf(path);
  const progressPath = progressPathOf(path);
  const others = [path, resolve(credentialsPath), progressPath, `${progressPath}.new`];
  const { rejectedPath } = load;
  const named = left.progress?.rejectedPath;
  refuseForeign(rejectedPath, {
    isOwn: named === rejectedPath,
    others: [...others, notesPath],
  });
  refuseForeign(notesPath, { isOwn: named !== undefined, others });
}

interface Files {
  readonly rejected: WrittenFile;
  readonly notes: WrittenFile;
}

function openFiles({ file, rejectedPath }: LoadIdentity, start: Progress): Files {
  return {
    rejected: openWritten(rejectedPath, start.rejectedBytes),
    notes: openWritten(notesPathOf(resolve(file.path)), start.notesBytes),
  };
}

/** Writes down what answers say beside their outcome, and notes in the progress how long the files are by then. */
function written(files: Files, progress: Progress, answers: readonly LineAnswer[]): Progress {
  const { rejected, notes } = files;
  rejected.append(answers.filter((answer) => "code" in answer));
  notes.append(
    answers.flatMap((answer) =>
      isNoted(answer) ? [{ line: answer.line, id: answer.id, notes: answer.notes }] : [],
    ),
  );
  return { ...progress, rejectedBytes: rejected.bytes, notesBytes: notes.bytes };
}

function advanced(before: Progress, answers: readonly LineAnswer[]): Progress {
  const counted = { ...before, line: answers.at(-1)?.line ?? before.line };
  for (const answer of answers) {
    if ("code" in answer) counted.rejected += 1;
    else counted[answer.outcome] += 1;
    if (isNoted(answer)) counted.noted += 1;
  }
  return counted;
}

type TakenAnswer = Extract<LineAnswer, { readonly outcome: string }>;

function isNoted(answer: LineAnswer): answer is TakenAnswer {
  return "outcome" in answer && answer.notes.length > 0;
}

/** @throws UploadError when the answers ended, and were not one for each line. */
function refuseUnanswered(file: BulkFile, { applied, unchanged, rejected }: Progress): void {
  const answered = applied + unchanged + rejected;
  if (answered === file.events) return;
  throw new UploadError(
    `${answered} answers came for ${file.events} lines; if that stays so, send all with --from-start`,
  );
}

function failureOf(work: () => void): WriteError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof WriteError) return error;
    throw error;
  }
}
