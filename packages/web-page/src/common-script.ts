/**
 * What the programs of all pages share: the theme is remembered, `json()` unpacks the page's data, `save(blob, name)` hands the reader a file and
 * `add` makes an element. Without DecompressionStream (a browser from before 2023) `canUnpack` is false.
 */
export const COMMON_SCRIPT = `
  const themes = [...document.querySelectorAll('.themes input')];
  const remembered = (theme) => {
    try {
      if (theme !== undefined) localStorage.setItem('tass-theme', theme);
      return localStorage.getItem('tass-theme');
    } catch {
      return null; // a browser that keeps nothing for files
    }
  };
  const theme = themes.find(({ value }) => value === remembered());
  if (theme) theme.checked = true;
  themes.forEach((input) => input.addEventListener('change', () => remembered(input.value)));

  const canUnpack = typeof DecompressionStream !== 'undefined';
  const unpack = () => {
    const stream = new DecompressionStream('gzip');
    const writer = stream.writable.getWriter();
    void writer.write(Uint8Array.from(atob(document.getElementById('data').textContent), (sign) => sign.charCodeAt(0)));
    void writer.close();
    return new Response(stream.readable).text();
  };
  let unpacked;
  const json = () => (unpacked ??= unpack());

  const save = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const add = (parent, name, text = '', attributes = {}) => {
    const element = document.createElement(name);
    element.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return parent.appendChild(element);
  };
`;
