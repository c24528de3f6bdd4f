/** A JSON web token of the usual look; its signature is worth nothing. */
export function jwtOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = Buffer.alloc(64, 'signature').toString('base64url');
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), signature].join('.');
}

/** A block of PEM in which nothing is encoded. */
export function pemOf(label: string): string {
  const body = Array.from({ length: 4 }, () => `MIIEvQ${Buffer.alloc(42, label).toString('base64')}`);
  return [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`].join('\n');
}
