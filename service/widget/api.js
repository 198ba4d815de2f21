// Asking the API, and its one kind of error.

const PATIENCE_MS = 30_000;

/** Something went wrong; `text` names what to say about it, `retryAfter` is in seconds. */
export class Problem extends Error {
  constructor({ status = 0, text, said, retryAfter = 0 }) {
    super(text);
    const { detail = "", errors = [] } = said ?? {};
    Object.assign(this, { status, text, detail, errors, retryAfter });
  }
}

function textOf(status) {
  if ([401, 403, 429, 503].includes(status)) return `e${status}`;
  return status >= 500 ? "e500" : "e422";
}

/** `signal` ends it without a word. */
export async function ask(element, path, { body, signal }) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await read(await element.fetch(element.request(path, { body, signal: AbortSignal.any([signal, patience]) })));
  } catch (error) {
    if (signal.aborted || error instanceof Problem) throw error;
    throw new Problem({ text: patience.aborted ? "e503" : "e0" });
  }
}

async function read(response) {
  const { ok, status, headers } = response;
  const isJson = /^application\/(problem\+)?json\b/.test(headers.get("Content-Type"));
  const said = isJson ? await response.json() : null;
  if (ok && said) return said;
  const text = said || status >= 500 || status === 429 ? textOf(status) : "eGarbled";
  throw new Problem({ status, text, said, retryAfter: Math.min(3600, parseInt(headers.get("Retry-After"), 10) || 0) });
}
