// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls in several threads.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "core/ctx.h"
#include "core/parallel.h"

/* Largest number of threads. */
#define WORKERS_MAX	32

/**
 * struct job - a set of calls
 * @fn: the function
 * @arg: its first argument
 * @n: number of calls
 * @next: number of the next call
 */
struct job {
	void (*fn)(void *arg, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
};

static void *work(void *arg)
{
	struct job *job = arg;
	size_t i;

	while ((i = atomic_fetch_add(&job->next, 1)) < job->n)
		job->fn(job->arg, i);
	return NULL;
}

/* The threads that can run at a time; more of them cost time. */
static size_t useful_threads(size_t n)
{
	cpu_set_t cpus;
	size_t max = WORKERS_MAX;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus) &&
	    (size_t)CPU_COUNT(&cpus) < max)
		max = CPU_COUNT(&cpus);
	return n < max ? n : max;
}

/**
 * ccg_parallel - call a function several times, in several threads
 * @n: number of calls
 * @fn: the function; its second argument is the number of the call, from 0
 * @arg: its first argument
 *
 * The calling thread takes part, so that all calls are made even if no other
 * thread can be started.
 */
void ccg_parallel(size_t n, void (*fn)(void *arg, size_t i), void *arg)
{
	struct job job = { .fn = fn, .arg = arg, .n = n };
	pthread_t threads[WORKERS_MAX - 1];
	size_t started = 0, more = useful_threads(n);

	while (started + 1 < more &&
	       !pthread_create(&threads[started], NULL, work, &job))
		started++;
	work(&job);
	while (started)
		pthread_join(threads[--started], NULL);
}
