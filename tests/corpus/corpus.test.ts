// Decisions that were made once come out the same for ever: a changed rule is caught, and needs a version of its own.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { OUTCOMES } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { RULES, RULES_VERSION } from "../../gateway/src/core/decide.js";
import { load } from "../../gateway/src/core/loading/load.js";
import type { LoadRefusalCode } from "../../gateway/src/core/loading/loaded.js";
import {
  CORPUS_FOLDER,
  type Corpus,
  type CorpusKind,
  corpusName,
  readCorpora,
  readProgrammes,
  unpaired,
} from "./corpus-files.js";
import { drawCorpus } from "./draw.js";
import { changedLoadings, readLoadingLine } from "./loading-corpus.js";
import { CHANGED_LOADING, CHANGED_RULES } from "./mutants.js";
import { changedDecisions, readRulesLine } from "./rules-corpus.js";

/**
 * Set it to draw a corpus that is not there yet: `PASS_TPE_DRAW_CORPUS=rules npx vitest run tests/corpus`. `rules` is of
 * the version that decides now; `loading` takes the number after the last.
 */
const drawn = process.env["PASS_TPE_DRAW_CORPUS"];
if (drawn === "rules") await drawCorpus("rules", RULES_VERSION, CORPUS_FOLDER);
if (drawn === "loading") {
  const last = readCorpora("loading").at(-1)?.version ?? 0;
  await drawCorpus("loading", last + 1, CORPUS_FOLDER);
}

const AT_LEAST = 3;
const programmes = readProgrammes();
const rulesCorpora = readCorpora("rules");
const loadingCorpora = readCorpora("loading");

function only(corpora: readonly Corpus[], version: number): Corpus {
  const corpus = corpora.find((it) => it.version === version);
  if (!corpus) throw new Error(`no corpus ${version}`);
  return corpus;
}

/** How often each value stands in a list. */
function tally<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Codes that the gateway gives without deciding a sale or an inquiry. */
const NOT_DECIDED: readonly string[] = [
  "MAINTENANCE",
  "RATE_LIMITED",
  "SYSTEM_ERROR",
  "FORMAT_ERROR",
  "TERMINAL_AUTH_FAILED",
  "DUPLICATE_CONFLICT",
  "IN_PROGRESS",
  "ALREADY_REVERSED",
  "ORIGINAL_NOT_FOUND",
  "REVERSAL_TOO_LATE",
  "REVERSED",
  "NOTHING_TO_CAPTURE",
  "ALREADY_CAPTURED",
  "HOLD_EXPIRED",
  "CAPTURE_OVER_HOLD",
  "CAPTURED",
  "NOTHING_TO_REFUND",
  "REFUND_OVER_CAPTURED",
  "REFUNDED",
];

describe("the corpus of decisions", () => {
  it("has one corpus for each version of the rules, and none without its version", () => {
    const corpora = rulesCorpora.map(({ version }) => version);
    expect(unpaired([...RULES.keys()], corpora)).toEqual([]);
  });

  it.each<[string, number[], number[], RegExp[]]>([
    ["a version without a corpus", [1, 2], [1], [/^rules version 2 has no corpus/]],
    ["a corpus without its version", [2], [1, 2], [/^rules-1\.ndjson has no rules/]],
  ])("sees %s", (_what, versions, corpora, found) => {
    expect(unpaired(versions, corpora)).toEqual(found.map((it) => expect.stringMatching(it)));
  });

  it.each(rulesCorpora)("$name is decided again as it was", (corpus) => {
    const decide = RULES.get(corpus.version);
    if (!decide) throw new Error(`RULES has no version ${corpus.version}`);
    expect(changedDecisions({ corpus, programmes, decide })).toEqual([]);
  });

  it.each(Object.entries(CHANGED_RULES))("sees that %s", (_what, decide) => {
    const corpus = only(rulesCorpora, RULES_VERSION);
    const changed = changedDecisions({ corpus, programmes, decide });
    expect(changed).not.toEqual([]);
    expect(changed.length).toBeLessThan(corpus.lines.length);
  });

  it("names the line, and the code before and now", () => {
    const corpus = only(rulesCorpora, RULES_VERSION);
    const at = corpus.lines.findIndex((text) => readRulesLine(text).code === "AVANTAGE_SUSPENDED");
    const decide = CHANGED_RULES["a suspension is ignored"];
    if (!decide) throw new Error("it is one of the changed rules");
    const changed = changedDecisions({ corpus, programmes, decide });
    const named = `${corpusName("rules", RULES_VERSION)}:${at + 1}: was AVANTAGE_SUSPENDED, is now `;
    expect(changed.some((line) => line.startsWith(named))).toBe(true);
  });

  it("names what came out otherwise where the code is the same", () => {
    const corpus = only(rulesCorpora, RULES_VERSION);
    const decide = CHANGED_RULES["a tap is not noted"];
    if (!decide) throw new Error("it is one of the changed rules");
    const changed = changedDecisions({ corpus, programmes, decide });
    expect(changed[0]).toMatch(/:\d+: APPROVED\w* as before, but its effects were .+, are now /);
  });

  it("reaches each code that a decision gives, and each effect, three times and more", () => {
    const lines = only(rulesCorpora, RULES_VERSION).lines.map(readRulesLine);
    const codes = tally<string>(lines.map(({ code }) => code));
    const given = OUTCOMES.filter(({ givenBy, code }) => {
      return givenBy !== "terminal" && !NOT_DECIDED.includes(code);
    }).map(({ code }) => code);
    expect(given.filter((code) => (codes.get(code) ?? 0) < AT_LEAST)).toEqual([]);
    expect([...codes.keys()].filter((code) => NOT_DECIDED.includes(code))).toEqual([]);
    const effects = tally(lines.flatMap((line) => line.effects.map(({ type }) => type)));
    const expected = {
      advanceCardCounter: true,
      advanceKsn: true,
      consumeAppCode: true,
      setPinFailures: true,
      consumeProof: true,
      issueProof: true,
      post: true,
      placeHold: true,
      endHold: true,
      recordVisit: true,
      noteTap: true,
      markDecided: true,
      // Of a reversal alone.
      forgetVisit: false,
    } satisfies Record<(typeof lines)[number]["effects"][number]["type"], boolean>;
    for (const [type, reached] of Object.entries(expected)) {
      const count = new Map<string, number>(effects).get(type) ?? 0;
      expect(count >= AT_LEAST, type).toBe(reached);
    }
    const kinds = tally(lines.map(({ input }) => input.request.kind));
    expect([...kinds.keys()].sort()).toEqual(["authorization", "inquiry"]);
  });
});

describe("the corpus of loadings", () => {
  // Stored events are not decided again, so there is one corpus: that of the rules as they are.
  it("is one", () => {
    expect(loadingCorpora).toHaveLength(1);
  });

  it.each(loadingCorpora)("$name comes out again as it did", (corpus) => {
    expect(changedLoadings({ corpus, programmes, load })).toEqual([]);
  });

  it.each(Object.entries(CHANGED_LOADING))("sees that %s", (_what, changedLoad) => {
    for (const corpus of loadingCorpora) {
      const changed = changedLoadings({ corpus, programmes, load: changedLoad });
      expect(changed).not.toEqual([]);
      expect(changed.length).toBeLessThan(corpus.lines.length);
    }
  });

  it("reaches each event, applied and refused, and each refusal three times and more", () => {
    const lines = loadingCorpora.flatMap((corpus) => corpus.lines.map(readLoadingLine));
    const applied = lines.filter(({ outcome }) => outcome === "applied");
    const types = (list: typeof lines) => [...new Set(list.map(({ event }) => event.type))].sort();
    expect(types(applied)).toEqual(EVENT_TYPES);
    expect(types(lines.filter(({ writes }) => writes.length === 0))).toEqual(EVENT_TYPES);
    const outcomes = tally(lines.map(({ outcome }) => outcome));
    for (const code of Object.keys(REFUSALS)) expect(outcomes.get(code), code).toBeGreaterThan(2);
  });
});

const EVENT_TYPES = [
  "agrement.given",
  "agrement.withdrawn",
  "beneficiary.moved",
  "beneficiary.validated",
  "card.issued",
  "card.made",
  "card.ordered",
  "card.replaced",
  "card.restored",
  "card.withdrawn",
  "commitment.fulfilled",
  "convention.saved",
  "coupons.loaded",
  "grants.revoked",
  "incivility.reported",
  "partner.saved",
  "pointOfSale.saved",
  "suspension.decided",
  "suspension.lifted",
];

const REFUSALS: Record<LoadRefusalCode, true> = {
  NOT_ALLOWED: true,
  UNKNOWN_SUBJECT: true,
  OUT_OF_ORDER: true,
  CONTRADICTION: true,
  NOT_IN_PROGRAMME: true,
  OUTSIDE_CAMPAIGN: true,
};

describe("drawing a corpus", () => {
  it.each<CorpusKind>(["rules", "loading"])("never writes over one of %s", async (kind) => {
    const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), "pass-tpe-corpus-"))}/`);
    writeFileSync(new URL(corpusName(kind, 1), folder), "kept\n");
    await expect(drawCorpus(kind, 1, folder)).rejects.toThrow(/what was decided stays/);
    expect(readCorpora(kind, folder)).toMatchObject([{ version: 1, lines: ["kept"] }]);
  });
});
