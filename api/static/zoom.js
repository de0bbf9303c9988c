// The zoom buttons of a map in the words of the page, which its element carries. `leaflet` is the library.
export function zoomable(leaflet, map, { zoomIn, zoomOut }) {
  leaflet.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
}
