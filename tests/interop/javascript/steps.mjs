// What both journeys share. Everything that a step returns is JSON: a test in Python judges it.

/** Run each step by itself, so that one that fails hides no other; an error becomes `{ failed: … }`. */
export async function walk(steps) {
  const seen = {};
  for (const [name, step] of Object.entries(steps)) {
    try {
      seen[name] = await step();
    } catch (error) {
      seen[name] = { failed: String(error?.stack ?? error) };
    }
  }
  return seen;
}

/** SHA-256 of some bytes, in hexadecimal. */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const FILE = "line one\nline two: Grüße";

/** An attachment's description, for a statement. */
export async function described(bytes) {
  return {
    usageType: "http://id.tincanapi.com/attachment/supporting_media",
    display: { "en-US": "notes" },
    contentType: "text/plain; charset=utf-8",
    length: bytes.byteLength,
    sha2: await sha256(bytes),
  };
}

/** Five answers to one question, by two agents with two verbs; `run` keeps them apart from those of other journeys. */
export function answers(run) {
  return [0, 1, 2, 3, 4].map((number) => ({
    actor: { objectType: "Agent", name: `Agent ${number % 2}`, mbox: `mailto:agent${number % 2}+${run}@academy.example` },
    verb: {
      id: `http://adlnet.gov/expapi/verbs/${number < 2 ? "attempted" : "answered"}`,
      display: { "en-US": "did" },
    },
    object: { objectType: "Activity", id: `https://vr.example/${run}/question`, definition: { name: { "en-GB": "Täuschung? 日本" } } },
    result: { response: String(number) },
  }));
}
