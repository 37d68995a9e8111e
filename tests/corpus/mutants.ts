// Deliberately changed rules, to show that the corpus sees them.

import { decide } from "../../gateway/src/core/decide.js";
import { type BeneficiaryCase, isPartnerEvent } from "../../gateway/src/core/loading/case.js";
import type { BeneficiaryFile } from "../../gateway/src/core/loading/file.js";
import { load } from "../../gateway/src/core/loading/load.js";
import type { AvantageRule, Programme } from "../../gateway/src/core/programme.js";
import type { Load } from "./loading-corpus.js";
import type { Decide } from "./rules-corpus.js";

type DecideInput = Parameters<Decide>[0];
type Snapshot = DecideInput["snapshot"];

/** Today's rules, told other facts. */
const told =
  (change: (input: DecideInput) => DecideInput): Decide =>
  (input) =>
    decide(change(input));

const stored = (change: (snapshot: Snapshot) => Partial<Snapshot>): Decide =>
  told((input) => ({
    ...input,
    snapshot: { ...input.snapshot, ...change(input.snapshot) },
  }));

const underProgramme = (change: (programme: Programme) => Partial<Programme>): Decide =>
  told((input) => ({
    ...input,
    programme: { ...input.programme, ...change(input.programme) },
  }));

const everyRule = (change: Partial<AvantageRule>): Decide =>
  underProgramme(({ avantages }) => ({
    avantages: new Map([...avantages].map(([code, rule]) => [code, { ...rule, ...change }])),
  }));

const everyGrant = (change: (grant: Snapshot["grants"][number]) => object): Decide =>
  stored(({ grants }) => ({ grants: grants.map((grant) => ({ ...grant, ...change(grant) })) }));

const setting = (change: (settings: Programme["settings"]) => object): Decide =>
  underProgramme(({ settings }) => ({ settings: { ...settings, ...change(settings) } }));

/** Today's rules, whose answer is changed afterwards. */
const without =
  (dropped: string): Decide =>
  (input) => {
    const decided = decide(input);
    return { ...decided, effects: decided.effects.filter(({ type }) => type !== dropped) };
  };

/** What somebody might change in the rules of a decision, by mistake or on purpose. */
export const CHANGED_RULES: Readonly<Record<string, Decide>> = {
  "single use is ignored": everyRule({ singleUse: false }),
  "a window's end is inclusive": everyGrant(({ window }) => ({
    window: { ...window, toMs: window.toMs + 1 },
  })),
  "a window opens a millisecond late": everyGrant(({ window }) => ({
    window: { ...window, fromMs: window.fromMs === null ? null : window.fromMs + 1 },
  })),
  "a suspension is ignored": stored(() => ({ suspensions: [] })),
  "a suspension of everything takes the everyday uses too": everyRule({ outsideSuspension: false }),
  "the euro to collect for a seat is dropped": everyRule({ copayCentsPerUnit: 0 }),
  "a supplement is for everyone": everyGrant(({ amount, supplement }) => ({
    amount: amount + (supplement?.amount ?? 0),
    supplement: null,
  })),
  "a PIN has four tries": setting(({ pinTriesMax }) => ({ pinTriesMax: pinTriesMax + 1 })),
  "a tap does not ask that a PIN exists": setting(() => ({ nfcRequiresPinDefined: false })),
  "how often is not limited": setting(() => ({ velocity: null })),
  "a revoked grant is used": everyGrant(() => ({ revoked: false })),
  "an age is not asked": everyGrant(() => ({ ageWindow: null })),
  "an ended convention has no grace": underProgramme(({ campaigns }) => ({
    campaigns: campaigns.map((campaign) => ({ ...campaign, conventionGrace: null })),
  })),
  "an identifier has no ceilings": underProgramme(({ generations }) => ({
    generations: new Map([...generations].map(([code, it]) => [code, { ...it, ceilings: null }])),
  })),
  "what is held is there for another sale": stored(() => ({ holds: [] })),
  "a hold keeps at its last instant": stored(({ holds }) => ({
    holds: holds.map((hold) => ({ ...hold, expiresAtMs: hold.expiresAtMs + 1 })),
  })),
  "what should be held is taken": told((input) =>
    input.request.kind === "authorization"
      ? { ...input, request: { ...input.request, capture: true } }
      : input,
  ),
  "a visit is counted each time": stored(() => ({ visits: [] })),
  "a proof is good twice": stored(({ proof }) => ({ proof: proof && { ...proof, used: false } })),
  "a proof is good at its last instant": stored(({ proof }) => ({
    proof: proof && { ...proof, expiresAtMs: proof.expiresAtMs + 1 },
  })),
  "a printed code may be any kind of code": told((input) =>
    input.facts.kind === "qr"
      ? { ...input, facts: { ...input.facts, tokenKind: "printed" } }
      : input,
  ),
  "a request is never too late": told((input) => ({
    ...input,
    request: { ...input.request, waitedMs: 0 },
  })),
  "a right PIN does not clear the wrong ones": without("setPinFailures"),
  "a tap is not noted": without("noteTap"),
  "a decision does not move the account's time": without("markDecided"),
};

const beneficiaryFile =
  (change: (file: BeneficiaryFile) => Partial<BeneficiaryFile>): Load =>
  (input) =>
    load(
      isBeneficiary(input) ? { ...input, file: { ...input.file, ...change(input.file) } } : input,
    );

function isBeneficiary(input: Parameters<Load>[0]): input is BeneficiaryCase {
  return !isPartnerEvent(input.event);
}

/** What somebody might change in the rules of loading. */
export const CHANGED_LOADING: Readonly<Record<string, Load>> = {
  "a charter is not asked": beneficiaryFile(({ account }) => ({
    account: account && { ...account, charterAcceptedOn: "2022-06-07" },
  })),
  "a lifted suspension can be decided again": beneficiaryFile(({ suspensions }) => ({
    suspensions: suspensions.filter(({ liftedAtMs }) => liftedAtMs === null),
  })),
  "a card may have two holders": beneficiaryFile(() => ({ cardTaken: false })),
  "what was revoked is given anew": beneficiaryFile(({ grants }) => ({
    grants: grants.filter(({ revoked }) => !revoked),
  })),
  "a campaign never ends": (input) =>
    load({
      ...input,
      programme: {
        ...input.programme,
        campaigns: input.programme.campaigns.map((it) => ({ ...it, endsAtMs: 2 ** 52 })),
      },
    }),
  "everybody may do what the operator may": (input) =>
    load({ ...input, agent: { ...input.agent, role: "operator" } }),
  "a raised grant gets its amount on top": (input) => {
    const loaded = load(input);
    if (loaded.outcome === "refused") return loaded;
    const writes = loaded.writes.map((write) =>
      write.type === "raiseGrant" ? { ...write, amount: write.amount + write.amountBefore } : write,
    );
    return { ...loaded, writes };
  },
};
