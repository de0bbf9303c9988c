// Offers the device's own position where it has one. Everything else on the page works without this.
const offer = document.getElementById("by-device");
const button = document.getElementById("locate");
const sorry = document.getElementById("no-position");

if ("geolocation" in navigator && window.isSecureContext) {
  offer.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    sorry.hidden = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = { lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6) };
        const rough = coords.accuracy > 50;
        // A rough position is a beginning: the map asks to be clicked on. A sure one needs nothing more.
        const where = rough ? { ...at, metres: Math.ceil(coords.accuracy * 2) } : { ...at, metres: 150, mark: 1 };
        location.href = `/public/report?${new URLSearchParams(where)}`;
      },
      () => {
        button.disabled = false;
        sorry.hidden = false;
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}
