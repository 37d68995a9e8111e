// Holds the product's formats to the published vectors, and shows that none is passed over.
import { describe, expect, it } from "vitest";
import { runOps, runVector } from "./run-vectors.js";
import { loadVectors, type Vector } from "./vector-file.js";

const vectors = loadVectors();

/** Operations of the file that no function of the protocol performs, each with the reason. */
const notYet: Readonly<Record<string, string>> = {
  authenticate_ev2_first: "personalizing cards: the programme's card maker does it",
  ev2_wrap: "personalizing cards: the programme's card maker does it",
  sdm_backend_kdf: "another derivation of card keys; this project uses AN10922",
  totp_sha256: "codes of the app carry a signature, not a one-time password",
  dukpt_macs: "no message carries a DUKPT MAC; needs HMAC keys that the product does not have",
  atr_check: "belongs to the terminal's reader",
  vpcd_frame: "belongs to the simulated reader",
};

/** Fields of a vector that explain it in words and that no function gives. */
const explanations: Readonly<Record<string, string>> = { "pb4-neg-filler": "reason" };

function outcomesOf(vector: Vector): [string, unknown][] {
  return Object.entries(vector.expected).filter(([name]) => explanations[vector.id] !== name);
}

describe("published vectors", () => {
  it.each(vectors.filter((vector) => runOps.includes(vector.op)))("$op: $id", (vector) => {
    const outcomes = outcomesOf(vector);
    expect(outcomes).not.toEqual([]);
    expect(runVector(vector)).toMatchObject(Object.fromEntries(outcomes));
  });

  it("are each run or named as not yet run, never both", () => {
    const ops = new Set(vectors.map((vector) => vector.op));
    const known = [...runOps, ...Object.keys(notYet)];
    expect(known.toSorted()).toEqual([...ops].toSorted());
  });

  it("have each an id of their own, so that a failure names one of them", () => {
    expect(new Set(vectors.map((vector) => vector.id)).size).toBe(vectors.length);
  });
});
