// Writes openapi.json beside this package's manifest; run it after the build whenever a message changed.

import { writeFileSync } from "node:fs";
import { openApiDocument } from "./document.js";

/** From `dist/openapi/` and from `src/openapi/` alike. */
const TARGET = new URL("../../openapi.json", import.meta.url);

writeFileSync(TARGET, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
