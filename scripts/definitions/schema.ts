import type { Client } from './read';
import type { Mapper } from './mapper';

/** The required parts of JSON Schema. Objects are closed: an unknown field is an error. */
export type Schema = Readonly<Record<string, unknown>>;

/** Returns the schemas of the types that these mappers use, by name. */
export function toSchemas(
  roots: readonly Mapper[],
  { mappers, words }: Pick<Client, 'mappers' | 'words'>,
): Readonly<Record<string, Schema>> {
  const schemas = new Map<string, Schema>();

  function visit(mapper: Mapper, at: string): Schema {
    const { type, constraints = {} } = mapper;
    const known = words.get(at);
    switch (type.name) {
      case 'Composite':
        return visitComposite(mapper);
      case 'Sequence':
        return { type: 'array', items: type.element ? visit(type.element, at) : {} };
      case 'Dictionary':
        return { type: 'object', additionalProperties: type.value ? visit(type.value, at) : {} };
      case 'Enum':
        return { enum: type.allowedValues };
      case 'Boolean':
        return { type: 'boolean' };
      case 'Number':
        return { type: 'number', ...limits(constraints) };
      case 'DateTime':
        return { type: 'string', format: 'date-time' };
      case 'TimeSpan':
        return { type: 'string', format: 'duration' };
      case 'any':
      case 'Object':
        return {};
      default:
        return { type: 'string', ...(known && { enum: known }) };
    }
  }

  function visitComposite({ type }: Mapper): Schema {
    const { className } = type;
    const mapper = type.modelProperties || className === undefined ? { type } : mappers[className];
    if (className === undefined || !mapper) return { type: 'object' };
    if (!schemas.has(className)) {
      schemas.set(className, {});
      schemas.set(className, toObject(mapper, className));
    }
    return { $ref: `#/definitions/${className}` };
  }

  function toObject({ type }: Mapper, className: string): Schema {
    const root: Building = { properties: {}, required: [] };
    for (const [name, field] of Object.entries(type.modelProperties ?? {})) {
      const path = (field.serializedName ?? name)
        .split(/(?<!\\)\./)
        .map((part) => part.replace(/\\\./g, '.'));
      place(root, path, field, visit(field, `${className}.${name}`));
    }
    const isOpen = type.additionalProperties !== undefined || type.polymorphicDiscriminator !== undefined;
    return toClosed(root, isOpen);
  }

  for (const root of roots) visit(root, '');
  return Object.fromEntries([...schemas].sort(([one], [other]) => (one < other ? -1 : 1)));
}

interface Building {
  readonly properties: Record<string, Building | Schema>;
  readonly required: string[];
}

const isBuilding = (value: Building | Schema | undefined): value is Building =>
  value !== undefined && 'properties' in value && 'required' in value && !('type' in value);

/** Adds a field at its place in the JSON: `properties.x` belongs to the object `properties`. */
function place(
  building: Building,
  [head = '', ...rest]: readonly string[],
  field: Mapper,
  schema: Schema,
): void {
  if (rest.length === 0) {
    building.properties[head] = field.readOnly ? { ...schema, readOnly: true } : schema;
    if (field.required && !field.readOnly) building.required.push(head);
    return;
  }
  const known = building.properties[head];
  const inner = isBuilding(known) ? known : { properties: {}, required: [] };
  building.properties[head] = inner;
  if (field.required && !field.readOnly && !building.required.includes(head)) building.required.push(head);
  place(inner, rest, field, schema);
}

function toClosed({ properties, required }: Building, isOpen = false): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, isBuilding(one) ? toClosed(one) : one]),
    ),
    ...(required.length > 0 && { required }),
    ...(!isOpen && { additionalProperties: false }),
  };
}

const limits = ({ InclusiveMinimum, InclusiveMaximum }: Readonly<Record<string, unknown>>): Schema => ({
  ...(typeof InclusiveMinimum === 'number' && { minimum: InclusiveMinimum }),
  ...(typeof InclusiveMaximum === 'number' && { maximum: InclusiveMaximum }),
});
