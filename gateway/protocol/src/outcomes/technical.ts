// What stops a request at the gateway before its content is weighed, in order of precedence.
import type { OutcomeSpec } from "./types.js";

/** Specs of this section; `codes.ts` puts the sections in order. */
export const TECHNICAL_OUTCOMES = [
  // The gateway cannot decide at all.
  {
    code: "MAINTENANCE",
    kind: "technical",
    givenBy: "gateway",
    iso39: "90",
    retry: "LATER",
    actor: "operator",
    lines: ["SERVICE EN MAINTENANCE", "REESSAYER PLUS TARD"],
    lines20: ["EN MAINTENANCE", "REESSAYER PLUS TARD"],
    message: "Le service est en maintenance. Réessaie plus tard.",
  },
  {
    code: "RATE_LIMITED",
    kind: "technical",
    givenBy: "gateway",
    iso39: "90",
    retry: "SAMEKEY",
    actor: "device",
    lines: ["TROP DE DEMANDES", "PATIENTER"],
    lines20: ["TROP DE DEMANDES", "PATIENTER"],
    message: "Trop de demandes en même temps. Patiente un instant.",
  },
  {
    // The decision was not taken, so the same key is safe.
    code: "SYSTEM_ERROR",
    kind: "technical",
    givenBy: "gateway",
    iso39: "96",
    retry: "SAMEKEY",
    actor: "operator",
    lines: ["INCIDENT TECHNIQUE", "REESSAYER"],
    lines20: ["INCIDENT TECHNIQUE", "REESSAYER"],
    message: "Un incident technique est survenu. Rien de plus n'a été débité.",
  },
  // Form.
  {
    code: "FORMAT_ERROR",
    kind: "technical",
    givenBy: "gateway",
    iso39: "30",
    retry: "NO",
    actor: "integrator",
    lines: ["ERREUR DE FORMAT", "CONTACTER LE SUPPORT"],
    lines20: ["ERREUR DE FORMAT", "CONTACTER LE SUPPORT"],
    message: "Un problème technique est survenu. Rien de plus n'a été débité.",
  },
  {
    // An old terminal, or an avantage code that the programme does not have.
    code: "OPERATION_NOT_SUPPORTED",
    kind: "technical",
    givenBy: "gateway",
    iso39: "40",
    retry: "NO",
    actor: "integrator",
    lines: ["OPERATION NON PREVUE", "VERSION DU TERMINAL ?"],
    lines20: ["OPERATION NON PREVUE", "VERSION DU TPE ?"],
    message: "Un problème technique est survenu. Rien de plus n'a été débité.",
  },
  // Certificate.
  {
    code: "TERMINAL_AUTH_FAILED",
    kind: "technical",
    givenBy: "both",
    iso39: "63",
    retry: "ACTION",
    actor: "integrator",
    lines: ["TERMINAL NON AUTHENTIFIE", "CONTACTER LE SUPPORT"],
    lines20: ["TPE NON AUTHENTIFIE", "CONTACTER LE SUPPORT"],
    message: "Le terminal du partenaire n'a pas été reconnu. Rien de plus n'a été débité.",
  },
  // Stored answer for this id.
  {
    // The same key with another body.
    code: "DUPLICATE_CONFLICT",
    kind: "technical",
    givenBy: "gateway",
    iso39: "94",
    retry: "NEWKEY",
    actor: "integrator",
    lines: ["REFERENCE DEJA UTILISEE", "RECOMMENCER LA VENTE"],
    lines20: ["REF. DEJA UTILISEE", "RECOMMENCER LA VENTE"],
    message: "Un problème technique est survenu. Rien de plus n'a été débité.",
  },
  {
    // The same key is still being decided.
    code: "IN_PROGRESS",
    kind: "technical",
    givenBy: "gateway",
    iso39: "09",
    retry: "SAMEKEY",
    actor: "device",
    lines: ["OPERATION EN COURS", "PATIENTER"],
    lines20: ["OPERATION EN COURS", "PATIENTER"],
    message: "Une opération est déjà en cours avec ta carte. Patiente un instant.",
  },
  {
    // The reversal came first, or has come since: whatever the sale was, it is none any more.
    code: "ALREADY_REVERSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "94",
    retry: "NEWKEY",
    actor: "cashier",
    lines: ["TRANSACTION DEJA ANNULEE", "RECOMMENCER LA VENTE"],
    lines20: ["VENTE DEJA ANNULEE", "RECOMMENCER LA VENTE"],
    message: "Cette transaction a été annulée. Rien n'est retiré de ta carte.",
  },
  // Deadline: only a new decision can come too late, a stored one is given back as it is.
  {
    // The terminal no longer waits: an approval would debit a sale that nobody sees.
    code: "DEADLINE_PASSED",
    kind: "decline",
    givenBy: "gateway",
    iso39: "68",
    retry: "NEWKEY",
    actor: "cashier",
    lines: ["REPONSE TROP TARDIVE", "RECOMMENCER LA VENTE"],
    lines20: ["REPONSE TROP TARDIVE", "RECOMMENCER LA VENTE"],
    message: "La réponse est arrivée trop tard. Rien n'a été débité.",
  },
] as const satisfies readonly OutcomeSpec[];
