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
  "base-uri 'self'; frame-ancestors 'none'; form-action 'self'"

export default defineConfig({
  plugins: [vue(), tailwind()],
  resolve: {
    alias: {
      '@': new URL('./src', import.meta.url).pathname,
      // Without the compiler of messages: ours are functions, see use/texts.ts.
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js',
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
  },
  build: {
    outDir: '../ui-dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // The example data of the repository is part of the pages.
  server: { port: 5173, strictPort: true, proxy, fs: { allow: ['.', '../../examples/data'] } },
  preview: { port: 4173, strictPort: true, proxy, headers: { 'content-security-policy': csp } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0])
