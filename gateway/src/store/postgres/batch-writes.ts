// Writes the changes of a batch together: a statement for each table, and not for each row, since a statement costs more than its row.

import { assert, BugError } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { AttemptRow, Change } from "../driver.js";
import type { SqlValue } from "../sql/sql.js";
import { together } from "../sql/together.js";
import { fit } from "./placeholders.js";
import type { RunQuery } from "./sql.js";

const CARDS = `UPDATE cards c SET
    message_counter = coalesce(w.counter, c.message_counter), pin_failures = coalesce(w.failures, c.pin_failures),
    tapped_day = coalesce(w.day, c.tapped_day), tapped_cents = coalesce(w.cents, c.tapped_cents)
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
    $9::bigint[]) AS w (id, counter_before, counter, failures_before, failures, day_before, cents_before, day, cents)
  WHERE c.id = w.id AND (w.counter IS NULL OR c.message_counter = w.counter_before)
    AND (w.failures IS NULL OR c.pin_failures = w.failures_before)
    AND (w.day IS NULL OR (c.tapped_day IS NOT DISTINCT FROM w.day_before
      AND c.tapped_cents IS NOT DISTINCT FROM w.cents_before))`;
const TERMINALS = `UPDATE terminals t SET ksn_counter = w.counter
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w (id, before, counter)
  WHERE t.id = w.id AND t.ksn_counter = w.before`;
const GRANTS = `UPDATE grants g SET spent = w.spent
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS w (account_id, id, before, spent, at_ms)
  WHERE g.account_id = w.account_id AND g.id = w.id AND g.spent = w.before
    AND w.spent + (SELECT coalesce(sum(h.units), 0) FROM holds h
      WHERE h.account_id = g.account_id AND h.grant_id = g.id AND h.expires_at_ms > w.at_ms)
      <= g.amount + coalesce(g.supplement_amount, 0)`;
const ENTRIES = `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
  SELECT account_id, grant_id, terminal_id, attempt_id, units, at_ms
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
    WITH ORDINALITY AS w (account_id, grant_id, terminal_id, attempt_id, units, at_ms, nth) ORDER BY nth`;
const VISITS = `INSERT INTO visits (account_id, point_of_sale_id, avantage, terminal_id, attempt_id, at_ms)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
  ON CONFLICT (account_id, point_of_sale_id, avantage) DO UPDATE SET
    terminal_id = excluded.terminal_id, attempt_id = excluded.attempt_id, at_ms = excluded.at_ms`;
const ACCOUNTS = `UPDATE accounts a SET last_decision_at_ms = w.at_ms
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w (id, before, at_ms)
  WHERE a.id = w.id AND a.last_decision_at_ms = w.before`;
const ATTEMPTS = `INSERT INTO attempts (terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
    decided_at_ms, programme_hash, rules_version, input, effects_digest, answer)
  SELECT terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
    decided_at_ms, programme_hash, rules_version, input, effects_digest, answer
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::text[], $12::bigint[], $13::text[], $14::bytea[], $15::text[])
    WITH ORDINALITY AS w (terminal_id, id, kind, state, fingerprint, code, account_id, partner_id, avantage,
      decided_at_ms, programme_hash, rules_version, input, effects_digest, answer, nth) ORDER BY nth`;

type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** What a plain sale or inquiry does; anything else is written by itself. */
const PLAIN = new Set<Effect["type"]>([
  "advanceCardCounter",
  "setPinFailures",
  "noteTap",
  "advanceKsn",
  "post",
  "recordVisit",
  "markDecided",
]);

/** Its effects by their types: there is at most one of each. */
interface PlainChange {
  readonly change: Change;
  readonly attempt: AttemptRow;
  effect<T extends Effect["type"]>(type: T): EffectOf<T> | null;
}

type WriteRows = (rows: readonly (readonly SqlValue[])[]) => Promise<void>;

/**
 * Prepares the writing of changes, in their order: each as it is by itself, where it is not like the others, or touches what
 * one before it does.
 *
 * @param alone writes one.
 */
export function prepareBatchWrites(run: RunQuery, alone: (change: Change) => Promise<void>) {
  const rowsInto = prepareRows(run);

  async function write(changes: readonly PlainChange[]): Promise<void> {
    if (changes.length === 0) return;
    await together([
      rowsInto.cards(changes.flatMap(cardRow)),
      rowsInto.terminals(changes.flatMap(terminalRow)),
      rowsInto.grants(changes.flatMap(grantRow)),
      rowsInto.entries(changes.flatMap(entryRow)),
      rowsInto.visits(changes.flatMap(visitRow)),
      rowsInto.accounts(changes.flatMap(accountRow)),
      rowsInto.attempts(changes.map(attemptRow)),
    ]);
  }

  return async (changes: readonly Change[]): Promise<void> => {
    const sent: Promise<void>[] = [];
    let apart = createApart();
    let plain: PlainChange[] = [];
    for (const change of changes) {
      const like = plainOf(change);
      if (like && apart.has(like)) {
        plain.push(like);
        continue;
      }
      sent.push(write(plain));
      apart = createApart();
      plain = like && apart.has(like) ? [like] : [];
      if (!like) sent.push(alone(change));
    }
    sent.push(write(plain));
    await together(sent);
  };
}

function prepareRows(run: RunQuery) {
  const into = (name: string, text: string): WriteRows => {
    return async (rows) => {
      const [first] = rows;
      if (first === undefined) return;
      const values = first.map((_, column) => rows.map((row) => fit(row[column] ?? null)));
      const { rowCount } = await run({ name: `batch-${name}`, text, values }, true);
      if (rowCount === rows.length) return;
      throw new BugError(
        `of ${rows.length} ${name} of a batch some have moved since they were read`,
      );
    };
  };
  return {
    cards: into("cards", CARDS),
    terminals: into("terminals", TERMINALS),
    grants: into("grants", GRANTS),
    entries: into("entries", ENTRIES),
    visits: into("visits", VISITS),
    accounts: into("accounts", ACCOUNTS),
    attempts: into("attempts", ATTEMPTS),
  };
}

/** Tells changes that touch no row that another does. */
function createApart() {
  const taken = new Set<string>();
  return {
    has({ change, effect }: PlainChange): boolean {
      const ksn = effect("advanceKsn");
      const touched = [
        ...(change.accountId === null ? [] : [`account ${change.accountId}`]),
        ...(ksn === null ? [] : [`terminal ${ksn.terminalId}`]),
      ];
      if (touched.some((row) => taken.has(row))) return false;
      for (const row of touched) taken.add(row);
      return true;
    },
  };
}

/** Null where it is more than a plain sale. */
function plainOf(change: Change): PlainChange | null {
  const { attempt, operation, reversal, effects, accountId } = change;
  if (attempt === null || operation !== null || reversal !== null) return null;
  const byType = new Map(effects.map((effect) => [effect.type, effect]));
  if (byType.size < effects.length || effects.some(({ type }) => !PLAIN.has(type))) return null;
  const effect = <T extends Effect["type"]>(type: T) =>
    (byType.get(type) ?? null) as EffectOf<T> | null;
  const post = effect("post");
  if (post !== null && (post.units < 0 || accountId === null)) return null;
  return { change, attempt, effect };
}

function cardRow({ effect }: PlainChange): SqlValue[][] {
  const [counter, failures, tap] = [
    effect("advanceCardCounter"),
    effect("setPinFailures"),
    effect("noteTap"),
  ];
  const cardIds = new Set([counter, failures, tap].flatMap((one) => one?.cardId ?? []));
  assert(cardIds.size <= 1, "one card is presented");
  return [...cardIds].map((id) => [
    id,
    counter?.from ?? null,
    counter?.to ?? null,
    failures?.from ?? null,
    failures?.to ?? null,
    tap?.from?.day ?? null,
    tap?.from?.cents ?? null,
    tap?.to.day ?? null,
    tap?.to.cents ?? null,
  ]);
}

function terminalRow({ effect }: PlainChange): SqlValue[][] {
  const ksn = effect("advanceKsn");
  return ksn ? [[ksn.terminalId, ksn.from, ksn.to]] : [];
}

function grantRow({ effect, change: { accountId, atMs } }: PlainChange): SqlValue[][] {
  const post = effect("post");
  if (post === null) return [];
  const { grantId, spentBefore, units } = post;
  return [[accountId, grantId, spentBefore, spentBefore + units, atMs]];
}

function entryRow({ effect, change }: PlainChange): SqlValue[][] {
  const post = effect("post");
  const { accountId, terminalId, attemptId, atMs } = change;
  return post ? [[accountId, post.grantId, terminalId, attemptId, post.units, atMs]] : [];
}

function visitRow({ effect, change: { terminalId, attemptId, atMs } }: PlainChange): SqlValue[][] {
  const visit = effect("recordVisit");
  if (visit === null) return [];
  const { accountId, pointOfSaleId, avantage } = visit;
  return [[accountId, pointOfSaleId, avantage, terminalId, attemptId, atMs]];
}

function accountRow({ effect }: PlainChange): SqlValue[][] {
  const decided = effect("markDecided");
  return decided ? [[decided.accountId, decided.from, decided.to]] : [];
}

function attemptRow({ attempt: row }: PlainChange): SqlValue[] {
  return [
    row.terminalId,
    row.id,
    row.kind,
    row.state,
    row.fingerprint,
    row.code,
    row.accountId,
    row.partnerId,
    row.avantage,
    row.decidedAtMs,
    row.programmeHash,
    row.rulesVersion,
    row.input,
    row.effectsDigest,
    row.answer,
  ];
}
