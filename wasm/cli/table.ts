// SPDX-License-Identifier: Apache-2.0

/**
 * A boxed table as `accelerate estimate-memory` draws it, to the character, its habits included: cells are centred, and a
 * title wider than the cells widens the last column by twice the difference to the box.
 */
export function drawTable(title: string, headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, i) => Math.max(header.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const cells = widths.reduce((sum, width) => sum + width, 0);
  const last = widths.length - 1;
  if (title.length > cells) widths[last]! += 2 * Math.abs(title.length - (cells + widths.length + 1));

  const rule = (left: string, middle: string, right: string) => left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const line = (row: readonly string[]) => `│${row.map((text, i) => center(text, widths[i]!)).join("│")}│`;
  const inner = widths.reduce((sum, width) => sum + width, last);
  return [
    rule("┌", "─", "┐"),
    `│${center(title, inner)}│`,
    rule("├", "┬", "┤"),
    line(headers),
    rule("├", "┼", "┤"),
    ...rows.map(line),
    rule("└", "┴", "┘"),
  ].join("\n");
}

/** Python's `str.center`: of an odd number of spaces the extra one goes left where the width is odd. */
function center(text: string, width: number): string {
  const spaces = Math.max(0, width - text.length);
  const left = Math.floor(spaces / 2) + (spaces & width & 1);
  return " ".repeat(left) + text + " ".repeat(spaces - left);
}
