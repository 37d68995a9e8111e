// Draws a corpus from seeded random cases: few of each sort, so that a few hundred lines reach everything.

import { existsSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import { RULES, RULES_VERSION } from "../../gateway/src/core/decide.js";
import type { Decided, Request } from "../../gateway/src/core/decision.js";
import type { Programme } from "../../gateway/src/core/model.js";
import { storedInput } from "../../gateway/src/store/stored-input.js";
import { catalogueData } from "../support/programme.js";
import { type CorpusKind, corpusName } from "./corpus-files.js";
import { LOADING_PER_SORT, loadingSort, randomLoadings, writeLoadingLine } from "./loading-corpus.js";
import { randomCase } from "./random-cases.js";
import { outcomeOf, type RulesLine, writeRulesLine } from "./rules-corpus.js";

const SEED = 20_220_607;
const CASES = 30_000;
const PER_SORT = 2;
const PER_CODE = 3;

/** The catalogue with what it has no rule for: a purchase ceiling, channels, units of a sale, a limit of sales. */
function limited(): object {
  const data = catalogueData();
  const rules: Readonly<Record<string, object>> = {
    SPECTACLE: { kind: "purchaseMax", cents: 5_000 },
    LIVRES_LOISIR: { kind: "channels", channels: ["NFC"] },
    CINEMA: { kind: "unitsPerSaleMax", units: 2 },
  };
  const avantages = data.avantages.map((avantage) => {
    const rule = rules[avantage.code];
    if (!rule) return avantage;
    const added = { id: `${avantage.code}/limit`, invented: "For the corpus.", ...rule };
    return { ...avantage, rules: [...avantage.rules, added] };
  });
  const velocity = { salesMax: 3, withinSeconds: 600 };
  return { ...data, avantages, settings: { ...data.settings, velocity } };
}

function refuseToOverwrite(file: URL): void {
  if (!existsSync(file)) return;
  throw new Error(
    `${file.pathname} is there: what was decided stays. A changed rule needs a new version, and that a corpus of its own`,
  );
}

/** Writes the corpus of the current rules, or of loading, and its programmes. @throws where it is there already. */
export function drawCorpus(kind: CorpusKind, version: number, folder: URL): void {
  const file = new URL(corpusName(kind, version), folder);
  refuseToOverwrite(file);
  const programmes = [
    { name: `programme-${kind}-${version}.json`, data: catalogueData() },
    ...(kind === "rules"
      ? [{ name: `programme-${kind}-${version}-limited.json`, data: limited() }]
      : []),
  ].map(({ name, data }) => ({ name, programme: loadProgramme(data) }));
  for (const { name, programme } of programmes) {
    const text = JSON.stringify(JSON.parse(programme.json), null, 2);
    writeFileSync(new URL(name, folder), `${text}\n`);
  }
  const loaded = programmes.map(({ programme }) => programme);
  const lines = kind === "rules" ? drawDecisions(loaded) : drawLoadings(loaded);
  writeFileSync(file, `${lines.join("\n")}\n`);
}

interface Case {
  readonly input: DecideInput<Request>;
  readonly decided: Decided;
}

function drawDecisions(programmes: readonly Programme[]): readonly string[] {
  const decide = RULES.get(RULES_VERSION);
  if (!decide) throw new Error(`RULES has no version ${RULES_VERSION}`);
  const cases = programmes.flatMap((programme) =>
    fc
      .sample(fc.noBias(randomCase(programme)), { seed: SEED, numRuns: CASES })
      .map((input) => ({ input, decided: decide(input) })),
  );
  const sorts = new Map<string, number>();
  const codes = new Map<string, number>();
  const kept = cases.filter((one) => {
    const bySort = count(sorts, sortOf(one)) <= PER_SORT;
    const byCode = count(codes, `${one.input.request.kind} ${one.decided.code}`) <= PER_CODE;
    return bySort || byCode;
  });
  return kept.map(({ input }) => {
    const { programme } = input;
    const stored: RulesLine["input"] = JSON.parse(storedInput(input));
    const outcome = outcomeOf(decide({ ...stored, programme }));
    return writeRulesLine({ programme: programme.hash, input: stored, ...outcome });
  });
}

function count(map: Map<string, number>, key: string): number {
  const now = (map.get(key) ?? 0) + 1;
  map.set(key, now);
  return now;
}

/** Cases are of one sort when everything that the rules tell apart is equal. */
function sortOf({ input, decided }: Case): string {
  const { request, programme } = input;
  const rule = programme.avantages.get(request.avantage ?? "");
  const effects = decided.effects.map(({ type }) => type);
  const figures = Object.keys(decided.figures);
  const states = new Set(decided.avantages.map(({ state }) => state));
  return [
    request.kind,
    decided.code,
    decided.reason,
    decided.channel,
    rule?.unit,
    rule?.singleUse,
    decided.proofRef === null,
    ...effects.sort(),
    ...figures.sort(),
    ...[...states].sort(),
  ].join(" ");
}

function drawLoadings(programmes: readonly Programme[]): readonly string[] {
  const sorts = new Map<string, number>();
  return programmes.flatMap((programme) =>
    randomLoadings(programme, SEED)
      .filter((line) => count(sorts, loadingSort(line)) <= LOADING_PER_SORT)
      .map(writeLoadingLine),
  );
}
