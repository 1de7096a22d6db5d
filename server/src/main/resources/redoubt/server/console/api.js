// What the server is asked, always at its REST interface: the page knows nothing that a program could not.

const BASE = '/api/v1';

/** An answer that is none, with the server's words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(method, path, body) {
  const answer = await fetch(BASE + path, {
    method,
    // What changes something needs it: no form of another page can set it.
    headers: {'X-Redoubt-Console': '1', 'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refused(answer.status, content.error || `the server says ${answer.status}`);
  }
  return content;
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}) => ask('POST', path, body);
export const put = (path, body) => ask('PUT', path, body);
export const remove = (path) => ask('DELETE', path);

/** Tells of changes as they come, until it is closed. */
export function live(changed, isThere) {
  const stream = new EventSource(`${BASE}/live`);
  stream.addEventListener('change', (event) => changed(JSON.parse(event.data)));
  stream.addEventListener('open', () => isThere(true));
  stream.addEventListener('error', () => isThere(false));
  return stream;
}
