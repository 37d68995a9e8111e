// The files of `deploy/`, filled in: what the guide has an operator install is what runs here.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DEPLOY = new URL("../../../deploy/", import.meta.url);

/** What stands for `${NAME}` in them. */
export type Values = Readonly<Record<string, string>>;

/** Where a file of `deploy/` is that needs no filling in. */
export const deployedPath = (name: string): string => fileURLToPath(new URL(name, DEPLOY));

/** Its text as `envsubst` makes it. @throws Error that names a value which is missing. */
export function deployed(name: string, values: Values): string {
  const text = readFileSync(deployedPath(name), "utf8");
  return text.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`deploy/${name} asks for ${key}, which is not given`);
    return value;
  });
}
