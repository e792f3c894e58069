// `npm run dev`: serves what the C++ build made (module, photographs, posters) from the last built site, with the headers
// that threads need. The production headers are serve.py's.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { Plugin } from 'vite';
import { dist } from '../../scripts/paths.mjs';

const folders = ['/data/', '/module/', '/photos/', '/posters/'];
const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png', '.json': 'application/json' };

export function built_plugin(): Plugin {
  return {
    name: 'cv-built',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
        const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
        const file = join(dist, path);
        if (!folders.some((folder) => path.startsWith(folder)) || !existsSync(file) || !statSync(file).isFile()) return next();
        response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
      });
    }
  };
}
