// SPDX-License-Identifier: Apache-2.0
// The GPUs one can choose, by vendor and name, with the sizes of memory each was sold with.
import data from "virtual:gpus";

export interface Gpu {
  vendor: string;
  /** Without the vendor, "RTX 4090". */
  name: string;
  /** Sizes it was sold with, in GB as printed on the box, which are GiB. */
  memory: number[];
}

export const gpus: readonly Gpu[] = data.gpus.map(([vendor, name, memory]) => ({ vendor, name, memory }));
export const vendors: readonly string[] = [...new Set(gpus.map((gpu) => gpu.vendor))];
/** Version of @huggingface/tasks that the list was made from. */
export const gpuDataVersion = data.version;

/** "NVIDIA RTX 4090": how a GPU is named in the address, in fields and in tables. */
export function fullName(gpu: Gpu): string {
  return `${gpu.vendor} ${gpu.name}`;
}

/** The GPU by its full name or name, in any case; undefined for one that is not listed. */
export function findGpu(name: string): Gpu | undefined {
  const wanted = name.trim().toLowerCase();
  return gpus.find((gpu) => fullName(gpu).toLowerCase() === wanted || gpu.name.toLowerCase() === wanted);
}

/** GPUs whose name holds every word of `text`; a number matches memory too ("24 GB"). */
export function searchGpus(text: string): Gpu[] {
  const words = text.toLowerCase().replace(/(\d)\s*gi?b\b/g, "$1gb").split(/\s+/).filter(Boolean);
  return gpus.filter((gpu) => {
    const hay = `${fullName(gpu)} ${gpu.memory.map((size) => `${size}gb`).join(" ")}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
