// Droits et devoirs: what each commitment gives towards permis B, and for how long.

import { expect } from "vitest";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { commitment, order } from "../support/events.js";
import { openRegister, type Register } from "../support/register.js";
import { expectReimbursed } from "../support/reimbursement.js";
import { check, expectTakenAt, type RuleCheck, verdict } from "../support/rule-check.js";

function loaded(programme: Programme, word: string, proofs: readonly string[], at?: string) {
  const register = openRegister(programme);
  register.send(order());
  const nowMs = at === undefined ? {} : { nowMs: Date.parse(at) };
  const outcome = register.send(commitment(word, proofs), nowMs);
  return { register, outcome };
}

const missionDone = (programme: Programme, at?: string): Register =>
  loaded(programme, "MISSION_80H", ["CERTIFICAT_MISSION"], at).register;

interface Commitment {
  readonly rule: string;
  readonly word: string;
  readonly proofs: readonly string[];
  readonly cents: number;
}

const COMMITMENTS: readonly Commitment[] = [
  { rule: "mission-35h", word: "MISSION_35H", proofs: ["CERTIFICAT_MISSION"], cents: 20_000 },
  { rule: "mission-80h", word: "MISSION_80H", proofs: ["CERTIFICAT_MISSION"], cents: 50_000 },
  { rule: "cadet", word: "CADET_GENDARMERIE", proofs: ["ATTESTATION_CADET"], cents: 50_000 },
  { rule: "jsp", word: "JSP", proofs: ["BREVET_JSP"], cents: 50_000 },
  { rule: "spv", word: "SPV", proofs: ["BREVET_JSP", "ENGAGEMENT_SPV"], cents: 100_000 },
];

function given({ rule, word, proofs, cents }: Commitment): readonly RuleCheck[] {
  return [
    check(`PERMIS_B/${rule}`, `${cents / 100} € for ${word}, its proof shown`, (programme) => {
      const { register } = loaded(programme, word, proofs);
      const { figures } = register.decideSale("PERMIS_B", { purchaseCents: 150_000 });
      expect(figures).toMatchObject({ amountCents: cents, collectCents: 150_000 - cents });
    }),
    ...proofs.map((missing) =>
      check(`PERMIS_B/${rule}`, `nothing for ${word} without ${missing}`, (programme) => {
        const shown = proofs.filter((proof) => proof !== missing);
        const { outcome, register } = loaded(programme, word, shown);
        expect(outcome).toMatchObject({ outcome: "refused", code: "OUT_OF_ORDER" });
        expect(register.grant("PERMIS_B")).toBeUndefined();
      }),
    ),
  ];
}

export const PERMIS_CHECKS: readonly RuleCheck[] = [
  check(
    "PERMIS_B/24-months",
    "from its loading to the end of the same day 24 months later, also in July",
    (programme) => {
      const register = missionDone(programme, "2022-10-15T09:30:00Z");
      const at = (time: string) =>
        verdict(register.decideSale("PERMIS_B", { nowMs: Date.parse(time) }));
      expect(at("2022-10-15T09:29:59.999Z")).toBe("WINDOW_NOT_OPEN");
      expect(at("2022-10-15T09:30:00Z")).toBe("approved");
      expect(at("2023-07-14T08:00:00Z")).toBe("approved");
      expect(at("2024-10-15T21:59:59.999Z")).toBe("approved");
      expect(at("2024-10-15T22:00:00Z")).toBe("GRANT_EXPIRED");
    },
  ),
  ...COMMITMENTS.flatMap(given),
  check("PERMIS_B/at-auto_ecole", "taken by a driving school", (programme) =>
    expectTakenAt(missionDone(programme), "PERMIS_B", { type: "AUTO_ECOLE" }),
  ),
  check("PERMIS_B/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "PERMIS_B", "debit"),
  ),
];
