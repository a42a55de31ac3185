// Says on the page that a key or passkey could not be used; allauth's scripts only tell the console.
document.addEventListener("allauth.error", (event) => {
  const notice = document.getElementById("zt-key-failed");
  if (!notice) return;
  event.preventDefault();
  document.querySelector(".zt-account").prepend(notice);
  notice.hidden = false;
  notice.tabIndex = -1;
  notice.focus();
});
