import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Phones of officers: Chrome 90 and Safari 14 at the least, as at the desk.
const browsers = ['chrome90', 'safari14']
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: '/field/',
  plugins: [vue()],
  // what both front ends say to the server is written once
  resolve: { alias: { '@console': here('../console/src'), '@': here('./src') } },
  build: {
    target: browsers,
    cssTarget: browsers,
    manifest: true,
    // Nothing inline: the server sends `default-src 'self'`.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    port: 5174,
    fs: { allow: [here('.'), here('../console/src')] },
    proxy: { '/api': process.env.SHIAN_API ?? 'http://127.0.0.1:8080' },
  },
})
