// One line of the corpus of loadings: an event and what was on record; what it changed, and what it changes now.

import { isDeepStrictEqual } from "node:util";
import * as calendar from "../../gateway/src/catalogue/civil-dates.js";
import {
  type BeneficiaryCase,
  isPartnerEvent,
  type PartnerCase,
} from "../../gateway/src/core/loading/case.js";
import type { Agent, LoadEvent } from "../../gateway/src/core/loading/event.js";
import type { BeneficiaryFile, PartnerFile } from "../../gateway/src/core/loading/file.js";
import type { Loaded, LoadWrite } from "../../gateway/src/core/loading/loaded.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import type { Corpus, Programmes } from "./corpus-files.js";

export type Load = (input: BeneficiaryCase | PartnerCase) => Loaded;

/** Everything that an event's outcome depends on, but for the programme. */
export interface LoadingInput {
  readonly event: LoadEvent;
  readonly agent: Agent;
  readonly file: BeneficiaryFile | PartnerFile;
  readonly nowMs: number;
}

export interface LoadingLine extends LoadingInput {
  /** Hash of the programme. */
  readonly programme: string;
  /** `applied`, `unchanged`, or the refusal's code. */
  readonly outcome: string;
  readonly writes: readonly LoadWrite[];
}

const HEX = "hex:";

/** Writes a line as JSON, bytes in hex. */
export function writeLoadingLine(line: LoadingLine): string {
  return JSON.stringify(line, (_key, value: unknown) =>
    value instanceof Uint8Array ? HEX + Buffer.from(value).toString("hex") : value,
  );
}

/** What a partner's file has had since papers and accounts are loaded: nothing of it in an older line. */
const NO_PAPERS = { bank: null, declarations: [], justificatifs: [] };

/** Reads a line as it was written by {@link writeLoadingLine}, or before files had papers. */
export function readLoadingLine(text: string): LoadingLine {
  const line: LoadingLine = JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(HEX)
      ? Uint8Array.from(Buffer.from(value.slice(HEX.length), "hex"))
      : value,
  );
  return "partner" in line.file ? { ...line, file: { ...NO_PAPERS, ...line.file } } : line;
}

/** The case of an event. Which file belongs to it, its type says. */
export function loadingCase(
  { event, agent, file, nowMs }: LoadingInput,
  programme: Programme,
): BeneficiaryCase | PartnerCase {
  const context = { agent, nowMs, programme, calendar };
  if (isPartnerEvent(event)) {
    if (!("partner" in file)) throw new Error(`${event.type} needs a partner's file`);
    return { ...context, event, file };
  }
  if ("partner" in file) throw new Error(`${event.type} needs a beneficiary's file`);
  return { ...context, event, file };
}

/** What the corpus keeps of an outcome: not its words, which are for people. */
export function outcomeOfLoading(loaded: Loaded): Pick<LoadingLine, "outcome" | "writes"> {
  if (loaded.outcome === "refused") return { outcome: loaded.code, writes: [] };
  return { outcome: loaded.outcome, writes: loaded.writes };
}

/** Each line that comes out otherwise now, by its number, with what came out then and comes out now. */
export function changedLoadings(input: {
  readonly corpus: Corpus;
  readonly programmes: Programmes;
  readonly load: Load;
}): readonly string[] {
  const { corpus, programmes, load } = input;
  return corpus.lines.flatMap((text, index) => {
    const line = readLoadingLine(text);
    const at = `${corpus.name}:${index + 1}: ${line.event.type}`;
    const programme = programmes.get(line.programme);
    if (!programme) return [`${at}: its programme ${line.programme} is not in the folder`];
    const now = outcomeOfLoading(load(loadingCase(line, programme)));
    if (now.outcome !== line.outcome) return [`${at} was ${line.outcome}, is now ${now.outcome}`];
    const same = isDeepStrictEqual(plain(now.writes), plain(line.writes));
    const [then, writes] = [line.writes, now.writes].map((it) => JSON.stringify(plain(it)));
    return same ? [] : [`${at} ${now.outcome} as before, but wrote ${then}, writes now ${writes}`];
  });
}

/** Without the difference between a Buffer and other bytes, or a key that is undefined and none. */
function plain(writes: readonly LoadWrite[]): unknown {
  return JSON.parse(
    JSON.stringify(writes, (_key, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    ),
  );
}
