// What an answer on the wire says, as a fact.

import type { News } from "./fact-file.js";
import type { HeardAnswer } from "./wire-tap.js";

const ABOUT = { "": "sale", "/reversal": "reversal", "/capture": "capture", "/refunds": "refund" };
const PATH = /^\/v1\/authorizations(?:\/([^/]+)(\/reversal|\/capture|\/refunds))?$/;

/** Null where the answer decides nothing of a sale. */
export function answeredFact(terminal: string, { path, status, body }: HeardAnswer): News | null {
  const found = PATH.exec(path);
  const about = ABOUT[(found?.[2] ?? "") as keyof typeof ABOUT];
  if (status !== 200 || found === null || typeof body["outcome"] !== "string") return null;
  const id = found[1] === undefined ? String(body["id"]) : decodeURIComponent(found[1]);
  const approved = body["outcome"] === "approved";
  return {
    type: "answered",
    sale: { terminal, id },
    about: about as "sale" | "capture" | "refund" | "reversal",
    approved,
    code: String(body["code"]),
    units: approved ? unitsOf(body) : 0,
  };
}

function unitsOf(body: HeardAnswer["body"]): number {
  const returned = Object(body["returned"])["value"];
  return Number(body["amountCents"] ?? body["quantity"] ?? returned ?? 0);
}
