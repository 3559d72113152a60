if (current) {
  startPicker();
  startLighting();
  startFilters();
  startReview();
  startSaving();
  showSection(current);
  addEventListener("hashchange", openAddress);
  openAddress();
}
