# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of ../check
#
# Runs the preparations and steps that were selected, and sums up. Takes tier,
# logs, reruns and max_rerun of ../check, and the files that step.sh leaves.

# made PREPARATION...: whether all of them succeeded.
made() {
	for _made; do
		grep -qs ' 0 ' "$logs/prepare-$_made.count" || return 1
	done
}

# prepare PREPARATION...: makes them in this order, except those whose base
# could not be made.
prepare() {
	for need; do
		# shellcheck disable=SC2046 # words
		if made $(base "$need"); then
			"$self" --step "prepare-$need" 8>&- || :
		fi
	done
}

# runnable STEP...: those whose preparations all succeeded.
runnable() {
	for _step; do
		# shellcheck disable=SC2046 # words
		! made $(preparations "$_step") || echo "$_step"
	done
}

# usual_time: of a whole tier, without downloads and builds of kernels.
usual_time() {
	case $tier in
	quick)	echo about 5 minutes ;;
	check)	echo about half an hour ;;
	long)	echo more than an hour ;;
	esac
}

# estimate STEP...: tells how much has to be downloaded and built first.
estimate() {
	# shellcheck disable=SC2046 # words
	selftests/vm/fetch --estimate $(for need in $(preparations "$@"); do
		fetch_words "$need"
	done)
}

# why_not_run STEP|prepare-PREPARATION: the preparations that are missing.
# shellcheck disable=SC2046 # words
why_not_run() {
	case $1 in
	prepare-*)	set -- $(base "${1#prepare-}") ;;
	*)		set -- $(preparations "$1") ;;
	esac
	for need; do
		made "$need" || printf ' prepare-%s' "$need"
	done
}

# sum_up: names the steps that failed or did not run; the last line is the sum.
# Status 1 if anything failed.
sum_up() {
	while read -r step; do
		if [ ! -e "$logs/$step.count" ]; then
			echo 0 1 0
			say "$step: NOT RUN, since this failed or did not run:$(why_not_run "$step")"
			continue
		fi
		cat "$logs/$step.count"
		grep -q ' 0 ' "$logs/$step.count" ||
			say "$step: FAILED, log: $logs/$step.log"
	done <"$logs/selected" >"$logs/counts"
	rerun=$(wc -l <"$reruns")
	cat "$reruns" >&2
	[ "$rerun" -le "$max_rerun" ] || {
		say "more than $max_rerun rerun: this is a failure"
		echo 0 1 0 >>"$logs/counts"
	}
	say "took $(cat "$logs/took") s, $rerun rerun" \
		"(times: selftests/check --times)"
	awk '	{ p += $1; f += $2; s += $3 }
		END {
			printf "%d passed, %d failed, %d skipped\n", p, f, s
			exit f > 0
		}' "$logs/counts"
}

# show_times: the steps of the last run, longest first, and their sum.
show_times() {
	[ -e "$logs/selected" ] || {
		say "no run in $logs"
		return 2
	}
	printf '%-28s %7s %7s\n' STEP WALL CPU
	for file in "$logs"/*.time; do
		[ -e "$file" ] || continue
		_name=${file##*/}
		echo "${_name%.time} $(cat "$file")"
	done | sort -k2nr | awk '
		{ printf "%-28s %6ds %6ds\n", $1, $2, $3; cpu += $3 }
		END { printf "%-28s %7s %6ds\n", "sum", "", cpu }'
	[ ! -e "$logs/took" ] || echo "the whole run: $(cat "$logs/took") s"
}
