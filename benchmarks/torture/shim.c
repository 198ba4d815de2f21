/* Makes one fsync fail, as a dying disk does, and lets the next ones say that all is well.
   The file that FAULT_CONTROL names holds a number: at 1 the next fsync fails; above, it counts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int fails(void) {
    char text[16] = {0};
    const char *path = getenv("FAULT_CONTROL");
    int file = path ? open(path, O_RDWR) : -1;
    if (file < 0) return 0;
    long left = read(file, text, sizeof text - 1) > 0 ? atol(text) : 0;
    if (left > 0) {
        int length = 0;
        char digits[16];
        for (long rest = left - 1; rest || !length; rest /= 10) digits[length++] = '0' + rest % 10;
        for (int place = 0; place < length; place++) text[place] = digits[length - 1 - place];
        if (ftruncate(file, 0) || pwrite(file, text, length, 0) < 0) abort();
    }
    close(file);
    return left == 1;
}

int fsync(int file) {
    if (fails()) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    if (fails()) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
