/** Escapes text for the content of an element, or an attribute in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Font families that most machines have. The pictures depend on the first one that is available. */
export const SANS = `'Segoe UI','Noto Sans','Liberation Sans',sans-serif`;
export const MONO = `'Cascadia Mono','DejaVu Sans Mono','Liberation Mono',monospace`;

/** Returns a page that needs no other files. */
export const htmlPage = (title: string, style: string, body: string, theme = ''): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
${style}
</style>
</head>
<body class="${theme}">
${body}
</body>
</html>
`;
