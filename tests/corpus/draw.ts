// Draws a corpus from seeded random cases: few of each sort, so that a few hundred lines reach everything.

import { existsSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import { isStepUp } from "../../gateway/src/core/credential.js";
import { RULES, RULES_VERSION } from "../../gateway/src/core/decide.js";
import type { Decided, Request } from "../../gateway/src/core/decision.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import { parseStoredInput, storedInput } from "../../gateway/src/store/stored-input.js";
import { catalogueData } from "../support/programme.js";
import { type CorpusKind, corpusName, programmeName } from "./corpus-files.js";
import { type LoadingLine, writeLoadingLine } from "./loading-corpus.js";
import { randomCase } from "./random-cases.js";
import { randomLoadings } from "./random-loadings.js";
import { outcomeOf, type RulesLine, writeRulesLine } from "./rules-corpus.js";

const SEED = 20_220_607;
const CASES = 10_000;
/** How often everything that rules tell apart is reached. */
const AT_LEAST = 3;

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

/** Writes a corpus, made under the rules as they are now, and its programmes. @throws where it is there already. */
export async function drawCorpus(kind: CorpusKind, version: number, folder: URL): Promise<void> {
  const file = new URL(corpusName(kind, version), folder);
  refuseToOverwrite(file);
  const catalogue = loadProgramme(catalogueData());
  const programmes = kind === "rules" ? [catalogue, loadProgramme(limited())] : [catalogue];
  for (const programme of programmes) writeProgramme(programme, folder);
  const lines = kind === "rules" ? drawDecisions(programmes) : await drawLoadings(catalogue);
  writeFileSync(file, `${lines.join("\n")}\n`);
}

function writeProgramme({ hash, json }: Programme, folder: URL): void {
  const text = JSON.stringify(JSON.parse(json), null, 2);
  writeFileSync(new URL(programmeName(hash), folder), `${text}\n`);
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
  const kept = cases.filter(reaching(featuresOf));
  return kept.map(({ input }) => {
    const { programme } = input;
    const stored: RulesLine["input"] = parseStoredInput(storedInput(input));
    const outcome = outcomeOf(decide({ ...stored, programme }));
    return writeRulesLine({ programme: programme.hash, input: stored, ...outcome });
  });
}

/** Keeps what has something that was reached too seldom before. */
function reaching<T>(featuresOf: (one: T) => readonly string[]): (one: T) => boolean {
  const reached = new Map<string, number>();
  return (one) => {
    const features = new Set(featuresOf(one));
    const isNews = [...features].some((feature) => (reached.get(feature) ?? 0) < AT_LEAST);
    if (isNews) for (const it of features) reached.set(it, (reached.get(it) ?? 0) + 1);
    return isNews;
  };
}

/** What the rules tell apart about a decision. */
function featuresOf({ input, decided }: Case): readonly string[] {
  const { request, facts, programme, snapshot, nowMs } = input;
  const { code, effects, avantages, reason } = decided;
  const rule = programme.avantages.get(request.avantage ?? "");
  const { proof, suspensions, holds } = snapshot;
  const verdict = `${request.kind} ${decided.approved}`;
  const own = snapshot.grants.filter(({ avantage }) => avantage === rule?.code);
  return [
    `${request.kind} ${code} ${reason}`,
    `${verdict} ${facts.kind} ${"tokenKind" in facts && facts.tokenKind} of ${snapshot.card?.generation}`,
    ...(isStepUp(facts) ? [`${code} of a step-up`] : []),
    ...(decided.approved ? [`approved ${rule?.code}`] : []),
    ...effects.map(({ type }) => `${request.kind} ${type}`),
    ...avantages.map(({ state, unit }) => `${unit} seen ${state}`),
    ...holds.map(
      ({ expiresAtMs }) => `${verdict} ${code}, a hold ${edgeOf(expiresAtMs, nowMs)} its end`,
    ),
    ...suspensions.map(({ avantages: scope }) => `${verdict}, suspended ${scope === "ALL"}`),
    ...own.map(({ revoked }) => `${verdict}, a grant revoked: ${revoked}`),
    ...own.map(({ window }) => `${verdict}, ${edgeOf(window.toMs, nowMs)} the end`),
    ...own.map(({ window }) => `${verdict}, ${edgeOf(window.fromMs ?? 0, nowMs)} the start`),
    ...(proof
      ? [`${verdict}, proof used ${proof.used}, ${edgeOf(proof.expiresAtMs, nowMs)} its end`]
      : []),
  ];
}

/** Where an instant stands about an edge: told apart where it is next to it. */
function edgeOf(edgeMs: number, nowMs: number): string {
  const by = nowMs - edgeMs;
  return Math.abs(by) <= 1 ? `${by} ms from` : "away from";
}

async function drawLoadings(programme: Programme): Promise<readonly string[]> {
  const lines = await randomLoadings(programme, SEED);
  return lines.filter(reaching(featuresOfLoading)).map(writeLoadingLine);
}

function featuresOfLoading({
  event,
  agent,
  file,
  outcome,
  writes,
}: LoadingLine): readonly string[] {
  const what = `${event.type} ${outcome}`;
  const suspension = "suspension" in event ? event.suspension : null;
  const suspensions = "suspensions" in file ? file.suspensions : [];
  const grants = "grants" in file ? file.grants : [];
  return [
    what,
    `${event.type} by ${agent.role}`,
    ...writes.map(({ type }) => `${type} by ${event.type}`),
    ...suspensions
      .filter(({ id }) => id === suspension)
      .map(({ liftedAtMs }) => `${what}, lifted: ${liftedAtMs !== null}`),
    ...(grants.some(({ revoked }) => revoked) ? [`${what}, with a grant revoked`] : []),
    ...("cardTaken" in file && file.cardTaken ? [`${what}, card taken`] : []),
  ];
}
