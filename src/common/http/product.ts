/** A product of RFC 9110, 10.1.5, with its version where it has one; long ones are nobody's. */
const PRODUCT = /^[!#$%&'*+.^_`|~\w-]{1,40}(?:\/[!#$%&'*+.^_`|~\w-]{1,20})?(?=[\s;(]|$)/;

/** Which program a client says that it is: the first product of its `User-Agent`, such as `okhttp/4.12.0`; else `unknown`. */
export function productOf(userAgent: string | undefined): string {
  return PRODUCT.exec(userAgent ?? '')?.[0] ?? 'unknown';
}
