// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads, removals and unloads of the module at the same time.
 *
 * The tests do not write a table. They use the secrets in the area, and remove
 * all of them. They skip if there are no secrets. The scripts of this folder
 * write their own tables, and the runner starts them later.
 */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "../kselftest_harness.h"
#include "module.h"

#define NAMES_MAX	16
#define READERS		4
#define ROUNDS		50

static char names[NAMES_MAX][NAME_MAX + 1];

static size_t list_secrets(void)
{
	struct dirent *d;
	size_t n = 0;
	DIR *dir = opendir(COCO);

	if (!dir)
		return 0;
	while (n < NAMES_MAX && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			snprintf(names[n++], sizeof(*names), "%s", d->d_name);
	closedir(dir);
	return n;
}

static int open_secret(const char *name, int flags)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), COCO "/%s", name);
	return open(path, flags | O_CLOEXEC);
}

FIXTURE(efi_secret) {
	int fd;
	size_t n;
};

FIXTURE_SETUP(efi_secret)
{
	self->fd = open_module();
	if (self->fd < 0)
		SKIP(return, "no module efi_secret");
	if (load_module(self->fd))
		SKIP(return, "the module does not load here");
	self->n = list_secrets();
	if (!self->n)
		SKIP(return, "no secrets in this guest");
}

FIXTURE_TEARDOWN(efi_secret)
{
	unload_module();
	close(self->fd);
}

/* An inode that outlives the module must not call code of the module. */
TEST_F(efi_secret, path_descriptor_outlives_module)
{
	char path[64], buf[16];
	int fd = open_secret(names[0], O_PATH);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, unload_module());
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EXPECT_EQ(-1, open(path, O_RDONLY));
	EXPECT_EQ(-1, readlink(path, buf, 0));
	close(fd);
	EXPECT_EQ(0, load_module(self->fd));
}

/*
 * Unloads the module while other processes look up names. They do not open
 * files for reading: an open() during the unload of any module makes the VFS
 * print a warning (fs/open.c, do_dentry_open()).
 */
TEST_F_TIMEOUT(efi_secret, unload_while_others_look, 300)
{
	pid_t pids[READERS];

	for (int i = 0; i < READERS; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (pids[i])
			continue;
		for (;;) {
			int fd = open_secret(names[0], O_PATH);
			struct stat st;

			if (fd < 0)
				continue;
			if (fstat(fd, &st) && errno != EIO)
				_exit(1);
			close(fd);
		}
	}
	for (int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, unload_module());
		ASSERT_EQ(0, load_module(self->fd));
		usleep(500);
	}
	for (int i = 0; i < READERS; i++) {
		int status;

		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
		EXPECT_TRUE(WIFSIGNALED(status));
	}
}

struct race {
	const char *name;
	unsigned char *expected;
	ssize_t len;
	atomic_bool wiped;
	atomic_bool torn;
};

/* Each read returns the whole secret or an error, never zeros. */
static void *reader(void *arg)
{
	struct race *race = arg;
	unsigned char *buf = malloc(race->len + 1);
	int fd = open_secret(race->name, O_RDONLY);

	while (buf && fd >= 0) {
		bool wiped = race->wiped;
		ssize_t n = pread(fd, buf, race->len + 1, 0);

		if (n < 0) {
			if (errno != ESTALE)
				race->torn = true;
			break;
		}
		if (wiped || n != race->len ||
		    memcmp(buf, race->expected, n))
			race->torn = true;
	}
	close(fd);
	free(buf);
	return NULL;
}

static void *remover(void *arg)
{
	struct race *race = arg;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), COCO "/%s", race->name);
	return (void *)(long)!unlink(path);
}

/*
 * For each secret: several readers, and two threads that remove the same file.
 * Exactly one of the two succeeds, and no thread hangs.
 */
TEST_F_TIMEOUT(efi_secret, remove_while_others_read, 60)
{
	for (size_t i = 0; i < self->n; i++) {
		struct race race = { .name = names[i] };
		pthread_t readers[READERS], removers[2];
		long removed = 0;
		struct stat st;
		void *res;
		int fd;

		fd = open_secret(names[i], O_RDONLY);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, fstat(fd, &st));
		/*
		 * An empty secret reads the same before and after the removal.
		 */
		if (!st.st_size) {
			close(fd);
			continue;
		}
		race.len = st.st_size;
		race.expected = malloc(race.len);
		ASSERT_EQ(race.len, read(fd, race.expected, race.len));
		for (int j = 0; j < READERS; j++)
			pthread_create(&readers[j], NULL, reader, &race);
		usleep(2000);
		for (int j = 0; j < 2; j++)
			pthread_create(&removers[j], NULL, remover, &race);
		for (int j = 0; j < 2; j++) {
			pthread_join(removers[j], &res);
			removed += (long)res;
		}
		race.wiped = true;
		EXPECT_EQ(1, removed);
		for (int j = 0; j < READERS; j++)
			pthread_join(readers[j], NULL);
		EXPECT_EQ(0, race.torn);
		EXPECT_EQ(-1, pread(fd, race.expected, 1, 0));
		EXPECT_EQ(ESTALE, errno);
		close(fd);
		free(race.expected);
	}
}

TEST_HARNESS_MAIN
