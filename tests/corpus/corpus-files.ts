// The corpus as files: decisions and loadings that were made once, beside the programmes that they were made under.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { Programme } from "../../gateway/src/core/programme.js";

export const CORPUS_FOLDER = new URL("../../fixtures/corpus/", import.meta.url);

/** Decisions by number of the rules' version; loadings by a number of their own. */
export type CorpusKind = "rules" | "loading";

export interface Corpus {
  readonly name: string;
  readonly version: number;
  /** Each a JSON text. */
  readonly lines: readonly string[];
}

/** The name of a corpus in its folder. */
export const corpusName = (kind: CorpusKind, version: number) => `${kind}-${version}.ndjson`;

/** The name of a programme beside its corpora: it changes with its content. */
export const programmeName = (hash: string) => `programme-${hash.slice(0, 12)}.json`;

/** Every corpus of a kind, the lowest version first. */
export function readCorpora(kind: CorpusKind, folder = CORPUS_FOLDER): readonly Corpus[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const version = new RegExp(`^${kind}-(\\d+)\\.ndjson$`).exec(name)?.[1];
      return version === undefined ? [] : [{ name, version: Number(version) }];
    })
    .sort((a, b) => a.version - b.version)
    .map(({ name, version }) => ({ name, version, lines: linesOf(new URL(name, folder)) }));
}

function linesOf(file: URL): readonly string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

export type Programmes = ReadonlyMap<string, Programme>;

/** The corpus's own programmes by their hash, whatever has become of the catalogue since. */
export function readProgrammes(folder = CORPUS_FOLDER): Programmes {
  const names = readdirSync(folder).filter((name) => /^programme-.*\.json$/.test(name));
  return new Map(
    names.map((name) => {
      const data: unknown = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
      // Over the text, not over what this program's schema makes of it: it names the same programme for ever.
      const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex");
      if (name !== programmeName(hash)) throw new Error(`${name} was changed: it is ${hash} now`);
      return [hash, loadProgramme(data)];
    }),
  );
}

/** Versions of the rules without a corpus, and corpora without their version, in words. */
export function unpaired(versions: readonly number[], corpora: readonly number[]): string[] {
  const rulesOnly = versions.filter((version) => !corpora.includes(version));
  const corpusOnly = corpora.filter((version) => !versions.includes(version));
  return [
    ...rulesOnly.map(
      (version) =>
        `rules version ${version} has no corpus: draw it with PASS_TPE_DRAW_CORPUS=rules (see CONTRIBUTING.md)`,
    ),
    ...corpusOnly.map(
      (version) =>
        `${corpusName("rules", version)} has no rules: version ${version} must stay in RULES, for whatever was decided under it`,
    ),
  ];
}
