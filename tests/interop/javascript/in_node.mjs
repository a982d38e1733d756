// Walk one client's journey in Node: `node in_node.mjs CLIENT`, settings as JSON on standard input, what was seen on output.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const client = process.argv[2];
const settings = JSON.parse(readFileSync(0, "utf8"));
const [library, { journey }] =
  client === "tincan" ? [require("tincanjs"), await import("./tincan.mjs")] : [require("@xapi/xapi"), await import("./xapi.mjs")];
process.stdout.write(JSON.stringify(await journey(library.default ?? library, settings)));
