// SPDX-License-Identifier: Apache-2.0

/** A string, a bracket or a separator of JSON: all that has to be told apart to find where a value ends. */
const mark = /"(?:[^"\\]|\\.)*"|[[\]{},]/gy;

/**
 * Cuts the text of a JSON object into the texts of its members, each value exactly as it stands there: `1.0` stays a
 * float and `Infinity`, which Python writes, stays for the core to judge. Undefined where the text is no such object.
 */
export function cutMembers(text: string): Map<string, string> | undefined {
  const body = text.trim();
  if (!body.startsWith("{") || !body.endsWith("}")) return undefined;
  const members = new Map<string, string>();
  let depth = 0;
  let start = 1;
  for (let at = 0; at < body.length; ) {
    mark.lastIndex = at;
    const found = mark.exec(body)?.[0];
    at += found?.length ?? 1;
    if (found === "{" || found === "[") depth++;
    if (found === "}" || found === "]") depth--;
    const ends = depth === 0 || (depth === 1 && found === ",");
    if (!ends) continue;
    const member = body.slice(start, at - 1).trim();
    if (member !== "" && !addMember(members, member)) return undefined;
    start = at;
    if (depth === 0) return at === body.length ? members : undefined;
  }
  return undefined;
}

function addMember(members: Map<string, string>, member: string): boolean {
  const name = /^("(?:[^"\\]|\\.)*")\s*:\s*/.exec(member);
  if (!name) return false;
  members.set(JSON.parse(name[1]!) as string, member.slice(name[0].length));
  return true;
}
