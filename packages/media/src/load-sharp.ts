/** The image library, loaded with the first image: a training reads none. Several small images at once, each by one thread. */
export async function loadSharp(): Promise<typeof import('sharp')> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  return sharp;
}
