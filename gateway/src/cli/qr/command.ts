// `pass-tpe qr`: has the QR codes of cards made by a gateway, and writes each as text and as a picture.

import { parseArgs } from "node:util";
import { z } from "zod";
import { QR_CODES_MAX } from "../../http/operators/qr-routes.js";
import { type Command, EXIT_OK, needed, UsageError } from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  type GatewayClient,
  json,
  parsed,
} from "../settlement/gateway-client.js";
import { cardsFrom } from "./card-list.js";
import { makeFolder, namesIn, writeNew } from "./code-files.js";
import { qrPicture } from "./picture.js";

const KINDS: readonly string[] = ["printed", "app"];
const MODULE_PIXELS = 8;
const MODULE_PIXELS_MAX = 40;

export const qr: Command = {
  name: "qr",
  summary: "make the QR codes of cards",
  help: `Usage: pass-tpe qr --kind printed|app (--cards FILE | --card N) --out FOLDER --url URL --credentials FILE.json [options]

Has a gateway sign the QR codes of cards, and writes each into a folder as text (.txt) and as a picture (.png). A file is
named after the card's place in the list and its last four digits, is its owner's alone, and never written over. A printed
code is for good, so cards can be printed before they are loaded; it is worth nothing without the PIN. A code of the app
is good for one attempt, for a minute from when it was made. For the Région and the operator.

A run that stopped on its way may be given again into the same folder where its codes are printed: they come out the same.
Codes of the app are new each time, and need a folder of their own.

  --kind KIND          printed or app
  --cards FILE         card numbers, one a line
  --card N             a card number; may be repeated. It stays in the shell's history: for tests
  --out FOLDER         where the files go; made where it is missing
  --text               texts alone, no pictures
  --module-pixels N    the side of one square of a picture in pixels, 1 to ${MODULE_PIXELS_MAX} (${MODULE_PIXELS})
${GATEWAY_OPTIONS_HELP}
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: GATEWAY_OPTIONS.url,
        credentials: GATEWAY_OPTIONS.credentials,
        kind: { type: "string" },
        cards: { type: "string" },
        card: { type: "string", multiple: true, default: [] },
        out: { type: "string" },
        text: { type: "boolean", default: false },
        "module-pixels": { type: "string", default: String(MODULE_PIXELS) },
      },
    });
    const kind = needed(values.kind, "--kind");
    if (!KINDS.includes(kind)) throw new UsageError(`--kind must be one of ${KINDS.join(", ")}`);
    const folder = needed(values.out, "--out");
    const modulePixels = modulePixelsFrom(values["module-pixels"]);
    const cards = cardsFrom({ file: values.cards, numbers: values.card });
    return asking(values, async (client) => {
      makeFolder(folder);
      await makeCodes({
        client,
        kind,
        cards,
        folder,
        modulePixels: values.text ? null : modulePixels,
      });
      return EXIT_OK;
    });
  },
};

/** @throws UsageError when the text is no number of pixels that makes sense. */
function modulePixelsFrom(text: string): number {
  const pixels = Number(text);
  if (Number.isInteger(pixels) && pixels >= 1 && pixels <= MODULE_PIXELS_MAX) return pixels;
  throw new UsageError(`--module-pixels must be 1 to ${MODULE_PIXELS_MAX}, not ${text}`);
}

const AnswerSchema = z.looseObject({ tokens: z.array(z.string()) });

/** Some hundred at a time: they are on disk before the next are asked for. */
async function makeCodes(input: {
  readonly client: GatewayClient;
  readonly kind: string;
  readonly cards: readonly string[];
  readonly folder: string;
  /** Null where no pictures are wanted. */
  readonly modulePixels: number | null;
}): Promise<void> {
  const { client, kind, cards, folder, modulePixels } = input;
  const nameOf = namesIn(folder, cards.length);
  for (let from = 0; from < cards.length; from += QR_CODES_MAX) {
    const cardNumbers = cards.slice(from, from + QR_CODES_MAX);
    const exactly = AnswerSchema.refine(({ tokens }) => tokens.length === cardNumbers.length);
    const { tokens } = parsed(
      exactly,
      await client.post("/v1/qr-codes", json({ kind, cardNumbers })),
    );
    tokens.forEach((token, index) => {
      const { text, picture } = nameOf(from + index + 1, cardNumbers[index] ?? "");
      writeNew(text, `${token}\n`);
      if (modulePixels !== null) writeNew(picture, qrPicture(token, modulePixels));
    });
    process.stderr.write(`${from + tokens.length} of ${cards.length} codes are in ${folder}\n`);
  }
}
