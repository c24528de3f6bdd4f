import sharp from 'sharp';
import { launchBrowser } from './browser';

/** How a picture of a page is taken. */
export interface View {
  /** The width of the window, in CSS pixels. */
  readonly width: number;
  /** The height of the window in CSS pixels, or `page` for the height of the page. */
  readonly height: number | 'page';
  /** The width of the picture, in pixels. */
  readonly pixelWidth: number;
  /** The height of the picture in pixels, if it must be exact. */
  readonly pixelHeight?: number;
  /** The number of colors in the picture. A text page has few, and 16 colors need a third of the bytes. */
  readonly colours: number;
  readonly dark?: boolean;
  /** Whether the page is printed, with the margins that it specifies. */
  readonly printed?: boolean;
}

/** Takes pictures until it is closed. */
export interface Camera {
  /**
   * Takes a PNG of a page without other files. @throws Error if the browser reports a problem, or the page scrolls
   * horizontally.
   */
  take(html: string, view: View): Promise<Buffer>;
  close(): Promise<void>;
}

/** Starts headless Chromium. @throws Error if it is not installed. */
export async function openCamera(): Promise<Camera> {
  const browser = await launchBrowser();
  return {
    async take(html, view) {
      const { width, height, pixelWidth, pixelHeight, colours, dark = false, printed = false } = view;
      const context = await browser.newContext({
        viewport: { width, height: height === 'page' ? 1 : height },
        deviceScaleFactor: pixelWidth / width,
        colorScheme: dark ? 'dark' : 'light',
        offline: true,
        // The margins of a sheet are not part of the screen.
        bypassCSP: printed,
      });
      try {
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        if (printed) await page.emulateMedia({ media: 'print' });
        await page.setContent(html, { waitUntil: 'load' });
        if (printed) await page.addStyleTag({ content: `html { padding: ${marginOf(html)} }` });
        const overhang = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (overhang > 0) complaints.push(`It scrolls sideways by ${overhang} pixels.`);
        if (complaints.length > 0) throw new Error(`The page is broken: ${complaints.join(' ')}`);
        const isCut =
          height !== 'page' &&
          (await page.evaluate<number>('document.documentElement.scrollHeight')) > height;
        const png = await page.screenshot({ fullPage: height === 'page' });
        return await toPalette(isCut ? await faded(png, pixelWidth / width) : png, colours, pixelHeight);
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

const marginOf = (html: string): string => /@page\s*\{\s*margin:\s*([^;}]+)/.exec(html)?.[1] ?? '0';

/** The height of the faded part of a page, in CSS pixels. */
const FADE = 44;

/**
 * Fades the lower end of a picture into its background, to show that it continues.
 *
 * @param scale pixels per CSS pixel
 */
export async function faded(png: Buffer, scale: number): Promise<Buffer> {
  const { width, height } = await sharp(png).metadata();
  const fading = Math.round(FADE * scale);
  const corner = { left: 0, top: height - 1, width: 1, height: 1 };
  const [red = 0, green = 0, blue = 0] = await sharp(png).extract(corner).raw().toBuffer();
  const ground = `rgb(${red},${green},${blue})`;
  const fade =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${fading}"><linearGradient id="f" x2="0" y2="1">` +
    `<stop stop-color="${ground}" stop-opacity="0"/><stop offset="1" stop-color="${ground}"/></linearGradient>` +
    `<rect width="100%" height="100%" fill="url(#f)"/></svg>`;
  return sharp(png)
    .composite([{ input: Buffer.from(fade), top: height - fading, left: 0 }])
    .png()
    .toBuffer();
}

/** Returns a PNG with few colors. Lines below an exact height, which rounding can add, are cut off. */
export const toPalette = async (png: Buffer, colours: number, pixelHeight?: number): Promise<Buffer> => {
  const picture = sharp(png);
  const { width } = await picture.metadata();
  const cut =
    pixelHeight === undefined
      ? picture
      : picture.resize({ width, height: pixelHeight, fit: 'cover', position: 'top' });
  return cut.png({ palette: true, colours, dither: 0, effort: 10, compressionLevel: 9 }).toBuffer();
};
