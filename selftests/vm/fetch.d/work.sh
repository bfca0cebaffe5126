# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2030,SC2031 # variables of ../fetch
#
# The scratch folder of ../fetch, and commands whose output goes to a log.
# Takes CCGUEST_CACHE; workdir() sets work.

# workdir: sets work, a scratch folder in the cache, so that a rename publishes
# what was made in it. Called in a subshell, whose end removes the folder.
workdir() {
	cache_dir tmp
	# left behind by runs that were killed
	find "$CCGUEST_CACHE/tmp" -mindepth 1 -maxdepth 1 -mtime +1 \
		-exec rm -rf {} + 2>/dev/null || :
	work=$(mktemp -d "$CCGUEST_CACHE/tmp/fetch.XXXXXX")
	trap leave_workdir EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	chmod 755 "$work"
}

# An EXIT trap under set -e ends at the first command that fails: each of these
# may fail. The exit status stays as it was.
leave_workdir() {
	stop_ticker
	rm -rf -- "$work" || :
}

# quietly LOG COMMAND...: the output goes to a file, shown on failure.
quietly() {
	_log=$1
	shift
	mkdir -p "$(dirname "$_log")"
	if ! "$@" >"$_log" 2>&1 </dev/null; then
		tail -n 40 "$_log" >&2
		return 1
	fi
}
