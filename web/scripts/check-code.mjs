// Verifies a student's result code: node web/scripts/check-code.mjs convolution-111-9C41-0B7E "Ada Lovelace"
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const [code, name = ''] = process.argv.slice(2);
if (!code) {
  console.error('Usage: node web/scripts/check-code.mjs CODE ["NAME"]');
  process.exit(2);
}
// The page's own source is the only definition of the code; esbuild comes with the site's packages.
const entry = fileURLToPath(new URL('../elements/result_code.ts', import.meta.url));
const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
const { read_code } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
const result = read_code(code, name);
if (!result) {
  console.log('This code does not fit this name, or was mistyped.');
  process.exit(1);
}
const count = result.solved.filter(Boolean).length;
console.log(`${result.lesson}: ${count} of ${result.solved.length} questions solved (${result.solved.map((one) => (one ? 'yes' : 'no')).join(', ')}).`);
