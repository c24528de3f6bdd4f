/** A resource id as the path of a request: a name may have characters that mean something in an address. */
export const encodeId = (id: string): string => id.split('/').map(encodeURIComponent).join('/');
