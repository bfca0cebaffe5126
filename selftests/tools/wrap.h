/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls that the linker's --wrap redirects to the unit test, and the original
 * calls.
 */
#ifndef CCGUEST_TEST_WRAP_H
#define CCGUEST_TEST_WRAP_H

#include <dirent.h>
#include <sys/types.h>

ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __real_pwrite64(int fd, const void *buf, size_t n, off_t o);
ssize_t __wrap_pwrite64(int fd, const void *buf, size_t n, off_t o);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_closedir(DIR *d);
int __wrap_closedir(DIR *d);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap___open64_2(const char *path, int flags);
void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_realloc(void *old, size_t n);
char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);
void __real_free(void *p);
void __wrap_free(void *p);
void *__real_mmap64(void *p, size_t n, int prot, int flags, int fd, off_t o);
void *__wrap_mmap64(void *p, size_t n, int prot, int flags, int fd, off_t o);
int __real_munmap(void *p, size_t n);
int __wrap_munmap(void *p, size_t n);
int __real_mlock(const void *p, size_t n);
int __wrap_mlock(const void *p, size_t n);

#endif /* CCGUEST_TEST_WRAP_H */
