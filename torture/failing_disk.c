/*
 * A disk that fails on wish, for one folder: loaded before the C library (LD_PRELOAD).
 *
 * TORTURE_DISK_FOLDER  files under it are watched
 * TORTURE_DISK_SWITCH  a file whose first byte says what fails: 'w' writes with an I/O error,
 *                      's' fsync and fdatasync, 'i' writes to all but hooks.db and its log for
 *                      lack of space, 'r' every change, as on a disk that became read-only;
 *                      anything else: nothing
 * TORTURE_DISK_TRACE   a file to which every write and sync of hooks.db and its log is told, each
 *                      record appended in one write: operation, file, id, offset, length, bytes
 *
 * A sync that fails is not carried out: like a kernel that lost the pages, it leaves them unwritten.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_FILES = 65536, FOREIGN = 0, WATCHED = 1, BESIDE = 2, DATABASE = 3, LOG = 4 };

static unsigned char kinds[MOST_FILES];
static const volatile char *wish = "-";
static char folder[PATH_MAX];
static size_t folder_length;
static int trace = -1;
static uint32_t syncs;

struct record {
    char operation, file;
    uint16_t unused;
    uint32_t process;
    uint64_t id, offset, length;
};

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TORTURE_DISK_SWITCH");
    const char *watched = getenv("TORTURE_DISK_FOLDER");
    const char *told = getenv("TORTURE_DISK_TRACE");
    if (!path || !watched || !realpath(watched, folder)) return;
    folder_length = strlen(folder);
    int control = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (control >= 0) {
        void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, control, 0);
        if (page != MAP_FAILED) wish = page;
        syscall(SYS_close, control);
    }
    if (told) {
        int opened = (int)syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_APPEND | O_CLOEXEC);
        trace = fcntl(opened, F_DUPFD_CLOEXEC, 60000); /* out of the way of everybody's numbers */
        if (trace < 0) trace = opened; else syscall(SYS_close, opened);
    }
}

static int is_under(const char *path) {
    return folder_length && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/* What a path names, relative ones and links resolved by the folder that they stand in. */
static int kind_of(int at, const char *path) {
    char start[PATH_MAX], whole[2 * PATH_MAX];
    if (!folder_length || !path) return FOREIGN;
    if (path[0] == '/') {
        strncpy(whole, path, sizeof whole - 1);
        whole[sizeof whole - 1] = 0;
    } else {
        char link[64];
        ssize_t length = -1;
        if (at == AT_FDCWD) {
            if (getcwd(start, sizeof start)) length = (ssize_t)strlen(start);
        } else {
            strcpy(link, "/proc/self/fd/");
            char digits[16]; int place = 15; digits[15] = 0;
            for (int n = at; place && (n || place == 15); n /= 10) digits[--place] = (char)('0' + n % 10);
            strcat(link, digits + place);
            length = readlink(link, start, sizeof start - 1);
        }
        if (length < 0) return FOREIGN;
        start[length] = 0;
        strcpy(whole, start);
        strcat(whole, "/");
        strncat(whole, path, PATH_MAX - 1);
    }
    if (!is_under(whole)) return FOREIGN;
    const char *name = strrchr(whole, '/') + 1;
    if (!strcmp(name, "hooks.db")) return DATABASE;
    if (!strcmp(name, "hooks.db-wal")) return LOG;
    return strncmp(name, "hooks.db", 8) ? WATCHED : BESIDE;
}

static int kind(int file) { return file >= 0 && file < MOST_FILES ? kinds[file] : FOREIGN; }

static int is_read_only(int watched) { return watched && *wish == 'r'; }

/* The error that a write to a file meets, 0 for none. */
static int trouble(int file) {
    if (!kind(file)) return 0;
    if (*wish == 'i') return kind(file) == WATCHED ? ENOSPC : 0;
    return *wish == 'w' ? EIO : *wish == 'r' ? EROFS : 0;
}

static void tell(char operation, int what, uint64_t id, uint64_t offset, const void *data, uint64_t length) {
    int before = errno;
    if (trace < 0 || what < DATABASE) return;
    struct record head = {operation, (char)(what == DATABASE ? 'd' : 'l'), 0, (uint32_t)getpid(), id, offset, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, data ? length : 0}};
    syscall(SYS_writev, trace, parts, 2);
    errno = before;
}

static int refuse(int error) { errno = error; return -1; }

static int opened(int file, int at, const char *path) {
    if (file >= 0 && file < MOST_FILES) kinds[file] = (unsigned char)kind_of(at, path);
    return file;
}

static int is_change(int flags) { return flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC); }

static int open_any(int at, const char *path, int flags, mode_t mode) {
    int watched = kind_of(at, path);
    if (is_read_only(watched) && is_change(flags)) return refuse(EROFS);
    if (watched == WATCHED && *wish == 'i' && (flags & O_CREAT) && faccessat(at, path, F_OK, 0)) return refuse(ENOSPC);
    return opened((int)syscall(SYS_openat, at, path, flags, mode), at, path);
}

#define MODE va_list rest; va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; va_end(rest);

int open(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode); }

int close(int file) {
    if (file >= 0 && file < MOST_FILES) kinds[file] = FOREIGN;
    return REAL(close)(file);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    int error = trouble(file);
    if (error) return refuse(error);
    ssize_t done = REAL(pwrite64)(file, data, length, offset);
    if (done > 0) tell('W', kind(file), 0, (uint64_t)offset, data, (uint64_t)done);
    return done;
}
ssize_t pwrite(int file, const void *data, size_t length, off_t offset) { return pwrite64(file, data, length, offset); }

ssize_t write(int file, const void *data, size_t length) {
    int error = trouble(file);
    if (error) return refuse(error);
    ssize_t done = REAL(write)(file, data, length);
    if (done > 0 && kind(file) >= DATABASE)
        tell('W', kind(file), 0, (uint64_t)(lseek(file, 0, SEEK_CUR) - done), data, (uint64_t)done);
    return done;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    int error = trouble(file);
    return error ? refuse(error) : REAL(writev)(file, parts, count);
}

int ftruncate64(int file, off64_t length) {
    if (is_read_only(kind(file))) return refuse(EROFS);
    int done = REAL(ftruncate64)(file, length);
    if (!done) tell('T', kind(file), 0, (uint64_t)length, NULL, 0);
    return done;
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int sync_file(int file, int (*carry_out)(int)) {
    uint64_t id = __atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
    tell('B', kind(file), id, 0, NULL, 0);
    if (kind(file) && *wish == 's') {
        tell('X', kind(file), id, 0, NULL, 0);
        return refuse(EIO);
    }
    int done = carry_out(file);
    tell(done ? 'X' : 'S', kind(file), id, 0, NULL, 0);
    return done;
}
int fsync(int file) { return sync_file(file, REAL(fsync)); }
int fdatasync(int file) { return sync_file(file, REAL(fdatasync)); }

int rename(const char *from, const char *to) {
    return is_read_only(kind_of(AT_FDCWD, to)) ? refuse(EROFS) : REAL(rename)(from, to);
}
int unlink(const char *path) {
    int what = kind_of(AT_FDCWD, path);
    if (is_read_only(what)) return refuse(EROFS);
    int done = REAL(unlink)(path);
    if (!done) tell('D', what, 0, 0, NULL, 0);
    return done;
}
int mkdir(const char *path, mode_t mode) {
    return is_read_only(kind_of(AT_FDCWD, path)) ? refuse(EROFS) : REAL(mkdir)(path, mode);
}
