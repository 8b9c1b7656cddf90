// SPDX-License-Identifier: Apache-2.0
// The Hub client: read what a person typed, look a model up, complete an id. Fetch only; no DOM, no storage, no state.

export { readInput } from "./input.ts";
export { lookUp } from "./look-up.ts";
export { searchModels } from "./search.ts";
export { HUB } from "./types.ts";
export type {
  HubError,
  HubErrorCode,
  HubOptions,
  Input,
  InputErrorCode,
  Instead,
  LookUp,
  LookUpOptions,
  ModelFacts,
  ModelReference,
  Progress,
  PublishedWeights,
  RepositoryKind,
  Search,
} from "./types.ts";
