// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them. Bytes come in; the unit is always in the text that goes out.
import { locale } from "./messages/index.ts";

const UNITS = ["bytes", "KB", "MB", "GB", "TB", "PB"];
const GIB = 1024 ** 3;

/** Two decimals as Python's `round` gives them: exact ties go to the even digit, trailing zeros but one are dropped. */
function roundAsPython(value: number): string {
  const cents = value * 100;
  // Only eighths are exact ties at the second decimal; toFixed decides all others by the exact binary value, as Python does.
  const tie = (value * 8) % 1 === 0 && Math.abs(cents % 1) === 0.5;
  const rounded = tie ? 2 * Math.round(cents / 2) / 100 : Number(value.toFixed(2));
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}

/** Bytes as accelerate prints them: divided by 1024 up to TB, `413.18 MB`, `9.0 MB`. */
export function accelerateText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${roundAsPython(value)} ${UNITS[unit]}`;
}

/** The power of 1024 that `accelerateText` divides by. */
export function accelerateDivisor(bytes: number): { unit: string; power: number } {
  let power = 0;
  for (let value = bytes; value >= 1024 && power < UNITS.length - 1; value /= 1024) power++;
  return { unit: UNITS[power] ?? "", power };
}

/** Bytes in GiB with one decimal, two below 1 and none from 1,000 on: `8.0 GiB`. */
export function gib(bytes: number): string {
  const value = bytes / GIB;
  const digits = value >= 999.5 ? 0 : value < 0.995 ? 2 : 1;
  return `${decimal(value, digits)} GiB`;
}

/** GiB as bytes, for what people type. */
export function fromGib(value: number): number {
  return Math.round(value * GIB);
}

/** `433,249,280` */
export function integer(value: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value);
}

/** A fixed number of decimals. */
export function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** `8.03 B`, `108.3 M`: counts of parameters in three or four digits. */
export function count(value: number): string {
  if (value < 10_000) return integer(value);
  const [scale, unit] = value >= 999.95e9 ? [1e12, "T"] : value >= 999.95e6 ? [1e9, "B"] : value >= 999.95e3 ? [1e6, "M"] : [1e3, "K"];
  const scaled = value / Number(scale);
  return `${decimal(scaled, scaled < 10 ? 2 : scaled < 1000 ? 1 : 0)} ${unit}`;
}

/** A share of one as per cent, with two significant digits: `0.26 %`. */
export function percent(share: number): string {
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 2 });
  return format.format(share);
}

/** The date of an ISO time, as the reader writes dates. */
export function date(iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(iso));
}
