import tailwind from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type ProxyOptions } from 'vite'

const server = process.env.LLMOPS_URL ?? 'http://127.0.0.1:8080'
const proxy: Record<string, ProxyOptions> = Object.fromEntries(
  ['/llm-ops', '/v1', '/healthz', '/readyz', '/docs'].map((path) => [path, { target: server, changeOrigin: true }]),
)

/** What the server sends with every page; `vite preview` sends it too, so that a built page is tried under it. */
const csp =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"

/**
 * Parts that go together. Many small files weigh more than few: each is compressed by itself. One for all is more than the first page
 * may weigh. The rest is for the bundler to split by who needs it.
 */
const groups = [
  { name: (id: string) => `texts-${/(\w+)\.json/.exec(id)?.[1]}`, test: /src\/(shell|atoms|lists|session)\/text\//, priority: 5 },
  { name: 'base', tags: ['$initial' as const], priority: 4 },
  { name: 'icons', test: /@lucide/, priority: 3 },
  { name: 'atoms', test: /src\/(use|atoms\/(AsyncView|CopyText|EmptyNote|TimeAgo|Ui(Badge|Button|Code|Field|Facts|Input|Panel|Progress|Status)\.vue))|reka-ui\/dist\/(shared|Field|RovingFocus|VisuallyHidden)\//, priority: 2 },
  { name: 'fields', test: /src\/atoms\/Ui(Checkbox|Select|Switch)\.vue/, priority: 1 },
  { name: 'lists', test: /src\/lists\//, minShareCount: 2 },
]

export default defineConfig({
  plugins: [vue(), tailwind()],
  resolve: {
    alias: {
      '@': new URL('./src', import.meta.url).pathname,
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: '../ui-dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
    reportCompressedSize: false,
  },
  // The example data of the repository is part of the pages.
  server: { port: 5173, strictPort: true, proxy, fs: { allow: ['.', '../../examples/data'] } },
  preview: { port: 4173, strictPort: true, proxy, headers: { 'content-security-policy': csp } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0])
