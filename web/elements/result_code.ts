// The code a student hands in: LESSON-BITS-CHECK, for instance convolution-111-9C41-0B7E. BITS has a 1 for every solved
// question in the order of the lesson; CHECK is a 32-bit FNV-1a checksum of "cvlab1|lesson|bits|name" (name in lower case,
// blanks trimmed and joined). It finds slips and copied codes, not cheats: whoever can read this file can make a code.
// `node web/scripts/check-code.mjs CODE "NAME"` verifies one.

export function make_code(lesson: string, solved: boolean[], name: string): string {
  const bits = solved.map((one) => (one ? '1' : '0')).join('');
  const check = checksum(`cvlab1|${lesson}|${bits}|${tidy_name(name)}`);
  return `${lesson}-${bits}-${check.slice(0, 4)}-${check.slice(4)}`;
}

/** What a code says, or null when it and the name do not fit. */
export function read_code(code: string, name: string): { lesson: string; solved: boolean[] } | null {
  const parts = /^(.+)-([01]+)-([0-9A-F]{4})-([0-9A-F]{4})$/.exec(code.trim());
  if (!parts) return null;
  const solved = [...parts[2]].map((bit) => bit === '1');
  return make_code(parts[1], solved, name) === code.trim() ? { lesson: parts[1], solved } : null;
}

const tidy_name = (name: string): string => name.trim().toLowerCase().replace(/\s+/g, ' ');

function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).toUpperCase().padStart(8, '0');
}
