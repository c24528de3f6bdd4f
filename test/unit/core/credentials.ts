/** Returns a JSON Web Token in the usual format, with an invalid signature. */
export function jwtOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = Buffer.alloc(64, 'signature').toString('base64url');
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), signature].join('.');
}

/** Returns a PEM block without encoded content. */
export function pemOf(label: string): string {
  const body = Array.from({ length: 4 }, () => `MIIEvQ${Buffer.alloc(42, label).toString('base64')}`);
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`].join('\n');
}
