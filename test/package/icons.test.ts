import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { findIcons, renderIcon } from '../../scripts/icons/icons';
import { ROOT } from '../../scripts/stage';
import { findTasks } from '../../scripts/tasks';

/** Returns the four channels of every pixel. Transparent pixels have no color. */
const pixelsOf = (png: Buffer): Promise<Buffer> =>
  sharp(png).ensureAlpha().flatten({ background: '#888' }).raw().toBuffer();

/** Returns the greatest difference between two pictures, from 0 to 255. */
async function distance(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = [await pixelsOf(one), await pixelsOf(other)];
  assert.equal(a.length, b.length);
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b.readUInt8(index))), 0);
}

describe('the icons', () => {
  const icons = findIcons(ROOT);
  const read = (file: string): Buffer => readFileSync(path.join(ROOT, file));

  for (const { svg, png, size } of icons) {
    it(`match their source: ${png} ("npm run icons" updates them)`, async () => {
      const drawn = await renderIcon(read(svg), size);
      const { width, height, hasAlpha } = await sharp(read(png)).metadata();
      assert.deepEqual([width, height, hasAlpha], [size, size, true]);
      // Another processor might round the edges differently.
      assert.ok((await distance(drawn, read(png))) <= 8);
    });

    it(`are visible on light and dark backgrounds: ${png}`, async () => {
      const contrast = async (background: string): Promise<number> => {
        const shown = await sharp(read(png)).flatten({ background }).toBuffer();
        const blank = await sharp({ create: { width: size, height: size, channels: 3, background } })
          .png()
          .toBuffer();
        const [a, b] = [await pixelsOf(shown), await pixelsOf(blank)];
        return a.filter((value, index) => Math.abs(value - b.readUInt8(index)) > 60).length / a.length;
      };
      assert.ok((await contrast('#ffffff')) > 0.25);
      assert.ok((await contrast('#1b1a19')) > 0.25);
    });
  }

  it('are one for the extension and one for each task, all of them different', async () => {
    const tasks = (await findTasks(ROOT)).map(({ folder }) => `${folder}/icon.png`);
    assert.deepEqual(
      icons.map(({ png }) => png),
      ['images/extension-icon.png', ...tasks],
    );
    const pictures = new Set(icons.map(({ png }) => read(png).toString('base64')));
    assert.equal(pictures.size, icons.length);
  });

  it('must have the requested size', async () => {
    const small = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="31" height="32"/>');
    await assert.rejects(renderIcon(small, 32), /31 by 32/);
  });
});
