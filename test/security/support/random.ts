import * as fc from 'fast-check';

/** JSON as text: what has no place in a JavaScript value (`1e400`, two keys alike, `__proto__`) can be in it. */
export type JsonText = fc.Arbitrary<string>;

/** What exists on the server, to be named rightly in a part of the inputs. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

const LONGEST = 4_000;

/** Values with which programs have had trouble, one a line where they have spaces. */
const AWKWARD = [
  ...'null true 0 -0 -1 1.5 1e308 1e400 -1e400 9007199254740993 2147483648 1e-400 "" "null" "0" "01" "1e3" "-1"'.split(
    ' ',
  ),
  ...'"\\u0000" "a\\u0000b" "\\ud800" "\\udc00a" "\\ud83d\\ude00" "\\u202e" "\\\\" "%00" "%s%n" "2147483648"'.split(
    ' ',
  ),
  ...'[] {} [[]] [null] [{}] {"__proto__":{"isAdmin":true}} {"constructor":{"prototype":{}}} {"toString":null}'.split(
    ' ',
  ),
  ...'{"then":1} {"length":4294967295} {"a":1,"a":2} {"":""} {"$ne":""} "1970-01-01T00:00:00Z"'.split(' '),
  ...'"275760-09-13T00:00:00.001Z" "00000000-0000-0000-0000-000000000000" "../../etc/passwd"'.split(' '),
  '" "',
  `"' OR '1'='1"`,
];

/** What databases, encodings and terminals have had trouble with. */
const awkwardText = fc.string({
  unit: fc.constantFrom(
    '\0',
    '\ud800',
    '\udc00',
    '\u{1f600}',
    '\u202e',
    '\u2028',
    '\x1b',
    '\n',
    '"',
    '\\',
    "'",
    '%',
    '_',
    'a',
    ' ',
  ),
  minLength: 1,
  maxLength: 8,
});

const nested = fc
  .tuple(fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}']), fc.integer({ min: 1, max: LONGEST }))
  .map(([[open, close], depth]) => `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`);

/** Any JSON, and much that is just not. */
export const anyJson: JsonText = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 4, arbitrary: awkwardText.map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.double().map(String) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: LONGEST }).map((length) => JSON.stringify('x'.repeat(length))) },
  { weight: 1, arbitrary: nested },
);

const anyKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'then',
    'event',
    'type',
    'params',
    'id',
    'since',
    'limit',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

/** JSON near an example: each part of it as it is, left out, named after something known, or anything. */
export function near(example: unknown, known: Known, key = ''): JsonText {
  const right: JsonText = known[key]
    ? fc.constantFrom(...known[key].map((value) => JSON.stringify(value)))
    : fc.constant(JSON.stringify(example));
  if (Array.isArray(example)) {
    const items = fc.array(near(example[0], known, key), { maxLength: 3 }).map((all) => `[${all.join()}]`);
    return fc.oneof({ weight: 6, arbitrary: items }, { weight: 2, arbitrary: anyJson });
  }
  if (typeof example !== 'object' || example === null) {
    return fc.oneof({ weight: 6, arbitrary: right }, { weight: 2, arbitrary: anyJson });
  }
  const parts = Object.entries(example).map(([name, value]) =>
    fc.option(
      near(value, known, name).map((text) => `${JSON.stringify(name)}:${text}`),
      { freq: 12 },
    ),
  );
  const more = fc.array(
    fc.tuple(anyKey, anyJson).map(([name, text]) => `${JSON.stringify(name)}:${text}`),
    { maxLength: 2 },
  );
  const object = fc
    .tuple(fc.tuple(...parts), fc.option(more, { freq: 2 }))
    .map(([own, others]) => `{${[...own, ...(others ?? [])].filter((part) => part !== null).join()}}`);
  return key === '' ? object : fc.oneof({ weight: 12, arbitrary: object }, { weight: 1, arbitrary: anyJson });
}

/** The text as it is or, now and then, with something cut out of it or put into it. */
export function damaged(text: JsonText): JsonText {
  const damage = fc.tuple(fc.nat(), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 }));
  return fc.oneof(
    { weight: 8, arbitrary: text },
    {
      weight: 1,
      arbitrary: fc.tuple(text, damage).map(([whole, [place, cut, put]]) => {
        const at = place % (whole.length + 1);
        return whole.slice(0, at) + put + whole.slice(at + cut);
      }),
    },
  );
}

/** Bytes that may follow a handshake: frames with any head, and any bytes. */
export const anyBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 140 }))
    .map(([first, second, rest]) => Buffer.concat([Buffer.from([first, second | 0x80, 1, 2, 3, 4]), rest])),
  fc
    .tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 120 }))
    .map(([opcode, text]) => Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | text.length, 0, 0, 0, 0]), text])),
);
