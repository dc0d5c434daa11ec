/* oxlint-disable import/no-absolute-path -- an address, as browsers resolve it, not a path */

/** What the page shares with the console at `/`: the login, and the ways with the document. */
export { ApiError, Session } from '/session.js';
export { byId, element, onSubmit, say } from '/dom.js';
