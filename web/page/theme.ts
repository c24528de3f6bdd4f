/**
 * Sets the class `dark` if the background of the host is dark. The host provides its colors as variables. Colors that
 * it does not provide, such as a warning color with sufficient contrast, depend on this class.
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
