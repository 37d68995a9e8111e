// What the programme wants said on the receipts of an avantage.

/** By avantage code. The CFA's equipment is bought with the Région's own call for projects, and carries its mark. */
const REMINDERS: ReadonlyMap<string, string> = new Map([
  [
    "APPRENTI_EQUIPEMENT",
    "Tous les équipements achetés dans le cadre de cet appel à projet doivent comporter le logo de la Région et la mention « Région Auvergne-Rhône-Alpes »",
  ],
]);

export function reminderOf(avantage: string): string | undefined {
  return REMINDERS.get(avantage);
}
