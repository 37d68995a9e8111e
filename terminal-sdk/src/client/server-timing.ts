// Reads the gateway's own account of an answer's time (Server-Timing); what is missing or odd in it is left out.

type Stage = "queue" | "decide" | "commit";

/** How long a decision waited for its turn, took, and was made durable: milliseconds. What was not told is absent. */
export type GatewayStages = { readonly [S in Stage as `${S}Ms`]?: number };

const durationIn = (metric: Stage) =>
  new RegExp(`(?:^|,)\\s*${metric}\\s*;(?:[^,]*;)?\\s*dur\\s*=\\s*"?([^",;\\s]+)`, "i");

const DURATIONS: Readonly<Record<Stage, RegExp>> = {
  queue: durationIn("queue"),
  decide: durationIn("decide"),
  commit: durationIn("commit"),
};
const STAGES = Object.keys(DURATIONS) as Stage[];

/** A longer header is none of a gateway's, and not looked at. */
const HEADER_CHARS_MAX = 1_024;

/** @returns null where the header tells of no stage. */
export function gatewayStages(header: string | string[] | undefined): GatewayStages | null {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  if (text.length > HEADER_CHARS_MAX) return null;
  return stagesOf((stage) => durationOf(text, stage));
}

/** What two requests of one sale took together: a tap's, and the one with the code secret. */
export function addStages(one: GatewayStages | null, other: GatewayStages): GatewayStages {
  const added = stagesOf((stage) => {
    const parts = [one?.[`${stage}Ms`], other[`${stage}Ms`]].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
  });
  return added ?? other;
}

function stagesOf(msOf: (stage: Stage) => number | undefined): GatewayStages | null {
  const told = STAGES.flatMap((stage) => {
    const ms = msOf(stage);
    return ms === undefined ? [] : [[`${stage}Ms`, ms] as const];
  });
  return told.length === 0 ? null : Object.fromEntries(told);
}

/** The `dur` of a stage, the first where it is told twice. */
function durationOf(text: string, stage: Stage): number | undefined {
  const ms = Number(DURATIONS[stage].exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
