// SPDX-License-Identifier: Apache-2.0
// node serve.mjs [port]: runs the fixture Hub until it is stopped, for work by hand.
import { startHub } from "./hub.mjs";

const hub = await startHub({ port: Number(process.argv[2] ?? 0) });
console.log(`The fixture Hub answers at ${hub.url}, its large files at ${hub.cdnUrl}`);
