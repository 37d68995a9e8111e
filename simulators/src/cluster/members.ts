// Who is in a cluster: three machines with a database, two with a gateway, and where callers come from.

/** Machines with etcd, Patroni and PostgreSQL. */
export const NODES = ["db1", "db2", "db3"] as const;
export type Node = (typeof NODES)[number];

/** Machines with a gateway. */
export const GATEWAYS = ["gw1", "gw2"] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/** Where HAProxy is, and whoever started the cluster. */
export const FRONT = "front";

/** Whatever has an address of its own. */
export type Member = Node | GatewayName | typeof FRONT;

/** The last number of each one's address. */
export const HOST_NUMBERS: Readonly<Record<Member, number>> = {
  front: 1,
  db1: 11,
  db2: 12,
  db3: 13,
  gw1: 21,
  gw2: 22,
};

/** Where everybody listens, each at its own address. HAProxy is where callers look for a gateway and for the database. */
export const PORTS = {
  database: 5432,
  patroni: 8008,
  etcd: 2379,
  terminals: 8443,
  operators: 8444,
  holders: 8445,
  gatewayTerminals: 18_443,
  gatewayOperators: 18_444,
  gatewayHolders: 18_445,
  health: 9464,
} as const;
