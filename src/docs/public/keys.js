/** What a payload's schema says of each key, those within other objects as `data.id`, of a list's items as `ids[]`. */
export function keysOf(payload, resolve, prefix = '') {
  const { properties = {}, required = [] } = payload.$ref ? resolve(payload) : payload;
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const notes = required.includes(name) ? notesOf(schema) : ['optional', ...notesOf(schema)];
    const row = { path, says: [typeOf(schema), ...notes].join(', ') };
    const [inner, mark] = innerOf(schema);
    return inner ? [row, ...keysOf(inner, resolve, `${path}${mark}.`)] : [row];
  });
}

function innerOf(schema) {
  if (schema.$ref) return [schema, ''];
  if (schema.items?.$ref) return [schema.items, '[]'];
  return [schema.oneOf?.find(({ $ref }) => $ref), ''];
}

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
  if (schema.$ref) return 'object';
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  return [schema.type].flat().join(' | ');
}

function notesOf(schema) {
  const { format, minLength, maxLength, minimum, maximum, default: preset, 'x-parlance-extension': extension } = schema;
  return [
    format,
    maxLength && `${minLength ?? 0} to ${maxLength} characters`,
    minimum !== undefined && maximum < 2 ** 31 - 1 && `${minimum} to ${maximum}`,
    preset !== undefined && `by default ${JSON.stringify(preset)}`,
    extension && `with ext=${extension}`,
  ].filter(Boolean);
}
