// « Les avantages de la carte »: sport, culture, santé, permis; then how young people are informed, sentence by sentence.

import { rulesTest, type SentenceRow, trapTest } from "./row.js";

const SPORT: readonly SentenceRow[] = [
  {
    source: "30 € de réduction sur une licence sportive fédérale annuelle",
    rules: ["LICENCE/base", "LICENCE/single-use", "LICENCE/at-club_sportif"],
  },
  {
    source:
      "Avantage porté à 60 € pour les jeunes en situation de handicap ou la pratique du sport sur ordonnance (dans le cas d'une affection de longue durée)",
    rules: ["LICENCE/raised"],
    tests: [
      trapTest(
        "scope.test.ts",
        "T-57: no flag is kept of a validation, and of a birth day what its window turns on",
      ),
    ],
  },
  {
    source: "Avantage porté à 60 € pour les filles licenciées dans un club de sports de combat",
    rules: ["LICENCE/combat-sport"],
    tests: [trapTest("money.test.ts", "T-23: %j and then %j come to 60 €, not to 90 € or 120 €")],
  },
  {
    source:
      "Accès à des manifestations sportives (Coupes du Monde de ski) et invitations à des matchs sportifs (ASM, LOU, ASVEL, OL, ASSE...)",
    rules: ["BON_PLAN/at-event"],
  },
  {
    source: "Des campagnes emailing, push sur l'appli promeuvent les Bons plans.",
    noRule: "Communication.",
  },
  {
    source: "Ces offres complètent les avantages du Pass'Région.",
    rules: ["BON_PLAN/without-grant", "BON_PLAN/beside"],
  },
];

const CULTURE: readonly SentenceRow[] = [
  {
    source: "Cinéma : 5 places de cinéma à 1 € l'entrée",
    rules: ["CINEMA/seats", "CINEMA/copay", "CINEMA/at-cinema"],
  },
  {
    source:
      "Spectacles : 30 € utilisables en totalité ou de manière fractionnée pour l'achat d'un ou plusieurs billets de spectacle",
    rules: ["SPECTACLE/base", "SPECTACLE/at-spectacle"],
  },
  {
    source: "Livres « Loisir » : 15 € pour l'achat de romans, BD, mangas...",
    rules: ["LIVRES_LOISIR/base", "LIVRES_LOISIR/at-librairie"],
  },
  {
    source:
      "L'avantage Livres « Loisir » est porté à 35 € pour les élèves de terminales des bacs généraux, technologiques et professionnels pour permettre l'achat des livres de leur choix (scolaires ou pas)",
    rules: ["LIVRES_LOISIR/terminale"],
  },
  {
    source: "Musées/expos : accès gratuit et illimité (expos, ateliers et visites guidées)",
    rules: ["MUSEE/entry", "MUSEE/at-musee"],
  },
  {
    source:
      "Kiosque culturel : accès illimité à une plateforme de streaming musique/vidéo/jeux https://passregion.divercities.eu/",
    rules: ["KIOSQUE/without-grant"],
    tests: [
      trapTest(
        "scope.test.ts",
        "T-44: the kiosque has no till: no kind of partner can take it, and nobody is granted anything",
      ),
    ],
  },
];

const SANTE: readonly SentenceRow[] = [
  {
    source:
      "Avantages santé : portail d'information de premier niveau ; prévention des addictions ; coupons dépistage/prévention",
    rules: ["SANTE_COUPON/count", "SANTE_COUPON/at-sante"],
  },
  {
    source:
      "Formation aux gestes qui sauvent : une aide individuelle de 60 € pour une formation au PSC1 (prévention et secours civique niveau 1). Pas d'utilisation collective",
    rules: ["PSC1/base", "PSC1/single-use", "PSC1/individual", "PSC1/at-formation_psc1"],
  },
];

const PERMIS: readonly SentenceRow[] = [
  {
    source:
      "Droits et Devoirs : une aide pour financer le permis B pour les jeunes qui s'engagent à effectuer une mission d'engagement volontaire dans une association identifiée par la Région ou pour les jeunes sapeurs-pompiers (JSP) ou les cadets de la gendarmerie.",
    rules: ["PERMIS_B/at-auto_ecole"],
  },
  {
    source:
      "Montants : 200 euros pour une mission de 35 h ; 500 euros pour une mission de 80 h ; 500 euros pour les cadets de la gendarmerie et les jeunes titulaires du brevet de Jeunes Sapeurs-Pompiers (JSP) ; 1000 euros pour les sapeurs-pompiers volontaires titulaires du brevet de JSP.",
    rules: [
      "PERMIS_B/mission-35h",
      "PERMIS_B/mission-80h",
      "PERMIS_B/cadet",
      "PERMIS_B/jsp",
      "PERMIS_B/spv",
    ],
  },
  {
    source:
      "La liste des missions est disponible pour les jeunes dans leur compte sur l'appli mobile Pass'Région ou sur https://auvergnerhonealpes.zecarte.fr/Bénéficiaire/",
    noRule: "Missions are chosen in the account; the gateway is told of those that are done.",
  },
  {
    source:
      "Après chargement de l'aide au permis de conduire B sur leur Pass'Région, les jeunes ont 24 mois pour l'utiliser.",
    rules: ["PERMIS_B/24-months"],
    tests: [
      trapTest(
        "time.test.ts",
        "T-07: an aid loaded at %s is good until %s, whatever the campaigns do",
      ),
    ],
  },
  {
    source:
      "Cette aide est cumulable avec l'aide régionale de 200 € au permis, accessible sans condition à tout jeune l'année de ses 18 ans.",
    noRule: "The other aid is not on the card: the gateway neither loads nor counts it.",
  },
];

const NETWORK: readonly SentenceRow[] = [
  {
    source:
      "Des services sur l'orientation professionnelle : plateforme sur l'orientation https://www.auvergnerhonealpes-orientation.fr/ (offre de stages, emplois d'été, présentation des métiers...)",
    noRule: "A web site without a till.",
  },
  {
    source: "Les avantages peuvent être utilisés auprès du réseau des partenaires du Pass'Région",
    tests: [
      rulesTest(
        "partners.test.ts",
        "takes at each place what its agrément names, and nothing else",
      ),
      rulesTest("partners.test.ts", "gets no agrément for what its kind may not take"),
    ],
  },
  {
    source:
      "Liste des partenaires disponible sur : https://jeunes.auvergnerhonealpes.fr/210-lieux-d-utilisation-carte-pass.htm",
    noRule: "Where to find the partners.",
  },
];

const INFORMATION: readonly SentenceRow[] = [
  "Les référénts du Pass'Région : relais d'information, de communication et d'accompagnement des jeunes",
  "Une appli mobile « Pass'Région » disponible sur Apple store et Google Play",
  "Un site internet : auvergnerhonealpes.fr",
  "Un service d'assistance technique : 0 810 559 559 (service facturé 6 centimes d'euro par minute + coût habituel de la communication)",
  "Un assistant virtuel (chatbot) : 1 600 000 messages depuis sa création en avril 2018",
  "Communication sur les réseaux sociaux (8 200 abonnés Snapchat, 34 000 abonnés Facebook, 5 600 abonnés Instagram), stories et web séries... Nouveauté 2022 : création du compte TikTok Pass'Région",
  "Des campagnes emailing, push sur l'appli promeuvent les Bons plans. Les Bons plans complètent l'offre des avantages de la carte",
  "Présence d'un stand Pass'Région sur le Mondial des métiers",
].map((source) => ({ source, noRule: "How young people are informed." }));

export const LEISURE: readonly SentenceRow[] = [
  ...SPORT,
  ...CULTURE,
  ...SANTE,
  ...PERMIS,
  ...NETWORK,
  ...INFORMATION,
];
