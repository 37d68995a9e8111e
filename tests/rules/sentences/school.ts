// « Les avantages de la carte »: schoolbooks and first equipment, sentence by sentence.

import { type SentenceRow, trapTest } from "./row.js";

const CARD: readonly SentenceRow[] = [
  {
    source: "370 000 jeunes bénéficiaires du Pass'Région sur la campagne 2021-2022.",
    noRule: "A figure: the size that loading is measured with.",
  },
  {
    source:
      "La carte est nominative et peut être utilisée au quotidien : contrôle d'accès, restauration scolaire, gratuité des manuels scolaires.",
    rules: ["MANUELS_GRATUITS/everyday"],
    tests: [
      trapTest("suspension.test.ts", "stays valid, and no other use of it is touched"),
      trapTest(
        "scope.test.ts",
        "T-50: the cashier gets first name and initial once the credential has passed, not before",
      ),
    ],
  },
];

const BOOKS: readonly SentenceRow[] = [
  {
    source:
      "Gratuité des manuels scolaires (matières du tronc commun et spécialités) pour les élèves de : 2nde/1ère/Terminale générales et technologiques, 2nde/1ère/Terminale professionnelles, CAP, 3ème ou 4ème prépa-métiers, autres formations professionnelles en lycée.",
    rules: ["MANUELS_GRATUITS/lyceens"],
  },
  {
    source: "Les manuels sont remis aux élèves sur présentation de leur Pass'Région.",
    rules: ["MANUELS_GRATUITS/at-etablissement"],
  },
  {
    source:
      "Les élèves de 2nde/1ère/Terminale professionnelles, CAP, 3ème ou 4ème prépa-métiers (et autres formations professionnelles en lycée) bénéficient, en plus de la gratuité des manuels scolaires, d'un crédit de 50 € sur leur carte Pass'Région pour l'achat de livrets ou fichiers pratiques dans les librairies partenaires (avantage doublé en cas de situation de handicap).",
    rules: ["MANUELS_CREDIT/base", "MANUELS_CREDIT/raised", "MANUELS_CREDIT/at-librairie"],
    tests: [
      trapTest(
        "scope.test.ts",
        "T-48: the flag raises the book credit and the licence, and nothing else",
      ),
    ],
  },
];

const APPRENTIS: readonly SentenceRow[] = [
  {
    source:
      "Les apprentis âgés de 14 à 25 ans inscrits dans un CFA/OFA ayant répondu à l'appel à projet de la Région « Aide à l'équipement des apprentis 2022 » bénéficient d'une aide versée directement au CFA.",
    rules: [
      "APPRENTI_EQUIPEMENT/apprentis",
      "APPRENTI_EQUIPEMENT/age",
      "APPRENTI_EQUIPEMENT/at-cfa",
      "APPRENTI_EQUIPEMENT/reimbursed",
    ],
  },
  {
    source:
      "Le CFA/OFA bénéficiaire de la subvention correspondante devra, lors de la remise des équipements et/ou manuels scolaires à chaque apprenti (14-25 ans) bénéficiaire du Pass'Région, demander le Pass'Région du jeune et saisir une transaction depuis son Espace partenaire.",
    rules: ["APPRENTI_EQUIPEMENT/channels"],
    tests: [
      trapTest(
        "money.test.ts",
        "T-33: a CFA's record debits nothing, and an apprenti without a birth day is not granted it",
      ),
    ],
  },
  {
    source:
      "N.B. : cette subvention permet au CFA de financer, selon les besoins du jeune, des équipements professionnels pédagogiques inclus dans le référentiel de formation, des équipements de Protection Individuelle, des manuels scolaires prévus au programme de formation.",
    noRule: "What the CFA buys with its subsidy is not seen at a till.",
  },
  {
    source:
      "Tous les équipements achetés dans le cadre de cet appel à projet doivent comporter le logo de la Région et la mention « Région Auvergne-Rhône-Alpes ».",
    notYet: "A duty of the CFA's; its receipt does not carry the reminder.",
  },
];

const EQUIPMENT: readonly SentenceRow[] = [
  {
    source:
      "Le Pass'Région offre aux lycéens une aide de 50 € à 500 € selon leur diplôme et leur formation.",
    rules: ["EQUIPEMENT/formation"],
  },
  {
    source:
      "Les jeunes peuvent utiliser cette aide dans les magasins partenaires ou auprès de leur établissement de formation si celui-ci propose un service d'achat groupé.",
    rules: ["EQUIPEMENT/at-equipement", "EQUIPEMENT/at-etablissement"],
  },
  {
    source:
      "L'aide au premier équipement professionnel est versée en une fois ou en deux fois selon la formation suivie par le jeune",
    tests: [
      trapTest(
        "money.test.ts",
        "T-27: two versements come in two campaigns and are never spendable together",
      ),
      trapTest(
        "money.test.ts",
        "T-28: who repeats the year has no second first versement, and the sender is told",
      ),
    ],
  },
  {
    source:
      "pour les Bacs pro intégrés dans une « famille de métiers » : premier versement à l'entrée en Seconde « famille de métiers » puis deuxième versement à l'entrée en classe de Première de spécialisation",
    rules: ["formations/BACPRO_METIERS_DU_BOIS", "formations/BACPRO_CUISINE"],
  },
  {
    source:
      "pour les Bacs pro non intégrés dans une famille de métiers : versement unique à l'entrée en classe de Seconde",
    rules: ["formations/BACPRO_ELECTRICITE", "formations/BACPRO_MAINTENANCE_AUTO"],
  },
  {
    source:
      "Pour plus d'informations sur les formations éligibles et les montants : https://jeunes.auvergnerhonealpes.fr/202-financement-equipement-professionnel.htm",
    tests: [
      trapTest("scope.test.ts", "T-52: every formation of the catalogue is labelled invented"),
    ],
  },
];

const PAPERS: readonly SentenceRow[] = [
  {
    source:
      "Le commerce fournisseur de premier équipement professionnel devra positionner un sticker* de la Région sur le matériel et l'outillage vendu aux jeunes et apposer le logo de la Région** sur les vêtements professionnels de type veste, blouson, combinaison, blouse, tablier, etc.",
    noRule: "A duty of the shop's, done by hand; its proof is what settlement looks at.",
  },
  {
    source:
      "Cela ne concerne ni les parties basses (pantalon par exemple), ni les accessoires du type gants, chaussures, casquettes.",
    noRule: "About the logo alone: these goods are paid for like others, no goods are looked at.",
  },
  {
    source:
      "Après positionnement du sticker sur le matériel et l'outillage et/ou réalisation du flocage des vêtements, le commerce doit indiquer à la Région (par mail : passregion@auvergnerhonealpes.fr) le type d'équipement vendu aux jeunes (matériel, outillage, vêtements) et joindre un justificatif d'apposition du sticker de la Région sur le matériel et l'outillage et/ou du flocage des vêtements (photo du sticker apposé sur le matériel et l'outillage, facture mentionnant le flocage des vêtements ou photo des vêtements floqués).",
    tests: [trapTest("papers.test.ts", "T-36: %j is shown by %j, and not by %j")],
  },
  {
    source:
      "Les remboursements des transactions réalisées par le commerce sur les Pass'Région n'interviendront qu'après transmission de ces justificatifs.",
    rules: ["EQUIPEMENT/papers"],
    tests: [
      trapTest(
        "papers.test.ts",
        "T-36: a shop without papers sells on; what it is owed waits, and is owed in full once they are in",
      ),
      trapTest(
        "papers.test.ts",
        "T-36: a paper that is rejected holds again, until another one comes",
      ),
    ],
  },
  {
    source:
      "Les justificatifs sont à fournir une seule fois, chaque année, en début d'année scolaire, pour débloquer le premier remboursement.",
    tests: [
      trapTest(
        "papers.test.ts",
        "T-36: papers are given once for each school year, and a paper for another year is refused",
      ),
    ],
  },
  {
    source: "les planches de stickers sont fournies par la Région",
    noRule: "Supplies.",
  },
  {
    source:
      "toutes les informations relatives au logo à apposer (charte graphique, taille, emplacement sur les vêtements...) sont disponibles dans votre Espace partenaire",
    noRule: "Where to read about the logo.",
  },
  {
    source:
      "Si le commerce n'est pas concerné par ces deux dispositions (sticker et flocage) au regard de l'équipement qu'il vend, il doit en informer la Région par mail (passregion@auvergnerhonealpes.fr). A défaut, les remboursements seront également bloqués.",
    tests: [
      trapTest(
        "papers.test.ts",
        "T-36: silence holds as well; a shop that is not concerned says so, and is paid",
      ),
    ],
  },
];

export const SCHOOL: readonly SentenceRow[] = [
  ...CARD,
  ...BOOKS,
  ...APPRENTIS,
  ...EQUIPMENT,
  ...PAPERS,
];
