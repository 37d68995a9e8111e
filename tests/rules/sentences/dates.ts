// « I - Dates à retenir » and « 1/ Nouveautés : convention 2022/2027 et évolutions techniques », sentence by sentence.

import { coreTest, rulesTest, type SentenceRow, sdkTest, trapTest, wholeTest } from "./row.js";

const DATES: readonly SentenceRow[] = [
  {
    source:
      "Fin de campagne 2021/2022 : 31 mai 2022 pour les avantages manuels scolaires et aide à l'équipement professionnel.",
    rules: ["2021_2022/SCOLAIRE"],
  },
  {
    source: "Les avantages culture, sport et santé sont valables jusqu'au 30 juin 2022",
    rules: ["2021_2022/CULTURE", "2021_2022/SPORT", "2021_2022/SANTE"],
  },
  {
    source: "Ouverture de la commande de carte pour la campagne 2022/2023 : 7 juin 2022",
    rules: ["2022_2023/orders"],
  },
  {
    source: "Ouverture des validations/revalidations par les établissements : 7 juin 2022",
    rules: ["2022_2023/validations"],
  },
  {
    source:
      "Les nouveaux bénéficiaires reçoivent leur carte 10 à 15 jours après validation de leur demande de carte par l'établissement",
    tests: [
      trapTest(
        "scope.test.ts",
        "T-53: on 7 June who holds a card buys a minute after the validation, a new one waits for it",
      ),
    ],
  },
  {
    source:
      "Pour les jeunes disposant d'un Pass'Région 2021/2022 : chargement des avantages 2022/2023 dès revalidation par les établissements (le chargement est instantané : pas de délai entre la revalidation et le chargement des avantages sur la carte).",
    tests: [
      trapTest(
        "time.test.ts",
        "T-02: what is loaded at once on 7 June and opens later says from when",
      ),
      wholeTest(
        "operators/listener.test.ts",
        "is seen by the next tap, and a repeat of it neither grants nor resets anything",
      ),
    ],
  },
  {
    source: "Ouverture de la déclaration des référents : fin août 2022",
    noRule: "Référents are a directory: they neither load nor sell.",
  },
  {
    source:
      "Les avantages manuels scolaires et aide à l'équipement professionnel sont utilisables dès le 7 juin 2022 et jusqu'au 31 mai 2023.",
    rules: [
      "2022_2023/SCOLAIRE",
      "MANUELS_GRATUITS/window",
      "MANUELS_CREDIT/window",
      "APPRENTI_EQUIPEMENT/window",
      "EQUIPEMENT/window",
    ],
  },
  {
    source:
      "Les avantages culture, sport et santé sont utilisables du 1er septembre 2022 au 30 juin 2023",
    rules: [
      "2022_2023/CULTURE",
      "2022_2023/SPORT",
      "2022_2023/SANTE",
      "LICENCE/window",
      "CINEMA/window",
      "SPECTACLE/window",
      "LIVRES_LOISIR/window",
      "MUSEE/window",
      "SANTE_COUPON/window",
    ],
  },
];

const CONVENTIONS: readonly SentenceRow[] = [
  {
    source: "Les conventions de partenariat 2017/2022 sont arrivées à échéance le 31 mai 2022.",
    rules: ["2021_2022/conventions"],
  },
  {
    source:
      "Afin d'assurer la continuité de votre partenariat, nous vous invitons à procéder à la demande de renouvellement de votre convention pour la période couvrant les campagnes 2022/2023, 2023/2024, 2024/2025, 2025/2026, 2026/2027.",
    tests: [
      trapTest(
        "time.test.ts",
        "T-06: a convention until 30 June 2027 carries the last culture window to its end",
      ),
      rulesTest("partners.test.ts", "that is %s takes nothing, and says %s"),
    ],
  },
  {
    source:
      "La signature de la nouvelle convention 2022/2027 se fait électroniquement depuis votre « Espace partenaire » (https://auvergnerhonealpes.zecarte.fr/ARA/Forms/Partenaire/) auquel vous devez vous connecter avec votre identifiant et votre mot de passe habituels.",
    tests: [
      rulesTest(
        "partners.test.ts",
        "is never in force without its electronic signature, by reference and time",
      ),
    ],
  },
];

const CODE_SECRET: readonly SentenceRow[] = [
  {
    source:
      "IMPORTANT : code secret obligatoire pour sécuriser l'utilisation des avantages du Pass'Région",
    tests: [
      rulesTest(
        "code-secret.test.ts",
        "a scan and a typed number need the code secret, the right one; a tap does not",
      ),
    ],
  },
  {
    source:
      "Pour utiliser les avantages du Pass'Région auprès des partenaires du dispositif, les jeunes doivent saisir le code secret de leur carte au moment de la transaction.",
    tests: [
      rulesTest(
        "code-secret.test.ts",
        "a scan and a typed number need the code secret, the right one; a tap does not",
      ),
      coreTest("credential.test.ts", "is asked of a typed number as of a code"),
    ],
  },
  {
    source:
      "Ce code secret permet de mieux sécuriser les transactions qu'avec la date de naissance précédemment utilisée.",
    tests: [
      rulesTest(
        "code-secret.test.ts",
        "a birth date is no credential any more: no request carries one",
      ),
    ],
  },
  {
    source: "Le code secret est composé de 4 chiffres.",
    tests: [
      sdkTest(
        "pin/software-pad.test.ts",
        "asks again for anything but four digits, and gives up after a few times",
      ),
    ],
  },
  {
    source:
      "Avant la première utilisation de leur carte, les jeunes doivent définir leur code depuis leur compte personnel sur l'application mobile Pass'Région ou sur internet : https://auvergnerhonealpes.zecarte.fr/Bénéficiaire/",
    rules: ["settings/accountUrl"],
    tests: [
      rulesTest(
        "code-secret.test.ts",
        "the code secret must have been defined, on every channel but for a record by tap",
      ),
    ],
  },
  {
    source:
      "munis de leurs identifiants (leur numéro de dossier inscrit au dos de leur Pass'Région et leur mot de passe).",
    tests: [
      rulesTest("code-secret.test.ts", "the young person is told where, and with which numbers"),
    ],
  },
  {
    source:
      "Pour prélever un avantage sur un Pass'Région depuis votre Espace partenaire : Dans la rubrique permettant de réaliser les transactions sur les Pass'Région, vous devez saisir le numéro de carte inscrit au dos du Pass'Région du jeune, le montant de la transaction et le code secret du jeune.",
    tests: [
      rulesTest(
        "code-secret.test.ts",
        "a typed sale is a card number, an amount and the code secret",
      ),
    ],
  },
  {
    source:
      "Pour prélever un avantage sur un Pass'Région avec un matériel spécifique (TPE...) : Si vous disposez d'un lecteur de QR code, vous pouvez lire la carte du jeune avec votre lecteur, puis le jeune saisit son code secret.",
    tests: [
      wholeTest("e2e/serial-sale.test.ts", "asks for the PIN after the scan, and is approved"),
      wholeTest(
        "e2e/serial-sale.test.ts",
        "counts a wrong PIN, says how many tries are left, and the right one clears the count",
      ),
    ],
  },
  {
    source:
      "Si vous disposez d'un lecteur de carte sans contact (NFC), vous pouvez lire la carte du jeune avec votre lecteur ; la saisie du code secret n'est pas demandée.",
    rules: ["generations/SDM-1", "generations/ID-1"],
    tests: [sdkTest("sale/sale.test.ts", "never prompts for a PIN")],
  },
];

const SUSPENSION: readonly SentenceRow[] = [
  {
    source:
      "La Région accorde gratuitement et sans condition de ressources le Pass'Région qui permet aux jeunes et à leurs familles de réaliser d'importantes économies.",
    noRule: "Nothing to refuse: a validation has no word for means, and no rule asks for them.",
  },
  {
    source: "Elle attend des bénéficiaires en retour un comportement responsable.",
    noRule: "An expectation; what follows from it are suspensions.",
  },
  {
    source:
      "C'est dans cette logique de droits et de devoirs que les demandeurs prennent connaissance et acceptent la « Charte des droits et des devoirs des bénéficiaires du Pass'Région » avant de procéder à la commande du Pass'Région.",
    tests: [coreTest("loading/cards.test.ts", "without the charter comes too early")],
  },
  {
    source:
      "Sur la base de cette charte, sans avoir à connaître les faits reprochés, la Région se tient à la disposition des partenaires qui souhaitent l'informer du comportement incivique d'un jeune en lien avec le Pass'Région.",
    tests: [
      rulesTest("partners.test.ts", "is registered without facts, and changes nothing at the till"),
      trapTest(
        "suspension.test.ts",
        "is not told why: no motive is on file, and the till gets none",
      ),
    ],
  },
  {
    source:
      "La Région pourra alors décider de suspendre tout ou partie des avantages du Pass'Région du jeune responsable du comportement incivique pour la durée de la campagne en cours.",
    tests: [
      rulesTest("partners.test.ts", "suspends nobody: an %s cannot, the Région decides"),
      trapTest(
        "suspension.test.ts",
        "T-40: of everything stops every avantage but the everyday use",
      ),
      trapTest("suspension.test.ts", "T-40: of some avantages stops those alone"),
      trapTest(
        "suspension.test.ts",
        "T-40: is of the campaign that it names, in the June of two campaigns too",
      ),
    ],
  },
  {
    source:
      "Toute demande est à adresser par mail à la Région à l'adresse suivante : passregion@auvergnerhonealpes.fr",
    tests: [
      rulesTest("partners.test.ts", "is registered without facts, and changes nothing at the till"),
    ],
  },
];

export const DATES_AND_NEWS: readonly SentenceRow[] = [
  ...DATES,
  ...CONVENTIONS,
  ...CODE_SECRET,
  ...SUSPENSION,
];
