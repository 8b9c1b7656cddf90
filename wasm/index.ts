// SPDX-License-Identifier: Apache-2.0
export { loadCore, type Core } from "./core.js";
export { Estimator, type BlueprintIndex, type FetchBlueprint } from "./estimator.js";
export type * from "./types.js";
