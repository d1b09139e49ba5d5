const size = 224; // pixels, as CLIP's smallest input

/** A black image, as JPEG. */
export async function blackFrame(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const image = sharp({ create: { width: size, height: size, channels: 3, background: 'black' } });
  return image.jpeg().toBuffer();
}
