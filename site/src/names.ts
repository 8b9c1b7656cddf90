// SPDX-License-Identifier: Apache-2.0
import type { Dtype } from "tare";

/** "float16/bfloat16", as accelerate's table names the row that stands for both. */
export function dtypeLabel(dtype: Dtype): string {
  return dtype === "float16" ? "float16/bfloat16" : dtype;
}
