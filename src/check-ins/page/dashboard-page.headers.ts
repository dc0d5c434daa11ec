/**
 * What the page may do: run the server's own files and speak to it, over HTTP and WebSocket, and show pictures from
 * wherever people keep theirs. Who serves those learns nothing of the page (`referrer-policy`, set for every answer).
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: http:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of the page itself, whose figures are those of the moment. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
};

/** Of its files, which are asked for anew each time (by ETag), so that an upgrade shows at once. */
export const FILE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-cache',
};
