if (current) {
  startPicker();
  startLighting();
  startFilters();
  startReview();
  startSaving();
  showReport(current);
  addEventListener("hashchange", openAddress);
  openAddress();
}
