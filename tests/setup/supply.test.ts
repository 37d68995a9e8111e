// What the lock file lets in: pinned packages of one registry, named install scripts, and all of it in the SBOM.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface Locked {
  version: string;
  name?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const readJson = (name: string) => JSON.parse(readFileSync(ROOT + name, "utf8"));

const { packages }: { packages: Record<string, Locked> } = readJson("package-lock.json");
const { allowScripts }: { allowScripts: Record<string, boolean> } = readJson("package.json");

const REGISTRY = "https://registry.npmjs.org/";
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/;

const nameOf = (path: string) => path.split("node_modules/").at(-1) ?? path;
/** What is installed from outside: neither a workspace nor the link to one. */
const fromOutside = Object.entries(packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && link !== true,
);

test("there are packages to look at", () => {
  expect(fromOutside.length).toBeGreaterThan(100);
});

test("every package has one version and the hash of its content", () => {
  const loose = fromOutside.filter(
    ([, { version, integrity = "" }]) => !SHA512.test(integrity) || !EXACT_VERSION.test(version),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

// Without an address npm takes the name and version from the registry in use, a mirror too: the hash decides.
test("no package comes from anywhere but the npm registry", () => {
  const elsewhere = fromOutside.filter(
    ([, { resolved }]) => !(resolved ?? REGISTRY).startsWith(REGISTRY),
  );
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});

test("every link leads to a workspace of this project", () => {
  const links = Object.entries(packages).filter(([, { link }]) => link === true);
  const { workspaces }: { workspaces: string[] } = readJson("package.json");
  expect(links.map(([, { resolved }]) => resolved).toSorted()).toEqual(workspaces.toSorted());
});

test("no package has an install script that nobody has decided on", () => {
  const scripted = fromOutside.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(scripted.map(([path]) => nameOf(path)).filter((name) => !(name in allowScripts))).toEqual(
    [],
  );
});

test("the SBOM has each package of the product, and none of the development's, without a network", () => {
  const output = execFileSync(process.execPath, [`${ROOT}.ci/sbom.mjs`], {
    encoding: "utf8",
    env: { ...process.env, npm_config_offline: "true" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const sbom: { components: { purl: string }[]; metadata: { component: { name: string } } } =
    JSON.parse(output);
  const product = Object.entries(packages).filter(
    ([path, { link, dev }]) => path !== "" && link !== true && dev !== true,
  );
  const purls = product.map(([path, { name = nameOf(path), version }]) => {
    return `pkg:npm/${name.replace("@", "%40")}@${version}`;
  });
  expect(sbom.metadata.component.name).toBe("pass-tpe");
  const listed = sbom.components.map(({ purl }) => purl);
  expect([...new Set(listed)].toSorted()).toEqual([...new Set(purls)].toSorted());
});
