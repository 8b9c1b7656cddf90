// SPDX-License-Identifier: Apache-2.0
// Modules that the plugins of the build write.

declare module "virtual:gpus" {
  const data: { version: string; gpus: [vendor: string, name: string, memory: number[]][] };
  export default data;
}

declare module "virtual:blueprints" {
  export const hash: string;
}

declare module "virtual:example-classes" {
  /** By model type, only where it is not AutoModel. */
  const classes: Record<string, string>;
  export default classes;
}

declare module "*.json?messages" {
  const texts: Record<string, (values: Record<string, unknown>) => string>;
  export default texts;
}

declare module "*.json?messages=coverage" {
  const texts: Record<string, (values: Record<string, unknown>) => string>;
  export default texts;
}

declare module "@messageformat/core/compile-module" {
  import type MessageFormat from "@messageformat/core";
  /** Source of an ES module whose default export holds a function for each message. */
  export default function compileModule(messageformat: MessageFormat, messages: Record<string, string>): string;
}
