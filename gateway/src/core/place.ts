// The checks that need no card: terminal, partner, convention, agrément, channel.

import type { Channel } from "@pass-tpe/protocol";
import type { Refusal } from "./decision.js";
import type { Convention, Partner, Snapshot } from "./model.js";
import type { AvantageRule, Campaign } from "./programme.js";

/** Where a sale stands on its partner's conventions. */
type Standing =
  | {
      /** The campaigns whose grants an ended convention still carries (T-05); null: one is in force. */
      readonly graceCampaigns: readonly string[] | null;
    }
  | { readonly refusal: Refusal };

/** Whether this terminal, at this partner, may take the Pass'Région at all now. */
export function checkPlace(
  snapshot: Snapshot,
  campaigns: readonly Campaign[],
  nowMs: number,
): Standing {
  const { terminal, partner } = snapshot;
  if (terminal.status !== "active") return { refusal: { code: "TERMINAL_NOT_AUTHORISED" } };
  if (partner === null) return { refusal: { code: "PARTNER_UNKNOWN" } };
  if (partner.status === "suspended") return { refusal: { code: "PARTNER_SUSPENDED" } };
  const { conventions } = partner;
  const countersigned = conventions.filter(({ state }) => state === "IN_FORCE");
  if (countersigned.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)) {
    return { graceCampaigns: null };
  }
  const graceCampaigns = campaigns
    .filter(({ conventionGrace: grace }) => {
      const running = grace !== null && grace.endedAtMs <= nowMs && nowMs < grace.untilMs;
      return running && countersigned.some(({ toMs }) => toMs === grace.endedAtMs);
    })
    .map(({ code }) => code);
  if (graceCampaigns.length > 0) return { graceCampaigns };
  return {
    refusal: { code: "CONVENTION_NOT_IN_FORCE", reason: whyNoneInForce(conventions, nowMs) },
  };
}

/** Which case it is, for whoever must act: sign, wait, or renew. */
function whyNoneInForce(conventions: readonly Convention[], nowMs: number): string {
  const countersigned = conventions.filter(({ state }) => state === "IN_FORCE");
  if (countersigned.some(({ fromMs }) => nowMs < fromMs)) return "NOT_STARTED";
  const over = conventions.some(({ state }) => state === "IN_FORCE" || state === "TERMINATED");
  return over ? "EXPIRED" : "NOT_SIGNED";
}

/** Whether this partner may take this avantage, in this way: its agrément, and what the catalogue asks of its kind. */
export function checkAgrement(input: {
  readonly rule: AvantageRule;
  readonly partner: Partner;
  readonly channel: Channel | null;
}): Refusal | null {
  const { rule, partner, channel } = input;
  const agreed = partner.agrements.includes(rule.code);
  if (!agreed || !isKindFor(rule, partner)) return { code: "AVANTAGE_NOT_ACCEPTED_HERE" };
  if (channel !== null && !rule.channels.includes(channel)) return { code: "CHANNEL_NOT_ALLOWED" };
  return null;
}

/** Whether the catalogue lets a partner of these types and flags take an avantage. */
export function isKindFor(
  rule: Pick<AvantageRule, "partners">,
  partner: Pick<Partner, "types" | "flags">,
): boolean {
  return rule.partners.some(
    ({ type, flag }) =>
      partner.types.includes(type) && (flag === null || partner.flags.includes(flag)),
  );
}
