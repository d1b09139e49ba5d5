// Refuses hard links and fsync of folders, as exFAT, CIFS and FUSE do. LINK_ERROR and FOLDER_SYNC_ERROR hold numbers of errno.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int refused(const char *name) {
  const char *code = getenv(name);
  if (code) errno = atoi(code);
  return code != NULL;
}

int link(const char *from, const char *to) {
  if (refused("LINK_ERROR")) return -1;
  return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "link"))(from, to);
}

int fsync(int descriptor) {
  struct stat entry;
  if (fstat(descriptor, &entry) == 0 && S_ISDIR(entry.st_mode) && refused("FOLDER_SYNC_ERROR")) return -1;
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}
