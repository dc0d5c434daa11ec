import { ApiError } from './session.js';

/**
 * Where the figures come from. `read` answers `{session_id, title, dashboard}` as it is now, `token` what to open the
 * socket with. @throws ApiError
 */
export function publicSource(id) {
  return { id, token: async () => undefined, read: readPage };
}

/** Of a session that only its host may watch. */
export function hostSource(id, session) {
  return {
    id,
    token: () => session.connectionToken(),
    async read() {
      const [{ title }, dashboard] = await Promise.all([
        session.request('GET', `/sessions/${id}`),
        session.request('GET', `/sessions/${id}/dashboard`),
      ]);
      return { session_id: id, title, dashboard };
    },
  };
}

/** What the server has put into the page of the session. */
export function sessionIn(page) {
  return JSON.parse(page.getElementById('session').textContent);
}

/** The JSON route is the host's; anyone may ask for this page again, which has the figures of the moment in it. */
async function readPage() {
  const response = await fetch(location.href);
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, `The server answered ${response.status}.`);
  return sessionIn(new DOMParser().parseFromString(text, 'text/html'));
}
