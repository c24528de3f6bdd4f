import { readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** An icon: the drawing, and the picture that is rendered from it. Relative to the repository, with slashes. */
export interface Icon {
  readonly svg: string;
  readonly png: string;
  /** The required width and height, in pixels. */
  readonly size: number;
}

/** Returns the icon of the extension for the Marketplace, and one for each major version of each task. */
export function findIcons(root: string): Icon[] {
  const drawings = readdirSync(path.join(root, 'tasks'), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join('tasks', file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('/icon.svg'))
    .sort();
  const toIcon = (svg: string, size: number): Icon => ({ svg, png: svg.replace(/svg$/, 'png'), size });
  return [toIcon('images/extension-icon.svg', 128), ...drawings.map((svg) => toIcon(svg, 32))];
}

/**
 * Renders an SVG at its own size.
 *
 * @returns A PNG.
 * @throws Error if the drawing has another size than the icon requires.
 */
export async function renderIcon(svg: Buffer, size: number): Promise<Buffer> {
  const { data, info } = await sharp(svg).png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true });
  if (info.width !== size || info.height !== size) {
    throw new Error(`The drawing has ${info.width} by ${info.height} pixels, not ${size} by ${size}.`);
  }
  return data;
}
