import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Chrome 90 and Safari 14 are what domestic desktops and older phones carry.
const browsers = ['chrome90', 'safari14']

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: browsers,
    cssTarget: browsers,
    manifest: true,
    // Nothing inline: the server sends `default-src 'self'`.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 5173,
    proxy: { '/api': process.env.SHIAN_API ?? 'http://127.0.0.1:8080' },
  },
})
