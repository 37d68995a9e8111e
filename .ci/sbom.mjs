// @ts-check
// `npm run sbom`: what the product is made of, as CycloneDX 1.5 JSON, from the lock file alone; needs no network.
// `npm run sbom -- FILE` writes it to a file; `npm run --silent sbom` to standard output.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./command.mjs";

/**
 * @typedef {{ name: string, value: string }} Property
 * @typedef {{ "bom-ref": string, name: string, properties?: Property[] }} Component
 * @typedef {object} Sbom
 * @property {{ component: Component }} metadata
 * @property {Component[]} components
 * @property {{ ref: string, dependsOn: string[] }[]} dependencies
 */

const SBOM = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Leaves out what only development needs. Not npm's own `--omit=dev`: npm 11 then also leaves out every package of
 * the product that some development package needs too, zod for one.
 * @param {Sbom} sbom of all packages
 * @returns {Sbom}
 */
function withoutDevelopment(sbom) {
  const components = sbom.components.filter(
    ({ properties = [] }) => !properties.some(({ name }) => name === "cdx:npm:package:development"),
  );
  const refs = new Set([sbom.metadata.component, ...components].map((one) => one["bom-ref"]));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) }));
  return { ...sbom, components, dependencies };
}

/** @returns {Sbom} */
function makeSbom() {
  const output = execFileSync("npm", SBOM, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const sbom = withoutDevelopment(JSON.parse(output));
  // npm names it after the folder of the checkout.
  sbom.metadata.component.name = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).name;
  return sbom;
}

const text = `${JSON.stringify(makeSbom(), null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
