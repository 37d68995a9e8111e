// One attempt decided and answered again: everything in which the stored row is another.

import { authorizationAnswer, inquiryAnswer } from "../core/answers.js";
import { canonicalJson } from "../core/canonical-json.js";
import { RULES } from "../core/decide.js";
import type { Decided } from "../core/decision.js";
import type { SaleState } from "../core/life.js";
import type { Programme } from "../core/programme.js";
import { stateOf } from "./attempt.js";
import type { AttemptRow, LedgerAttempt } from "./driver.js";
import { effectsDigest } from "./effects-digest.js";
import { parseStoredInput, type StoredInput } from "./stored-input.js";

/** An attempt as it comes out of its stored input. */
export interface Again {
  readonly input: StoredInput;
  readonly decided: Decided;
  /** As sent, with what is not stored left blank. */
  readonly answer: object;
}

/** Decides and answers an attempt again; null where its stored input is not that of a decision. */
export function decideAgain(attempt: AttemptRow, programme: Programme): Again | null {
  const decide = RULES.get(attempt.rulesVersion);
  if (!decide || attempt.input === null) return null;
  try {
    const input = parseStoredInput(attempt.input);
    const decided = decide({ ...input, programme });
    return { input, decided, answer: answerOf(input, decided, programme) };
  } catch {
    // Damaged: what was written was decided and answered once.
    return null;
  }
}

function answerOf(input: StoredInput, decided: Decided, programme: Programme): object {
  const { request, snapshot, nowMs } = input;
  const context = { snapshot, programme, nowMs };
  return request.kind === "authorization"
    ? authorizationAnswer(request, decided, context)
    : inquiryAnswer(request.id, decided, context);
}

/** In what a stored attempt is another than what was decided again, in words. */
export function attemptDifferences(row: LedgerAttempt, again: Again): readonly string[] {
  return [
    ...columnDifferences(row, again),
    ...answerDifferences(row.attempt.answer, again.answer),
    ...effectDifferences(row, again.decided),
  ];
}

function columnDifferences(row: LedgerAttempt, again: Again): readonly string[] {
  const { attempt } = row;
  const { request, snapshot, nowMs } = again.input;
  const { code } = again.decided;
  const due: Partial<AttemptRow> = {
    code,
    id: request.id,
    terminalId: snapshot.terminal.id,
    kind: request.kind,
    avantage: request.avantage,
    accountId: snapshot.account?.id ?? null,
    partnerId: snapshot.partner?.id ?? null,
    decidedAtMs: nowMs,
    state: dueState(row, again.decided),
  };
  const stored = new Map<string, unknown>(Object.entries(attempt));
  return Object.entries(due).flatMap(([name, now]) => {
    const then = stored.get(name);
    if (then === now) return [];
    return [name === "code" ? `decided ${then}, now ${now}` : `its ${name} is ${then}, now ${now}`];
  });
}

/** What has become of a sale that was decided so. */
function dueState({ reversal, capture, hold }: LedgerAttempt, decided: Decided): SaleState {
  if (reversal) return "reversed";
  const decidedAs = stateOf(decided);
  if (decidedAs !== "held") return decidedAs;
  if (capture) return "approved";
  return hold ? "held" : "expired";
}

/** Left blank in the stored input: the holder's name is nobody's business later, and references are drawn at random. */
const BLANK_FIELDS: readonly string[] = ["holder", "proofRef"];

/** What answers of earlier versions did not say: held to what was decided only where it was said. */
const LATER_FIELDS: readonly string[] = ["proofExpiresAtMs"];

/** What people read. A later version may say the same in other words: told apart, because nothing was decided otherwise. */
const WORDING_FIELDS: readonly string[] = ["display", "display20", "message"];
const WORDED = "worded";

/** Whether a difference is one of wording alone. */
export function isWording(difference: string): boolean {
  return difference.split(" ").includes(WORDED);
}

/** In what a stored answer is another, field by field. */
export function answerDifferences(stored: string | null, again: object): readonly string[] {
  const then = fieldsOf(stored);
  if (then === null) return ["its answer cannot be read"];
  const now = new Map<string, unknown>(Object.entries(again));
  const said = [...now.keys()].filter((name) => then.has(name) || !LATER_FIELDS.includes(name));
  const names = [...new Set([...said, ...then.keys()])];
  return names.flatMap((name) => {
    const [before, after] = [then, now].map((fields) => textOf(name, fields.get(name)));
    const verb = WORDING_FIELDS.includes(name) ? WORDED : "answered";
    return before === after ? [] : [`${verb} ${name} ${before}, now ${after}`];
  });
}

function textOf(name: string, value: unknown): string | undefined {
  const isBlank = BLANK_FIELDS.includes(name) && typeof value === "string";
  return value === undefined ? undefined : canonicalJson(isBlank ? "" : value);
}

function fieldsOf(answer: string | null): ReadonlyMap<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(answer ?? "null");
    if (read === null || typeof read !== "object") return null;
    return new Map<string, unknown>(Object.entries(read));
  } catch {
    return null;
  }
}

function effectDifferences(row: LedgerAttempt, again: Decided): readonly string[] {
  const { attempt, capture, entries } = row;
  const found: string[] = [];
  const digest = Buffer.from(effectsDigest(again.effects)).toString("hex");
  const stored = attempt.effectsDigest && Buffer.from(attempt.effectsDigest).toString("hex");
  if (digest !== stored) found.push("its effects are others than were stored");
  const owed = again.effects.flatMap((effect) =>
    effect.type === "post" ? [`${effect.units} from ${effect.grantId}`] : [],
  );
  // What a capture took is its own to answer for.
  const own = capture ? [] : entries;
  const taken = own
    .filter(({ units }) => units > 0)
    .map(({ units, grantId }) => `${units} from ${grantId}`);
  if (owed.join() !== taken.join()) {
    found.push(`took ${taken.join() || "nothing"}, decided ${owed.join() || "nothing"}`);
  }
  return [...found, ...holdDifferences(row, again)];
}

/** A hold keeps, and its capture takes, from the grant and until the instant that were decided. */
function holdDifferences(row: LedgerAttempt, again: Decided): readonly string[] {
  const { attempt, hold, capture, entries } = row;
  const placed = again.effects.find((effect) => effect.type === "placeHold");
  if (!placed) return hold || capture ? ["it holds, or captured, what it never kept"] : [];
  const isKept =
    hold === null ||
    (hold.grantId === placed.grantId &&
      hold.units === placed.units &&
      hold.expiresAtMs === placed.expiresAtMs &&
      hold.accountId === attempt.accountId);
  const others = entries.filter(({ grantId }) => grantId !== placed.grantId);
  return [
    ...(isKept ? [] : [`it holds otherwise than ${placed.units} of ${placed.grantId}`]),
    ...others.map(({ units, grantId }) => `it moved ${units} of ${grantId}, and held another`),
  ];
}
