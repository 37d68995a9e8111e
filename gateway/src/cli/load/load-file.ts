// The way of one file from where it stopped to its end, with its progress and its rejected lines kept as it goes.

import type { AgentCredentials } from "../../operator.js";
import { type BulkFile, bytesAfterLine } from "./bulk-file.js";
import { startMeter } from "./meter.js";
import { dropProgress, noProgress, type Progress, readProgress, saveProgress } from "./progress.js";
import { openRejected } from "./rejected-file.js";
import { type LineAnswer, UploadError, upload } from "./upload.js";

/** How many lines may be answered before the progress is kept again; so many are sent twice after a kill. */
const SAVE_EVERY_LINES = 500;

export interface Loaded {
  readonly ended: "complete" | "interrupted" | "stopped";
  /** Why it stopped. */
  readonly reason: string | null;
  /** The line that this run began after. */
  readonly after: number;
  readonly progress: Progress;
}

/**
 * Loads a file from where an earlier run stopped.
 *
 * @throws UsageError when its progress is another file's.
 */
export async function loadFile(input: {
  readonly url: string;
  readonly credentials: AgentCredentials;
  readonly file: BulkFile;
  readonly rejectedPath: string;
  readonly fromStart: boolean;
  readonly signal: AbortSignal;
}): Promise<Loaded> {
  const { file, signal } = input;
  const start = (input.fromStart ? null : readProgress(file)) ?? noProgress(file);
  const after = start.line;
  const rejected = openRejected(input.rejectedPath, start.rejectedBytes);
  const nowMs = () => performance.now();
  const meter = startMeter({ lines: file.lines, from: after, nowMs, out: process.stderr });
  let progress = start;
  let saved = start;
  const save = () => {
    saveProgress(file, progress);
    saved = progress;
  };
  try {
    const body = bytesAfterLine(file.path, after);
    for await (const answers of upload({ ...input, body })) {
      const numbered = answers.map((answer) => ({ ...answer, line: answer.line + after }));
      rejected.append(numbered.filter((answer) => "code" in answer));
      progress = advanced(progress, numbered, rejected.bytes);
      if (progress.line - saved.line >= SAVE_EVERY_LINES) save();
      meter.tick(progress);
    }
  } catch (error) {
    save();
    meter.end(progress);
    if (signal.aborted) return { ended: "interrupted", reason: null, after, progress };
    if (!(error instanceof UploadError)) throw error;
    return { ended: "stopped", reason: error.message, after, progress };
  }
  // Blank lines at the end have no answer.
  progress = { ...progress, line: file.lines };
  meter.end(progress);
  dropProgress(file);
  return { ended: "complete", reason: null, after, progress };
}

function advanced(
  before: Progress,
  answers: readonly LineAnswer[],
  rejectedBytes: number,
): Progress {
  const counted = { ...before, rejectedBytes, line: answers.at(-1)?.line ?? before.line };
  for (const answer of answers) {
    if ("code" in answer) counted.rejected += 1;
    else counted[answer.outcome] += 1;
  }
  return counted;
}
