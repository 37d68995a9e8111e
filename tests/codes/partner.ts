// Partners of every kind, and what can be wrong with one.

import type { Gateway } from "@pass-tpe/gateway";

const YEARS_10_MS = 3_652 * 24 * 3_600_000;

export interface PartnerChange {
  readonly id: string;
  readonly status?: "active" | "suspended";
  readonly conventionState?: "REQUESTED" | "IN_FORCE";
}

const TYPES = [
  ...["LIBRAIRIE", "ETABLISSEMENT", "CFA", "CLUB_SPORTIF", "CINEMA", "SPECTACLE"],
  ...["MUSEE", "SANTE", "FORMATION_PSC1", "AUTO_ECOLE", "EVENT"],
];

/** Everything but EQUIPEMENT, which this partner may not take. */
const AGREMENTS = [
  ...["MANUELS_GRATUITS", "MANUELS_CREDIT", "APPRENTI_EQUIPEMENT", "LICENCE", "CINEMA"],
  ...["SPECTACLE", "LIVRES_LOISIR", "MUSEE", "SANTE_COUPON", "PSC1", "PERMIS_B", "BON_PLAN"],
];

/** Loads a partner of every kind with a convention of ten years and one point of sale. */
export async function loadPartner(
  gateway: Gateway,
  partner: PartnerChange & { readonly pointOfSale: string },
): Promise<void> {
  const { id, pointOfSale, status = "active", conventionState: state = "IN_FORCE" } = partner;
  const signature = { reference: `S-${id}`, atMs: Date.now() - YEARS_10_MS };
  const convention = {
    reference: `C-${id}`,
    state,
    fromMs: Date.now() - YEARS_10_MS,
    toMs: Date.now() + YEARS_10_MS,
    signature: state === "IN_FORCE" ? signature : null,
  };
  await gateway.operator.load({
    partners: [
      {
        id,
        name: "Partenaire de test",
        status,
        types: TYPES,
        flags: ["appelAProjet2022"],
        conventions: [convention],
        agrements: AGREMENTS,
      },
    ],
    pointsOfSale: [{ id: pointOfSale, partnerId: id, name: "Caisse de test", city: "Lyon" }],
  });
}
