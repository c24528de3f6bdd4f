/** Text as the content of an element, or as an attribute in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Families that are on most machines; the pictures depend on the first one that is there. */
export const SANS = `'Segoe UI','Noto Sans','Liberation Sans',sans-serif`;
export const MONO = `'Cascadia Mono','DejaVu Sans Mono','Liberation Mono',monospace`;

/** A page that needs nothing from outside. */
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
