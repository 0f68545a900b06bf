// Builds one classic script and one stylesheet: they are pasted into the page, which must
// also open from file://, where browsers refuse modules.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    minify: true,
    lib: {
      entry: "src/main.ts",
      name: "sozialraum",
      formats: ["iife"],
      fileName: () => "map.js",
      cssFileName: "map",
    },
    rollupOptions: {
      // Leaflet stays a file of its own: folium's map script needs it as the global L.
      external: ["leaflet"],
      output: { globals: { leaflet: "L" } },
    },
  },
});
