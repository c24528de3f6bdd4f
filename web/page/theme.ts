/**
 * The host gives its colours as variables. What it has no fit colour for, such as a warning of enough contrast, follows
 * from how light its ground is.
 */
export function fitTheme(): void {
  const probe = document.createElement('span');
  probe.className = 'ground';
  document.documentElement.append(probe);
  const [red = 255, green = 255, blue = 255] =
    getComputedStyle(probe)
      .backgroundColor.match(/[\d.]+/g)
      ?.map(Number) ?? [];
  probe.remove();
  const isDark = (red * 299 + green * 587 + blue * 114) / 1000 < 128;
  document.documentElement.classList.toggle('dark', isDark);
}
