// OpenCV.js 5: one thread, WASM with SIMD where the browser has it. Pictures stay in its memory.
import { perspective, picture_size, scene } from './data.js';

const load = () => new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement('script'), { src: 'node_modules/@techstark/opencv-js/dist/opencv.js' });
  script.onload = async () => {
    const cv = await globalThis.cv;
    if (cv.Mat) resolve(cv);
    else cv.onRuntimeInitialized = () => resolve(cv);
  };
  script.onerror = reject;
  document.head.append(script);
});

const operations = {
  'gaussian-5': (cv, a, out) => cv.GaussianBlur(a, out, new cv.Size(5, 5), 1, 1, cv.BORDER_REFLECT_101),
  'gaussian-sigma-5': (cv, a, out) => cv.GaussianBlur(a, out, new cv.Size(0, 0), 5, 5, cv.BORDER_REFLECT_101),
  'mean-3': (cv, a, out) => cv.blur(a, out, new cv.Size(3, 3), new cv.Point(-1, -1), cv.BORDER_REFLECT_101),
  'mean-15': (cv, a, out) => cv.blur(a, out, new cv.Size(15, 15), new cv.Point(-1, -1), cv.BORDER_REFLECT_101),
  sobel: (cv, a, out, { x, y, sum }) => {
    cv.Sobel(a, x, cv.CV_32F, 1, 0);
    cv.Sobel(a, y, cv.CV_32F, 0, 1);
    cv.magnitude(x, y, sum);
    sum.convertTo(out, cv.CV_8U);
  },
  sharpen: (cv, a, out, { kernel }) => cv.filter2D(a, out, cv.CV_8U, kernel, new cv.Point(-1, -1), 0, cv.BORDER_REFLECT_101),
  'median-5': (cv, a, out) => cv.medianBlur(a, out, 5),
  canny: (cv, a, out) => cv.Canny(a, out, 50, 150),
  threshold: (cv, a, out) => cv.threshold(a, out, 100, 255, cv.THRESH_BINARY),
  grey: (cv, a, out) => cv.cvtColor(a, out, cv.COLOR_RGBA2GRAY),
  perspective: (cv, a, out, { map }) =>
    cv.warpPerspective(a, out, map, new cv.Size(picture_size.width, picture_size.height), cv.INTER_LINEAR | cv.WARP_INVERSE_MAP),
  half: (cv, a, out) => cv.resize(a, out, new cv.Size(picture_size.width / 2, picture_size.height / 2), 0, 0, cv.INTER_AREA)
};

export const opencvjs = {
  async start() {
    const cv = await load();
    return { cv, version: /version control:\s+(\S+)|OpenCV\s+(\S+)/i.exec(cv.getBuildInformation())?.slice(1).find(Boolean) ?? '5' };
  },
  info: ({ version }) => ({ version, threads: 1 }),
  async make(name, { cv }) {
    const { width, height } = picture_size, channels = name === 'grey' ? 4 : 1;
    const input = cv.matFromArray(height, width, channels === 4 ? cv.CV_8UC4 : cv.CV_8UC1, scene(channels));
    const out = new cv.Mat();
    const more = { x: new cv.Mat(), y: new cv.Mat(), sum: new cv.Mat(),
      kernel: cv.matFromArray(3, 3, cv.CV_32F, [0, -1, 0, -1, 5, -1, 0, -1, 0]), map: cv.matFromArray(3, 3, cv.CV_64F, perspective) };
    const operation = operations[name];
    return {
      run: async (times) => { for (let t = 0; t < times; t++) operation(cv, input, out, more); },
      check: async () => ({ mean: out.data.reduce((sum, pixel) => sum + pixel, 0) / out.data.length })
    };
  }
};
