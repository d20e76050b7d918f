/** A red pixel and an empty sound, as the suite wants to see them. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
export const icons = [
  { src: `data:image/png;base64,${png}`, mimeType: 'image/png', sizes: ['1x1'], theme: 'light' },
] as const;
export const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
