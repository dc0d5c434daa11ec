import { getMetadataStorage, type MetadataStorage } from 'class-validator';

type Find = MetadataStorage['getTargetValidationMetadatas'];

/**
 * Keeps what class-validator finds out about a class: to check one object it looks through all classes that have rules, which
 * takes longer than checking a small frame does. Rules come with a class and do not change; groups and schemas, which would
 * make a difference, are not used.
 */
export function rememberValidationRules(): void {
  const storage = getMetadataStorage();
  const find: Find = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<Parameters<Find>[0], ReturnType<Find>>();
  storage.getTargetValidationMetadatas = (type, schema, always, strictGroups, groups) => {
    if (schema || always || strictGroups || groups !== undefined) {
      return find(type, schema, always, strictGroups, groups);
    }
    let rules = known.get(type);
    if (!rules) known.set(type, (rules = find(type, schema, always, strictGroups)));
    return rules;
  };
}
