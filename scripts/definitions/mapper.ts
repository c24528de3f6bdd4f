/** The description of a type in Microsoft's clients. */
export interface Mapper {
  readonly serializedName?: string;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly constraints?: Readonly<Record<string, unknown>>;
  readonly type: {
    readonly name: string;
    readonly className?: string;
    readonly modelProperties?: Readonly<Record<string, Mapper>>;
    readonly additionalProperties?: unknown;
    readonly polymorphicDiscriminator?: unknown;
    readonly element?: Mapper;
    readonly value?: Mapper;
    readonly allowedValues?: readonly unknown[];
  };
}

export type Mappers = Readonly<Record<string, Mapper>>;

export interface Parameter {
  readonly mapper?: Mapper;
}

/** An operation as a client sends it. */
export interface Operation {
  readonly path: string;
  readonly httpMethod: string;
  readonly queryParameters?: readonly Parameter[];
  readonly requestBody?: Parameter;
  readonly responses: Readonly<Record<string, { readonly bodyMapper?: Mapper }>>;
}
