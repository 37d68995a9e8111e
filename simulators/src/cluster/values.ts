// What the files of `deploy/` are filled in with here: fresh passwords, and addresses of this cluster's network.

import { randomBytes } from "node:crypto";
import { FRONT } from "./members.js";
import type { ClusterNetwork } from "./network.js";

export function makePasswords() {
  const password = () => randomBytes(16).toString("hex");
  return {
    SUPERUSER_PASSWORD: password(),
    REPLICATION_PASSWORD: password(),
    PATRONI_PASSWORD: password(),
    GATEWAY_PASSWORD: password(),
  };
}

export function addresses({ addressOf, range }: ClusterNetwork) {
  return {
    DB1_ADDRESS: addressOf("db1"),
    DB2_ADDRESS: addressOf("db2"),
    DB3_ADDRESS: addressOf("db3"),
    GW1_ADDRESS: addressOf("gw1"),
    GW2_ADDRESS: addressOf("gw2"),
    DATABASES_NETWORK: range,
    GATEWAYS_NETWORK: range,
    DATABASE_BIND: addressOf(FRONT),
    PUBLIC_BIND: addressOf(FRONT),
  };
}
