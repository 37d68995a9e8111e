// Makes the network of a cluster: of namespaces where this machine lets us, of its loopback elsewhere.

import type { ClusterNetwork } from "./network.js";
import { loopbackNetwork } from "./network-loopback.js";
import { namespaceNetwork } from "./network-namespaces.js";

/**
 * Makes namespaces where we may; otherwise addresses of this machine's own loopback do, which nothing can cut.
 *
 * @param made told the name of each namespace before it is made, so that it can be taken away whatever happens
 */
export function openNetwork(made: (namespace: string) => void): ClusterNetwork {
  const namespaces = namespaceNetwork(made);
  return "refused" in namespaces ? loopbackNetwork(namespaces.refused) : namespaces;
}
